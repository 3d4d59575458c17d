/**
 * Speed of the renderer: the workload and the rules of the rasteriser benchmark.
 *
 * Prints milliseconds an image, forward and backward, on one worker and on all; the time of the pose load; what the tensor
 * operation adds; and, where the peer DEODR is installed (`pip install deodr trimesh`), how many times as long the peer takes,
 * measured in the same run in turn: medians of the rounds.
 *
 * Usage: `deno task bench:render [--rounds 3] [--repeats 3] [--only silhouette,textured,pool,bridge] [--json FILE]`. Reads the
 * workload in the folder `TEXMESH_BENCH` (default `../shared/bench`); without it, spheres are rendered and only timed. Figures
 * count on a quiet machine only. Ends with status 1 if a bound is not met.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { defaultWorkerCount } from "../lib/core/worker_pool.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { DeodrPeer } from "./peers/deodr.ts";
import { measureBridge } from "./render/bridge.ts";
import { measureSilhouettes, measureTextured, type Round } from "./render/measure.ts";
import { HYPOTHESES, POSE_STEPS, PoseLoad } from "./render/pose_load.ts";
import { Report } from "./render/report.ts";
import { median } from "./render/timing.ts";
import { loadWorkload } from "./render/workload.ts";

/** Check values of the workload: mean loss and mean L1 norm of the gradient, from two independent implementations. */
const CHECKS: Readonly<Record<number, readonly [number, number]>> = {
  128: [0.148877, 1.2881],
  192: [0.149953, 1.2908],
  256: [0.1505, 1.284],
};
/** How many times as long the peer is to take. */
const RATIOS: Readonly<Record<number, number>> = { 128: 2, 192: 1.5, 256: 1.15 };
const TEXTURED_RATIOS: Readonly<Record<number, number>> = { 256: 2.5, 512: 1.7 };
const POSE_LOAD_RATIO = 1.4, TWO_WORKERS = 1.8, BRIDGE = 0.1;

const args = parseArgs(Deno.args, { string: ["json", "rounds", "repeats", "only"] });
const text = (value: unknown) => typeof value === "string" && value !== "" ? value : undefined;
const wholeNumber = (value: unknown, fallback: number) => Math.max(1, Math.floor(Number(value)) || fallback);
const rounds = wholeNumber(args.rounds, 3), repeats = wholeNumber(args.repeats, 3);
const only = text(args.only)?.split(","), json = text(args.json);
const wants = (part: string) => only?.includes(part) ?? true;
const folder = Deno.env.get("TEXMESH_BENCH") ?? new URL("../../shared/bench", import.meta.url).pathname;
const workload = await loadWorkload(folder);
const report = new Report();
const peer = workload.path === null ? "the workload is missing" : await DeodrPeer.start(workload.path);
if (typeof peer === "string") console.log(`# no ratios: ${peer}`);
console.log(
  `# load ${Deno.loadavg().map((x) => x.toFixed(2)).join(" ")}, ${rounds} rounds of ${repeats} repeats`,
);
if (wants("silhouette")) await benchSilhouettes();
if (wants("textured")) await benchTextured();
if (peer instanceof DeodrPeer) await peer.stop();
if (wants("pool")) await benchPool();
if (wants("bridge")) await benchBridge();
if (json) await writeJsonAtomic(json, report.lines);
Deno.exit(report.lines.some(({ ok }) => ok === false) ? 1 : 0);

/** Ours and the peer in turn; the rounds of both. */
async function inTurn(sizes: readonly number[], textured: boolean, ours: (size: number) => Round) {
  const mine = new Map<number, Round[]>(), theirs = new Map<number, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      mine.set(size, [...mine.get(size) ?? [], ours(size)]);
      if (!(peer instanceof DeodrPeer)) continue;
      const { ms } = await peer.measure({ size, textured, repeats });
      theirs.set(size, [...theirs.get(size) ?? [], ms.reduce((sum, x) => sum + x, 0) / ms.length]);
    }
  }
  return sizes.map((size) => {
    const all = mine.get(size)!, peers = theirs.get(size);
    const middle = (of: (round: Round) => number) => median(all.map(of));
    return {
      size,
      forward: middle((round) => round.forward),
      backward: middle((round) => round.backward),
      sum: middle((round) => round.sum),
      loss: all[0].loss,
      gradient: all[0].gradient,
      peer: peers ? median(peers) : null,
    };
  });
}

