import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { poseMetadataFile } from "../../lib/core/paths.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { checkUnchanged } from "../../lib/datasets/unchanged.ts";
import { planPipeline } from "../../lib/pipeline/plan.ts";
import { pseudoGroundTruthRun, recordedRun } from "../../lib/pipeline/pseudogt_runs.ts";
import { readPosesOf } from "../../lib/pipeline/read_poses.ts";
import { OutOfDateError } from "../../lib/pipeline/refusals.ts";
import { runRemesh } from "../../lib/pipeline/remesh.ts";
import { lockRun } from "../../lib/pipeline/run_lock.ts";
import { PIPELINE_SIZES } from "../../lib/pipeline/sizes.ts";
import { writePoseEstimates } from "../../lib/pose/files.ts";
import { madeFrom } from "../../lib/pose/made_from.ts";
import { writePoseMetadata } from "../../lib/pseudogt/files.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { boxMask, writePair, writeRgbaImage } from "../datasets/photo_fixtures.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { objBytes } from "../io/user_meshes.ts";

const MASK = boxMask(80, 100, [10, 20, 80, 70]);

Deno.test("a run's pseudo-ground-truth is its own: another GAN takes it only when it is told to", () =>
  inProject(async () => {
    const { poses } = toyDataset(3, 16);
    const runOf = (gan: string, wanted: string | null = null) =>
      pseudoGroundTruthRun("toy", "singletpl", gan, wanted);
    await assertRejectsWith(() => runOf("a"), UserError, "a", "generate_pseudogt --name a --dataset toy");
    await Deno.mkdir("cache/toy", { recursive: true });
    await writePoseMetadata(poseMetadataFile("toy", "singletpl", "a"), poses);
    assertEquals(await runOf("a"), "a");
    await assertRejectsWith(() => runOf("b"), UserError, "generate_pseudogt --name b", "'pseudogtRun: a'");
    assertEquals(await runOf("b", "a"), "a");
    await writePoseMetadata(poseMetadataFile("toy", "singletpl"), poses); // that no run made
    assertEquals([await runOf("a"), await runOf("b")], ["a", null]);
    await assertRejectsWith(
      () => runOf("b", "c"),
      UserError,
      "c",
      "generate_pseudogt --name c",
      "'pseudogtRun: a'",
    );
  }));

Deno.test("a trained GAN keeps the maps that it learnt from; an imported one takes those that no run made, or its own", () =>
  inProject(async () => {
    const { poses } = toyDataset(3, 16), gan = { dataset: "toy", mode: "singletpl" } as const;
    const known = (pseudogtRun: string | null) => recordedRun({ ...gan, pseudogtRun }, "g", "b");
    assertEquals([await known("a"), await known(null)], ["a", null]);
    await Deno.mkdir("cache/toy", { recursive: true });
    await writePoseMetadata(poseMetadataFile("toy", "singletpl", "b"), poses);
    await assertRejectsWith(() => recordedRun(gan, "g"), UserError, "g", "'pseudogtRun: b'");
    assertEquals([await recordedRun(gan, "g", "b"), await recordedRun(gan, "b")], ["b", "b"]);
    await writePoseMetadata(poseMetadataFile("toy", "singletpl"), poses);
    assertEquals([await recordedRun(gan, "b"), await recordedRun(gan, "g", "b")], [null, "b"]);
  }));

Deno.test("changed photographs, masks and templates are noticed before poses are used", () =>
  inProject(async () => {
    for (const name of ["a", "b"]) await writePair("photos", name, MASK);
    const options = { name: "x", category: "car", overwrite: true };
    await importPhotographs("photos", options);
    const dataset = await openDataset("x"), templates = await loadTemplates("car", "singletpl");
    await checkUnchanged(dataset);
    const poses = {
      ...{ indices: Int32Array.of(0), rotation: Float32Array.of(1, 0, 0, 0), scale: Float32Array.of(1) },
      ...{ translation: new Float32Array(2), perspective: Float32Array.of(1), weights: Float32Array.of(1) },
      ...{ iou: Float32Array.of(1), miou: Float32Array.of(1), ids: ["a"] },
    };
    const file = "cache/x/poses_estimated_singletpl.safetensors";
    await writePoseEstimates(file, poses, madeFrom(dataset, templates));
    assertEquals((await readPosesOf(dataset, "singletpl", templates)).ids, ["a"]);
    const others = templates.map((template) => ({
      ...template,
      vertices: template.vertices.map((v) => 1.1 * v),
    }));
    const refused = (now: typeof dataset, tpl: typeof templates, ...facts: Fact[]) =>
      assertRejectsWith(() => readPosesOf(now, "singletpl", tpl), UserError, ...facts);
    await refused(dataset, others, file, "templates", "--overwrite");
    await writePair("photos", "b", boxMask(80, 100, [10, 20, 80, 69]));
    await refused(dataset, templates, "x", "photos/images/b.png", "'overwrite'");
    await importPhotographs("photos", options);
    const again = await openDataset("x");
    await checkUnchanged(again);
    await refused(again, templates, file, "photographs", "--overwrite");
  }));

Deno.test("two pipelines on one name: the second is refused until the first one ends", () =>
  inProject(async () => {
    const lock = await lockRun("twice");
    await assertRejectsWith(() => lockRun("twice"), UserError, "twice", Deno.pid, "'name'");
    (await lockRun("other")).release();
    lock.release();
    (await lockRun("twice")).release();
    assertEquals((await Deno.stat("output/twice/pipeline.lock")).size, 0); // no run's files differ by its process
  }));

Deno.test("a plan refuses what the run refuses", () =>
  inProject(async () => {
    const request = {
      ...{ name: "one", images: "photos", category: "bird", mode: "singletpl" as const, limit: 0, seed: 1 },
      ...{ skipInvalid: false, workers: 0, sizes: PIPELINE_SIZES.demo },
      backend: { name: "wasm" as const, sentence: "" } as never,
    };
    await writeRgbaImage("photos", "a.png", MASK);
    await assertRejectsWith(() => planPipeline(request, {}), UserError, "photos", 2, 1);
    await writeRgbaImage("photos", "b.png", boxMask(80, 100, [10, 20, 60, 70]));
    await writeRgbaImage("photos", "c.png", new Uint8Array(8000));
    await assertRejectsWith(
      () => planPipeline(request, {}),
      UserError,
      "1 of 3",
      "c.png",
      "0 of 8000",
      "'skipInvalid'",
    );
    const skipping = { ...request, skipInvalid: true };
    assertEquals((await planPipeline(skipping, {})).images, 2);
    await assertRejectsWith(
      () => planPipeline(skipping, { only: "pose_step2" }),
      OutOfDateError,
      "pose_step2",
      "import",
      "'only'",
    );
  }));

Deno.test("a mesh under the name of a built-in class asks for --overwrite", () =>
  inProject(async () => {
    await Deno.writeFile("a.obj", objBytes());
    const request = { mode: "singletpl" as const, meshes: ["a.obj"], name: "car" };
    await assertRejectsWith(() => runRemesh(request), UserError, "car", "'name'", "'overwrite'");
  }));
