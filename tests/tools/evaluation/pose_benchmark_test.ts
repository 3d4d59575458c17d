import { assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { writePng } from "../../../lib/io/image_file.ts";
import { encodeNpz } from "../../../lib/io/npz.ts";
import { sphereTopology } from "../../../lib/mesh/sphere_topology.ts";
import { measureRenders } from "../../../tools/evaluation/evaluate_poses.ts";
import {
  benchmarkFigures,
  benchmarkNames,
  fitBenchmark,
  readPoseBenchmark,
} from "../../../tools/evaluation/pose_benchmark.ts";
import { formatTemplates } from "../../../lib/remeshing/write_remeshed.ts";
import { multiplyQuaternions } from "../../../lib/rendering/quaternion.ts";
import { assertRejectsWith } from "../../helpers/assert_facts.ts";
import { boatImage, boatTemplate, poseNearView } from "../../pose/boat.ts";

const poses = [poseNearView(7), poseNearView(13)];

/** A benchmark of two boats; the reference has the true pose and its flip, the flip with the better IoU once. */
async function withBenchmark(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/boat_template.obj`, formatTemplates([boatTemplate()]));
    const truths = poses.map(({ rotation }, i) => ({ file: `boat_0${i}.png`, q_wxyz: Array.from(rotation) }));
    await Deno.writeTextFile(`${folder}/boat_truth.json`, JSON.stringify(truths));
    for (const [i, pose] of poses.entries()) {
      const data = boatImage(pose, 64).mask;
      await writePng(`${folder}/boat_0${i}.png`, { data, height: 64, width: 64, channels: 1 });
    }
    const rotation = poses.flatMap((
      pose,
    ) => [pose.rotation, multiplyQuaternions(pose.rotation, [0, 0, 0, 1])]);
    const float = (values: number[], ...shape: number[]) => ({ data: Float32Array.from(values), shape });
    await Deno.writeFile(
      `${folder}/reference_boat.npz`,
      encodeNpz({
        R: float(rotation.flatMap((q) => Array.from(q)), 2, 2, 4),
        s: float([1, 1, 1, 1], 2, 2, 1),
        t: float(new Array(8).fill(0), 2, 2, 2),
        z0: float([2, 2, 2, 2], 2, 2, 1),
        iou: float([0.9, 0.8, 0.7, 0.8], 2, 2),
      }),
    );
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a benchmark folder is read, fitted and summarised", () =>
  withBenchmark(async (folder) => {
    assertEquals(await benchmarkNames(folder), ["boat"]);
    const benchmark = await readPoseBenchmark(folder, "boat");
    assertEquals([benchmark.reference.N, benchmark.reference.H], [2, 2]);
    const { mask } = await benchmark.dataset.sample(1, 64);
    assertEquals(mask.data, boatImage(poses[1], 64).mask);
    const theirs = benchmarkFigures(benchmark.dataset, benchmark.reference);
    assertEquals([theirs.flips, theirs.under10], [0.5, 0.5]);
    assertAlmostEquals(theirs.meanIou, 0.85, 1e-6);
    const settings = { imageResolution: 32, cameraOptimSteps: 4, cameraLrDecayAfter: 2, workers: 0 };
    const ours = await fitBenchmark(benchmark, settings);
    assertEquals([ours.N, ours.H], [2, 40]);
    assertEquals(benchmarkFigures(benchmark.dataset, ours).count, 2);
  }));

Deno.test("what a benchmark lacks is named", () =>
  withBenchmark(async (folder) => {
    await assertRejectsWith(
      () => benchmarkNames(`${folder}/none`),
      UserError,
      `${folder}/none`,
      "_truth.json",
    );
    const text = await Deno.readTextFile(`${folder}/boat_template.obj`);
    const { faces } = sphereTopology();
    const lines = text.split("\n").filter((line) => line.startsWith("f "));
    assertEquals(lines.length, faces.length / 3);
    await Deno.writeTextFile(`${folder}/boat_template.obj`, text.replace(`${lines[0]}\n`, ""));
    await assertRejectsWith(
      () => readPoseBenchmark(folder, "boat"),
      UserError,
      `${folder}/boat_template.obj`,
    );
    await Deno.writeTextFile(
      `${folder}/boat_truth.json`,
      JSON.stringify([{ file: "a.png", q_wxyz: [1, 0, 0, 0] }]),
    );
    await assertRejectsWith(
      () => readPoseBenchmark(folder, "boat"),
      UserError,
      folder,
      "reference_boat.npz",
      '"iou"',
      "1 rows",
      "[2,2]",
    );
  }));

Deno.test("images without cameras cannot be evaluated", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const size = 96, pixels = new Float32Array(size * size * 4);
    for (let p = 0; p < size * size; p++) {
      const inside = Math.hypot(p % size - 48, Math.floor(p / size) - 48) < 30;
      pixels.set([0.5, (p % 7) / 7, 0.2, inside ? 1 : 0], 4 * p);
    }
    await Deno.mkdir(`${folder}/car`);
    for (const name of ["a", "b"]) {
      await writePng(`${folder}/car/${name}.png`, { data: pixels, height: size, width: size, channels: 4 });
    }
    const request = { folder, category: "car", mode: "singletpl", limit: 0, workers: 0 } as const;
    await assertRejectsWith(() => measureRenders(request, () => {}, () => ({})), UserError, `${folder}/car`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
