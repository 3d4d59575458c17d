/**
 * Training steps beside PyTorch's, measured in turn.
 *
 * A line per target: name, what was measured, the bound, and whether it holds; behind it both figures and the machine's load.
 * Without PyTorch the ratios to it are not known. Figures count on a quiet machine only; all lines take about ten minutes
 * there.
 *
 * Usage: `deno task bench:train [--only TEXT] [--rounds 3] [--json FILE] [--python FILE]`; `--only` takes parts of names,
 * separated by commas. Rows that need more threads than there are cores are left out.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { type Row, ROWS, SMALL_OPERATIONS } from "./train_rows.ts";
import { hasPyTorch, Side } from "./train_side.ts";
import type { WorkloadAnswer } from "./train_workloads.ts";

const REPEATS = 2, WARM_UP = 2;
/** Shorter steps are repeated until they take this long together, in milliseconds. */
const LEAST_TIME = 400, MOST_REPEATS = 40;

const flags = parseArgs(Deno.args, { string: ["only", "json", "python", "rounds"] }) as Record<
  string,
  string | undefined
>;
const rounds = Math.max(1, Math.floor(Number(flags.rounds ?? 3)) || 3);
const wanted = flags.only?.split(",") ?? [""];
const python = flags.python ?? "python3", withPyTorch = await hasPyTorch(python);
if (!withPyTorch) console.log("# PyTorch is not installed: ratios to it are not known");

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1];

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

/** Asks both sides in turn, so that other work on the machine disturbs both alike; the peer's figures may be missing. */
async function measure({ ours, peer }: Row): Promise<[Figures, Figures | null]> {
  const runs = [{ side: Side.ours(), workload: ours }];
  if (peer === "PyTorch") {
    if (withPyTorch) runs.push({ side: Side.pyTorch(python), workload: ours });
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

const results: Record<string, unknown>[] = [];
const measuredRuns = new Map<string, [Figures, Figures | null]>(); // rows of the same runs share them
for (const row of ROWS) {
  if (!wanted.some((part) => row.name.includes(part)) || row.ours.threads > navigator.hardwareConcurrency) {
    continue;
  }
  const [loadBefore] = Deno.loadavg();
  const key = JSON.stringify([row.ours, row.peer]);
  const [ours, peer] = measuredRuns.get(key) ?? await measure(row);
  measuredRuns.set(key, [ours, peer]);
  const what = row.measure === "memory" ? "peak" : "time", unit = row.measure === "memory" ? "MB" : "ms";
  const measured = row.measure === "microseconds"
    ? ours.time / SMALL_OPERATIONS * 1000
    : ours[what] / (peer?.[what] ?? NaN);
  const verdict = Number.isNaN(measured) ? "unknown" : measured <= row.bound ? "ok" : "short";
  const beside = peer === null ? "" : ` beside ${peer[what].toFixed(1)} ${unit}`;
  console.log(
    `${row.name}  ${measured.toFixed(3)}  ≤ ${row.bound}  ${verdict}  ` +
      `(${ours[what].toFixed(1)} ${unit}${beside}; load ${loadBefore.toFixed(1)})`,
  );
  const { name, bound } = row;
  results.push({
    name,
    measured,
    bound,
    verdict,
    ours: ours[what],
    peer: peer?.[what] ?? null,
    unit,
    loadBefore,
  });
}
if (flags.json) await Deno.writeTextFile(flags.json, JSON.stringify(results, null, 2) + "\n");
