/**
 * The parts of the render bench.
 *
 * @module
 */
import { defaultWorkerCount } from "../../lib/core/worker_pool.ts";
import type { DeodrPeer } from "../peers/deodr.ts";
import { measureBridge } from "./bridge.ts";
import { measureSilhouettes, measureTextured, type Round } from "./measure.ts";
import { measureMesh, type MeshRound } from "./mesh.ts";
import { benchMeshPeers } from "./mesh_peers.ts";
import { HYPOTHESES, POSE_STEPS, PoseLoad } from "./pose_load.ts";
import type { Report } from "./report.ts";
import { median } from "../../lib/core/median.ts";
import type { Workload } from "./workload.ts";

/** Check values of the workload: mean loss and mean L1 norm of the gradient, from two independent implementations. */
const CHECKS: Readonly<Record<number, readonly [number, number]>> = {
  128: [0.148877, 1.2881],
  192: [0.149953, 1.2908],
  256: [0.1505, 1.284],
};
/** How many times as long the peer is to take. */
const RATIOS: Readonly<Record<number, number>> = { 128: 2, 192: 1.5, 256: 1.15 };
const TEXTURED_RATIOS: Readonly<Record<number, number>> = { 256: 2.5, 512: 1.7 };
/** How many times as long as the sphere's renderer that of any UV map may take. */
const MESH_RATIO = 1.1, MESH_SIZES = [256, 512] as const;
const POSE_LOAD_RATIO = 1.4, TWO_WORKERS = 1.8, BRIDGE = 0.1;

/** What the parts share. */
export interface RenderBench {
  /** What is rendered. */
  readonly workload: Workload;
  /** The peer, where it is installed. */
  readonly peer: DeodrPeer | null;
  /** Receives the lines. */
  readonly report: Report;
  /** Rounds; ours and the peer in turn. */
  readonly rounds: number;
  /** Repeats of a round, of which the fastest counts. */
  readonly repeats: number;
}

/** The parts by the names that `--only` takes. */
export const RENDER_PARTS = {
  silhouette: benchSilhouettes,
  textured: benchTextured,
  mesh: benchMesh,
  pool: benchPool,
  bridge: benchBridge,
} as const satisfies Record<string, (bench: RenderBench) => Promise<void>>;

/** Ours and the peer in turn; the rounds of both. */
async function inTurn(
  { peer, rounds, repeats }: RenderBench,
  sizes: readonly number[],
  textured: boolean,
  ours: (size: number) => Round,
) {
  const mine = new Map<number, Round[]>(), theirs = new Map<number, number[]>();
  for (let round = 0; round < rounds; round++) {
    for (const size of sizes) {
      mine.set(size, [...mine.get(size) ?? [], ours(size)]);
      if (peer === null) continue;
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

async function benchSilhouettes(bench: RenderBench): Promise<void> {
  const { workload, report, repeats } = bench;
  const sizes = POSE_STEPS.map(([size]) => size);
  const results = await inTurn(
    bench,
    sizes,
    false,
    (size) => measureSilhouettes(workload, size, repeats, "auto"),
  );
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

async function benchTextured(bench: RenderBench): Promise<void> {
  const { workload, report, repeats } = bench;
  const results = await inTurn(bench, [256, 512], true, (size) => measureTextured(workload, size, repeats));
  for (const { size, forward, backward, sum, peer } of results) {
    report.add(`textured ${size} forward ms`, forward);
    report.add(`textured ${size} backward ms`, backward);
    report.add(`textured ${size} ms`, sum);
    report.add(`textured ${size} DEODR ms`, peer);
    report.add(`textured ${size} DEODR / ours`, peer === null ? null : peer / sum, TEXTURED_RATIOS[size]);
  }
}

async function benchMesh({ workload, report, rounds, repeats }: RenderBench): Promise<void> {
  for (const size of MESH_SIZES) {
    const all = Array.from({ length: rounds }, () => measureMesh(workload, size, repeats));
    const middle = (of: (round: MeshRound) => number) => median(all.map(of));
    report.add(`mesh ${size} sphere's renderer ms`, middle(({ sphere }) => sphere));
    report.add(`mesh ${size} any UV map ms`, middle(({ mesh }) => mesh));
    const ratio = middle(({ mesh, sphere }) => mesh / sphere);
    report.add(`mesh ${size} any UV map / sphere's`, ratio, MESH_RATIO, "at most");
    report.add(`mesh ${size} one by one ms`, middle(({ operations }) => operations));
    report.add(`mesh ${size} one by one / sphere's`, middle(({ operations, sphere }) => operations / sphere));
    report.add(`mesh ${size} antialias ms`, middle(({ antialias }) => antialias));
  }
  await benchMeshPeers(workload, report, rounds, repeats);
}

async function benchPool({ workload, report, rounds }: RenderBench): Promise<void> {
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

async function benchBridge({ workload, report, rounds }: RenderBench): Promise<void> {
  for (const size of [128, 256]) {
    const times = await measureBridge(workload, size, 5 * rounds);
    if (times === null) return report.note("the backend native does not work here");
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
