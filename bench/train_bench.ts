/**
 * Training steps beside PyTorch's, measured in turn.
 *
 * A line per target: name, what was measured, the bound, and whether it holds; behind it both figures and the machine's load.
 * Without PyTorch the ratios to it are not known. Figures count on a quiet machine only; all lines take about ten minutes
 * there.
 *
 * Rows that need more threads than there are cores are left out.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { median } from "../lib/core/median.ts";
import { type Row, ROWS, SMALL_OPERATIONS } from "./train_rows.ts";
import { hasPyTorch, Side } from "./train_side.ts";
import type { WorkloadAnswer } from "./train_workloads.ts";

const REPEATS = 2, WARM_UP = 2;
/** Shorter steps are repeated until they take this long together, in milliseconds. */
const LEAST_TIME = 400, MOST_REPEATS = 40;

/** The task `bench:train`. */
export const benchTrain = defineCommand({
  name: "bench:train",
  doc: "Time and memory of training steps beside PyTorch's, where that is installed.",
  options: {
    only: option.list({ doc: "Parts of the names of rows; all rows if left out." }),
    rounds: option.integer({ default: 3, minimum: 1, doc: "Rounds; both sides in turn." }),
    python: option.text({ default: "python3", doc: "Python with PyTorch." }),
    json,
  },
  async run({ only, rounds, python, json }, { print }) {
    const wanted = ROWS.filter(({ name }) => only?.some((part) => name.includes(part)) ?? true);
    if (wanted.length === 0) {
      throw new UserError(
        `No row has a name with ${only!.join(" or ")}: ${ROWS.map(({ name }) => name).join("; ")}.`,
      );
    }
    const peer = await hasPyTorch(python) ? python : null;
    if (peer === null) print(`# PyTorch is not installed for ${python}: ratios to it are not known`);
    const results: ReturnType<typeof resultOf>[] = [];
    const measured = new Map<string, Measured>(); // rows of the same runs share them
    for (const row of wanted) {
      if (row.ours.threads > navigator.hardwareConcurrency) continue;
      const [loadBefore] = Deno.loadavg();
      const key = JSON.stringify([row.ours, row.peer]),
        found = measured.get(key) ?? await measure(row, rounds, peer);
      measured.set(key, found);
      const result = resultOf(row, found, loadBefore);
      print(lineOf(result));
      results.push(result);
    }
    if (json) await writeJsonAtomic(json, results);
  },
});

/** Sum over the steps of their median times. */
function typicalTime(answers: readonly WorkloadAnswer[]): number {
  return Object.keys(answers[0].times).reduce(
    (sum, name) => sum + median(answers.flatMap(({ times }) => [...times[name]])),
    0,
  );
}

/** Time and peak memory of a run. */
interface Figures {
  readonly time: number;
  readonly peak: number;
}

/** Figures of our side and of the peer, which may be missing. */
type Measured = readonly [Figures, Figures | null];

/** Asks both sides in turn, so that other work on the machine disturbs both alike. */
async function measure({ ours, peer }: Row, rounds: number, python: string | null): Promise<Measured> {
  const runs = [{ side: Side.ours(), workload: ours }];
  if (peer === "PyTorch") {
    if (python !== null) runs.push({ side: Side.pyTorch(python), workload: ours });
  } else if (peer !== null) runs.push({ side: Side.ours(), workload: peer });
  const repeats: number[] = [], answers: WorkloadAnswer[][] = runs.map(() => []);
  for (const { side, workload } of runs) {
    const time = typicalTime([await side.ask({ ...workload, repeats: WARM_UP })]);
    repeats.push(Math.min(MOST_REPEATS, Math.max(REPEATS, Math.ceil(LEAST_TIME / time))));
  }
  for (let round = 0; round < rounds; round++) {
    for (const [i, { side, workload }] of runs.entries()) {
      answers[i].push(await side.ask({ ...workload, repeats: repeats[i] }));
    }
  }
  for (const { side } of runs) await side.close();
  const figures = answers.map((all): Figures => ({
    time: typicalTime(all),
    peak: all.at(-1)!.peakMegabytes,
  }));
  return [figures[0], figures[1] ?? null];
}

/** What a row came to, held against its bound. */
function resultOf({ name, bound, measure }: Row, [ours, peer]: Measured, loadBefore: number) {
  const what = measure === "memory" ? "peak" : "time", unit = measure === "memory" ? "MB" : "ms";
  const measured = measure === "microseconds"
    ? ours.time / SMALL_OPERATIONS * 1000
    : peer && ours[what] / peer[what];
  const verdict = measured === null ? "unknown" : measured <= bound ? "ok" : "short";
  return { name, measured, bound, verdict, ours: ours[what], peer: peer?.[what] ?? null, unit, loadBefore };
}

function lineOf(
  { name, measured, bound, verdict, ours, peer, unit, loadBefore }: ReturnType<typeof resultOf>,
) {
  const beside = peer === null ? "" : ` beside ${peer.toFixed(1)} ${unit}`;
  return `${name}  ${measured?.toFixed(3) ?? "-"}  ≤ ${bound}  ${verdict}  ` +
    `(${ours.toFixed(1)} ${unit}${beside}; load ${loadBefore.toFixed(1)})`;
}

if (import.meta.main) await runCommand(benchTrain);
