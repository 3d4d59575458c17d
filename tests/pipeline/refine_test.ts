import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import validator from "gltf-validator";
import { UserError } from "../../lib/core/errors.ts";
import { posesFile, reconstructionsFolder, refinedFolder } from "../../lib/core/paths.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { runExportReconstructions } from "../../lib/pipeline/export_reconstructions.ts";
import { openPosedDataset } from "../../lib/pipeline/posed_dataset.ts";
import { runRefine } from "../../lib/pipeline/refine.ts";
import { refinedObjects } from "../../lib/pipeline/refined_objects.ts";
import { readRefinedObject, refinedFile } from "../../lib/refinement/files.ts";
import { hashFiles } from "../e2e/_workplace.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { makeToyCars, TOY, TOY_REFINEMENT } from "../refinement/toy_cars.ts";

const FOLDER = refinedFolder(TOY, "singletpl", null);

/** Refines toy cars, one of which has no pose, with each number of workers, and gives the hashes of the files. */
async function refineWith(photographs: number, workerCounts: readonly number[]) {
  await makeToyCars(photographs);
  const hashes: Record<string, string>[] = [];
  for (const workers of workerCounts) {
    await Deno.remove(FOLDER, { recursive: true }).catch(() => {});
    const { ids, ious } = await runRefine({ ...TOY_REFINEMENT, workers });
    assertEquals(ids.length, photographs - 1);
    assert(ious.every((iou) => iou > 0.93), `${ious}`);
    hashes.push(await hashFiles(FOLDER));
  }
  for (const other of hashes) assertEquals(other, hashes[0]);
  return hashes[0];
}

slowTest(
  "refinement gives the same files for any number of workers",
  () => inProject(async () => void await refineWith(5, [0, 1, 2])),
);

Deno.test("posed photographs become meshes that fit their masks, with workers or without", () =>
  inProject(async () => {
    const hashes = await refineWith(3, [0, 2]);
    const request = { name: "run", dataset: TOY, mode: "singletpl", workers: 0 } as const;
    const { paths, refined, iou } = await runExportReconstructions(request);
    assertEquals(await hashFiles(FOLDER), hashes, "what is up to date is used, with its sizes");
    assertEquals([paths.length, refined], [2, 2]);
    assert(iou! > 0.93);
    for (const path of paths) {
      assert(path.startsWith(reconstructionsFolder("run", "full")));
      const { issues } = await validator.validateBytes(await Deno.readFile(path));
      assertEquals([issues.numErrors, issues.numWarnings], [0, 0], path);
    }
    await assertRejectsWith(
      () => runExportReconstructions({ ...request, refine: "texture" }),
      UserError,
      "'refine: texture'",
      "run",
      "deno task reconstruct",
    );
  }));

Deno.test("without a fitted shape photographs are projected onto the shape and pose that there are", () =>
  inProject(async () => {
    await makeToyCars(3);
    const { records } = await openDataset(TOY);
    const { folder, ids } = await runRefine({ ...TOY_REFINEMENT, rounds: 0, shape: false, workers: 0 });
    assertEquals(folder, refinedFolder(TOY, "singletpl", null, false));
    const [first, second] = await Promise.all(ids.map((id) => readRefinedObject(refinedFile(folder, id))));
    assertEquals(first.vertices, second.vertices);
    assertAlmostEquals(first.pose.scale, records[0].truePose!.scale, 1e-6);
    assert(first.confidence.data.some((value) => value === 1));
  }));

slowTest(
  "objects are redone when poses have changed, with the sizes that were chosen",
  () =>
    inProject(async () => {
      await makeToyCars(3);
      const make = async () =>
        await refinedObjects(
          await openPosedDataset(TOY, "singletpl"),
          { name: null, trained: null },
          { shape: true, workers: 0 },
        );
      await runRefine({ ...TOY_REFINEMENT, workers: 0 });
      await makeToyCars(4);
      await assertRejectsWith(() => runRefine({ ...TOY_REFINEMENT, workers: 0 }), UserError, "'overwrite'");
      const { ids } = await make();
      assertEquals(ids.length, 3);
      assertEquals((await readRefinedObject(refinedFile(FOLDER, ids[2]))).texture.width, 256);
      await Deno.remove(posesFile(TOY, "singletpl"));
      await assertRejectsWith(make, UserError, `pose_step2 --dataset ${TOY}`);
    }),
);