async function benchSilhouettes(): Promise<void> {
  const sizes = POSE_STEPS.map(([size]) => size);
  const results = await inTurn(sizes, false, (size) => measureSilhouettes(workload, size, repeats, "auto"));
  for (const { size, forward, backward, sum, loss, gradient, peer } of results) {
    const [lossBound, gradientBound] = workload.path ? CHECKS[size] : [null, null];
    report.add(`silhouette ${size} forward ms`, forward);
    report.add(`silhouette ${size} backward ms`, backward);
    report.add(`silhouette ${size} ms`, sum);
    report.add(`silhouette ${size} loss`, loss, lossBound, { within: 1e-6 });
    report.add(`silhouette ${size} gradient norm`, gradient, gradientBound, { within: 1e-4 });
    report.add(`silhouette ${size} DEODR ms`, peer);
    report.add(`silhouette ${size} DEODR / ours`, peer === null ? null : peer / sum, RATIOS[size]);
  }
  const load = (of: (result: typeof results[number]) => number) =>
    results.reduce((sum, result, i) => sum + POSE_STEPS[i][1] * HYPOTHESES * of(result) / 1000, 0);
  report.add("pose load s", load(({ sum }) => sum));
  if (results.every(({ peer }) => peer !== null)) {
    report.add("pose load DEODR s", load(({ peer }) => peer!));
    report.add("pose load DEODR / ours", load(({ peer }) => peer!) / load(({ sum }) => sum), POSE_LOAD_RATIO);
  }
  for (const size of sizes) {
    const { sum } = measureSilhouettes(workload, size, repeats, "typescript");
    report.add(`silhouette ${size} TypeScript ms`, sum);
  }
}

async function benchTextured(): Promise<void> {
  const sizes = [256, 512];
  for (
    const { size, forward, backward, sum, peer } of await inTurn(
      sizes,
      true,
      (size) => measureTextured(workload, size, repeats),
    )
  ) {
    report.add(`textured ${size} forward ms`, forward);
    report.add(`textured ${size} backward ms`, backward);
    report.add(`textured ${size} ms`, sum);
    report.add(`textured ${size} DEODR ms`, peer);
    report.add(`textured ${size} DEODR / ours`, peer === null ? null : peer / sum, TEXTURED_RATIOS[size]);
  }
}

async function benchPool(): Promise<void> {
  const counts = [...new Set([1, 2, defaultWorkerCount()])];
  const loads = await Promise.all(counts.map((workers) => PoseLoad.start(workload, workers)));
  const seconds = counts.map(() => Infinity), sums = new Set<number>();
  for (let round = -1; round < rounds; round++) {
    for (const [i, load] of loads.entries()) {
      const result = await load.run();
      sums.add(result.sum);
      if (round >= 0) seconds[i] = Math.min(seconds[i], result.seconds);
    }
  }
  counts.forEach((workers, i) => report.add(`pose load, workers ${workers}: s`, seconds[i]));
  if (counts.includes(2)) {
    report.add("pose load, 2 workers / 1", seconds[0] / seconds[counts.indexOf(2)], TWO_WORKERS);
  }
  report.add("pose load, different results", sums.size, 1, "at most");
  for (const [size] of POSE_STEPS) {
    const ms = await loads[loads.length - 1].measure(size, 8 * counts[counts.length - 1]);
    report.add(`silhouette ${size}, workers ${counts[counts.length - 1]}: ms`, ms);
  }
  loads.forEach((load) => load.close());
}

async function benchBridge(): Promise<void> {
  for (const size of [128, 256]) {
    const times = await measureBridge(workload, size, 5 * rounds);
    if (times === null) return console.log("# the backend native does not work here");
    report.add(`bridge on native ${size}, kernels ms`, times.kernels);
    report.add(`bridge on native ${size}, operation ms`, times.operation);
    report.add(
      `bridge on native ${size}, added share`,
      times.operation / times.kernels - 1,
      BRIDGE,
      "at most",
    );
  }
}
