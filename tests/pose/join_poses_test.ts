import { assertEquals } from "@std/assert";
import type { SampleRecord } from "../../lib/datasets/dataset.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import { joinPoses } from "../../lib/pose/join_poses.ts";
import { selectPoses } from "../../lib/pose/select_poses.ts";

/** Poses of photographs, whose values tell where they come from. */
function posesOf(indices: number[], templates: number, value: number): PoseEstimates {
  const M = indices.length;
  const filled = (width: number) => new Float32Array(M * width).map((_, i) => value + i);
  const weights = new Float32Array(M * templates);
  for (let m = 0; m < M; m++) weights[m * templates + m % templates] = 1;
  return {
    indices: Int32Array.from(indices),
    ids: indices.map((i) => `${value}_${i}`),
    rotation: filled(4),
    scale: filled(1),
    translation: filled(2),
    perspective: filled(1),
    weights,
    iou: filled(1),
    miou: filled(1),
  };
}

const records = Array.from({ length: 7 }, (_, i) => ({ id: `photo${i}` }) as SampleRecord);

Deno.test("joined poses count photographs and templates on", () => {
  const joined = joinPoses(
    [
      { poses: posesOf([0, 2], 1, 10), firstRecord: 0, firstTemplate: 0 },
      { poses: posesOf([1, 3, 2], 2, 20), firstRecord: 3, firstTemplate: 1 },
    ],
    { records },
    3,
  );
  assertEquals([...joined.indices], [0, 2, 4, 6, 5]);
  assertEquals(joined.ids, ["photo0", "photo2", "photo4", "photo6", "photo5"]);
  assertEquals([...joined.scale], [10, 11, 20, 21, 22]);
  assertEquals([...joined.translation.subarray(4)], [20, 21, 22, 23, 24, 25]);
  assertEquals([...joined.weights], [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0]);
});

Deno.test("some poses are taken with all their values", () => {
  const some = selectPoses(posesOf([0, 4, 6], 2, 5), (id) => id !== "5_4");
  assertEquals([[...some.indices], some.ids], [[0, 6], ["5_0", "5_6"]]);
  assertEquals([...some.rotation], [5, 6, 7, 8, 13, 14, 15, 16]);
  assertEquals([...some.weights], [1, 0, 1, 0]);
  assertEquals(selectPoses(posesOf([], 1, 0), () => true).ids, []);
});
