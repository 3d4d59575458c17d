import { assertAlmostEquals, assertEquals } from "@std/assert";
import { evaluateNearest } from "../../lib/pose/evaluate.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { boatDataset, poseNearView } from "./boat.ts";

/** Rotations by some degrees about z, two for each of three images; the first IoUs better. */
function hypotheses(): Hypotheses {
  const degrees = [170, 10, 20, 30, 40, 50];
  return {
    N: 3,
    H: 2,
    T: 1,
    rotation: Float32Array.from(degrees.flatMap((angle) => {
      const half = angle / 2 * Math.PI / 180;
      return [Math.cos(half), 0, 0, Math.sin(half)];
    })),
    scale: new Float32Array(6).fill(1),
    translation: new Float32Array(12),
    perspective: new Float32Array(6),
    weights: new Float32Array(6).fill(1),
    iou: Float32Array.of(0.9, 0.8, 0.9, 0.8, 0.9, 0.8),
    ids: ["boat_0", "boat_1", "boat_2"],
  };
}

Deno.test("the nearest hypothesis counts, not that of the best IoU, where the truth is known", () => {
  const upright = { ...poseNearView(0), rotation: [1, 0, 0, 0] };
  const { records } = boatDataset([upright, upright, upright]);
  const truths = { records: records.map((record, i) => i === 2 ? { ...record, truePose: null } : record) };
  const { medianDegrees, meanIou, images, flips } = evaluateNearest(truths, hypotheses());
  assertEquals([images, flips], [2, 0]);
  assertAlmostEquals(medianDegrees!, 15, 1e-4); // 10° and 20°
  assertAlmostEquals(meanIou!, 0.85, 1e-6);
});
