/**
 * Speed of pose step 1 beside the renders of the peer DEODR, and of two workers beside one.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import { ESTIMATE_OPTIONS } from "../../lib/pose/estimate_options.ts";
import { fitBenchmark, readPoseBenchmark } from "../../tools/evaluation/pose_benchmark.ts";
import type { OnFigure } from "../../tools/evaluation/evaluate_poses.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { PoseFitter } from "../../lib/pose/pose_fitter.ts";
import { type DeodrPeer, startDeodr } from "../peers/deodr.ts";
import { HYPOTHESES, POSE_STEPS } from "../render/pose_load.ts";
import { median } from "../../lib/core/median.ts";

/** Most seconds of one image as a share of the peer's renders. */
const ORIGINAL_SHARE = 0.8, FAST_SHARE = 0.24;
/** Least gain of a second worker. */
const TWO_WORKERS = 1.8;

/**
 * Measures one image on one thread with both schedules and the peer's renders in turn, then two workers and one in turn.
 *
 * @param options `benchmark`: folder of the pose benchmark, whose masks are fitted; `workload`: workload of the
 *   peer, raster_workload.npz; `rounds`: ours and the peer in turn
 * @param onFigure Receives the figures
 * @returns Why the peer was not measured; null if it was
 */
export async function measureSpeed(
  { benchmark: folder, workload, rounds }: {
    readonly benchmark: string;
    readonly workload: string;
    readonly rounds: number;
  },
  onFigure: OnFigure,
): Promise<string | null> {
  const benchmark = await readPoseBenchmark(folder, "car");
  const { template, dataset } = benchmark;
  const mask = (await dataset.sample(0, resolveOptions(ESTIMATE_OPTIONS, {}).imageResolution)).mask.data;
  const fitters = (["original", "fast"] as const).map((schedule) =>
    new PoseFitter(
      sphereTopology().faces,
      [template.vertices],
      resolveOptions(ESTIMATE_OPTIONS, { schedule }),
    )
  );
  const seconds: number[][] = [[], []], theirs: number[] = [];
  const peer = await startDeodr(workload);
  fitters[1].fit(mask); // to warm up
  for (let round = 0; round < rounds; round++) {
    fitters.forEach((fitter, i) => seconds[i].push(timeOf(() => fitter.fit(mask))));
    if (typeof peer !== "string") theirs.push(await peerSeconds(peer));
  }
  if (typeof peer !== "string") await peer.stop();
  const [original, fast] = seconds.map((all) => Math.min(...all)); // as the peer, whose fastest repeats count
  onFigure({ name: "speed: seconds an image, original schedule", measured: original });
  onFigure({ name: "speed: seconds an image, fast schedule", measured: fast });
  if (theirs.length > 0) {
    const renders = Math.min(...theirs);
    onFigure({ name: "speed: seconds of DEODR's renders", measured: renders });
    onFigure({ name: "speed: original / DEODR", measured: original / renders, bound: ORIGINAL_SHARE });
    onFigure({ name: "speed: fast / DEODR", measured: fast / renders, bound: FAST_SHARE });
  }
  const times: number[][] = [[], []];
  for (let round = 0; round < rounds; round++) {
    for (const workers of [1, 2]) {
      const start = performance.now();
      await fitBenchmark(benchmark, { workers, cameraOptimSteps: 200 }); // long beside the start of workers
      times[workers - 1].push(performance.now() - start);
    }
  }
  onFigure({
    name: "speed: two workers / one",
    measured: median(times[0]) / median(times[1]),
    bound: TWO_WORKERS,
    higherIsBetter: true,
  });
  return typeof peer === "string" ? peer : null;
}

function timeOf(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) / 1000;
}

/** Seconds of 40 hypotheses for 100 steps, from the mean milliseconds of an image at each size. */
async function peerSeconds(peer: DeodrPeer): Promise<number> {
  let seconds = 0;
  for (const [size, steps] of POSE_STEPS) {
    const { ms } = await peer.measure({ size, textured: false, repeats: 1 });
    seconds += steps * HYPOTHESES * ms.reduce((sum, value) => sum + value, 0) / ms.length / 1000;
  }
  return seconds;
}
