/**
 * Whole training steps of the reconstruction, renderer included, beside PyTorch's step of the network alone, measured in
 * turn.
 *
 * The bound is on the step less the time of our renderer, in PyTorch's time. Needs the native backend; without PyTorch the
 * ratio is not known. Figures count on a quiet machine only.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { reconstructionWork } from "./reconstruction_work.ts";
import { median } from "../lib/core/median.ts";
import { hasPyTorch, Side } from "./train_side.ts";

const SIZE = 256, ROUNDS = 5, REPEATS = 2, WARM_UP = 3, BOUND = 0.75, PYTHON = "python3";

/** The task `bench:reconstruction`. */
export const benchReconstruction = defineCommand({
  name: "bench:reconstruction",
  doc:
    "Time of a whole training step of the reconstruction beside PyTorch's network, where that is installed.",
  options: {
    batch: option.integer({ default: 4, minimum: 2, doc: "Photographs in a batch." }),
    threads: option.integer({ default: 2, minimum: 1, doc: "Threads of both sides." }),
    json,
  },
  async run({ batch, threads, json }, { print }) {
    await useBackend({ backend: "native", threads });
    const { train, render } = reconstructionWork(SIZE, batch);
    const peer = await hasPyTorch(PYTHON) ? Side.pyTorch(PYTHON) : null;
    if (peer === null) print("# PyTorch is not installed: the ratio to it is not known");
    const request = { workload: "reconstruction", size: SIZE, batch, threads, precision: "float32" } as const;
    const whole: number[] = [], rendering: number[] = [], theirs: number[] = [];
    timesOf(train, WARM_UP);
    timesOf(render, WARM_UP);
    await peer?.ask({ ...request, repeats: WARM_UP });
    for (let round = 0; round < ROUNDS; round++) {
      whole.push(...timesOf(train, REPEATS));
      rendering.push(...timesOf(render, REPEATS));
      if (peer) theirs.push(...(await peer.ask({ ...request, repeats: REPEATS })).times.step);
    }
    await peer?.close();
    const step = median(whole), renderer = median(rendering), torch = peer ? median(theirs) : null;
    const ratio = torch === null ? null : (step - renderer) / torch;
    const verdict = ratio === null ? "unknown" : ratio <= BOUND ? "ok" : "short";
    print(
      `reconstruction step less the renderer, ${SIZE} px, batch ${batch}, ${threads} threads  ` +
        `${ratio?.toFixed(2) ?? "-"}  ≤ ${BOUND}  ${verdict} (step ${step.toFixed(0)} ms, of it renderer ` +
        `${renderer.toFixed(0)} ms, PyTorch's network ${torch?.toFixed(0) ?? "-"} ms)`,
    );
    const imagesPerSecond = 1000 * batch / step;
    print(`reconstruction training, images/s  ${imagesPerSecond.toFixed(1)}  -  ok`);
    const results = { ratio, bound: BOUND, verdict, step, renderer, torch, imagesPerSecond };
    if (json) await writeJsonAtomic(json, results);
  },
});

/** Milliseconds of each of `count` runs. */
function timesOf(run: () => void, count: number): number[] {
  return Array.from({ length: count }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
}

if (import.meta.main) await runCommand(benchReconstruction);
