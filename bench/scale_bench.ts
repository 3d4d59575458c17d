/**
 * What several processes bring, one thread each: `deno task bench:scale`.
 *
 * One process and several take turns; what counts is the median of the ratios of all turns. On a machine that does other work
 * at the same time the figures are too low.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { measureLine } from "../cli/measure.ts";
import { MPIEXEC_PATHS } from "../cli/start_ranks.ts";
import { UserError } from "../lib/core/errors.ts";
import { median } from "../lib/core/median.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";

/** Result of one job. */
interface Measured {
  readonly perSecond: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

/** Least ratios of images a second, of two processes against one. */
const BOUNDS = { pose: 1.8, gan: 1.6 } as const;
/** Most bytes that a process may hold on to for each photograph whose poses are done; the poses themselves take 1,600. */
const MOST_BYTES = 200;
/** Images for which that is measured. */
const MEMORY_IMAGES = 2000;

function mpiexec(): string {
  for (const path of MPIEXEC_PATHS) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      continue;
    }
  }
  throw new UserError(`Cannot measure several processes: there is no mpiexec (${MPIEXEC_PATHS.join(", ")}).`);
}

/** Runs a program in processes and returns what it prints last. */
async function runProcesses<T>(ranks: number, program: string, flags: string[], args: string[]): Promise<T> {
  const path = new URL(program, import.meta.url).pathname;
  const permissions = ["--no-check", "--allow-read", "--allow-env", "--allow-sys", "--allow-ffi", ...flags];
  const { code, stdout, stderr } = await new Deno.Command(mpiexec(), {
    args: ["-n", `${ranks}`, Deno.execPath(), "run", ...permissions, path, ...args],
    env: ONE_THREAD,
  }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new UserError(`${program} failed: ${new TextDecoder().decode(stderr)}${text}`);
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

const measure = (ranks: number, kind: string, items: number) =>
  runProcesses<Measured>(ranks, "scale_job.ts", [], [kind, `${items}`]);

/** Bytes that each of some processes holds on to for an image. */
const measureMemory = (ranks: number) =>
  runProcesses<{ bytesPerImage: number }>(
    ranks,
    "scale_memory_job.ts",
    ["--allow-write", "--v8-flags=--expose-gc"],
    [`${MEMORY_IMAGES}`],
  );

/** For libraries that would start threads of their own, and for OpenMPI, which does not trust root. */
const ONE_THREAD = {
  OMP_NUM_THREADS: "1",
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
};

/** The task `bench:scale`. */
export const benchScale = defineCommand({
  name: "bench:scale",
  doc:
    "Images a second of pose estimation and GAN training with several processes of one thread, against one process, " +
    "and what poses hold in memory.",
  options: {
    kinds: option.choices({
      default: ["pose", "gan", "memory"],
      choices: ["pose", "gan", "memory"],
      doc: "What is measured.",
    }),
    ranks: option.integer({ default: 2, minimum: 2, doc: "Number of processes; the targets are for 2." }),
    rounds: option.integer({ default: 5, minimum: 1, doc: "Turns of one and several processes." }),
    images: option.integer({ default: 96, minimum: 8, doc: "Images of pose estimation." }),
    cycles: option.integer({ default: 6, minimum: 1, doc: "Generator and discriminator steps." }),
    json,
  },
  async run({ kinds, ranks, rounds, images, cycles, json }, { print }) {
    const report: Record<string, unknown> = {};
    for (const kind of (kinds as string[]).filter((kind) => kind !== "memory") as (keyof typeof BOUNDS)[]) {
      const items = kind === "pose" ? images : cycles;
      const one: Measured[] = [], several: Measured[] = [];
      for (let round = 0; round < rounds; round++) {
        one.push(await measure(1, kind, items));
        several.push(await measure(ranks, kind, items));
      }
      const medianOf = (list: Measured[], key: keyof Measured) => median(list.map((one) => one[key]));
      const ratios = (key: keyof Measured) => median(several.map((figures, i) => figures[key] / one[i][key]));
      const ratio = ratios("perSecond"), byProcessorTime = 1 / ratios("processorSeconds");
      print(measureLine(`${kind}: images/s of 1 process`, medianOf(one, "perSecond")));
      print(measureLine(`${kind}: images/s of ${ranks} processes`, medianOf(several, "perSecond")));
      const bound = ranks === 2 ? BOUNDS[kind] : undefined;
      print(measureLine(`${kind}: ${ranks} processes against 1`, ratio, bound, true));
      print(measureLine(`${kind}: the same by processor time, which other work slows less`, byProcessorTime));
      print(measureLine(`${kind}: memory of a process, of ${ranks} against 1`, ratios("megabytes")));
      report[kind] = { ranks, one, several, ratio, byProcessorTime };
    }
    if (kinds.includes("memory")) {
      for (const count of [1, ranks]) {
        const { bytesPerImage } = await measureMemory(count);
        print(measureLine(`memory: bytes held for an image, ${count} processes`, bytesPerImage, MOST_BYTES));
        report[`memory${count}`] = { bytesPerImage };
      }
    }
    const load = Deno.loadavg()[0];
    print(`load of the machine at the end: ${load.toFixed(1)}`);
    if (json) await writeJsonAtomic(json, { ...report, load });
  },
});

if (import.meta.main) await runCommand(benchScale);
