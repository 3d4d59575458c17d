import { featuresFolder } from "../../lib/core/paths.ts";
import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { StoppedError } from "../../lib/core/errors.ts";
import { findObjectFeatures } from "../../lib/pose/object_features.ts";
import type { PatchModel } from "../../lib/vision/patch_model.ts";
import type { PatchNetwork } from "../../lib/vision/patch_network.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { boatDataset, poseNearView } from "./boat.ts";

const SIDE = 16, PATCH_DIMENSIONS = 5;
const poses = [1, 2, 3].map((view) => poseNearView(view));

/** A network whose features are the patch's number, and a count of images. */
function countingNetwork() {
  const state = { opened: 0, seen: 0, closed: 0 };
  const open = (): Promise<PatchNetwork> => {
    state.opened++;
    return Promise.resolve({
      side: SIDE,
      dimensions: PATCH_DIMENSIONS,
      features(image) {
        assertEquals([image.height, image.width, image.channels], [224, 224, 3]);
        assert(image.data.every((value) => value === 0.5)); // black in [-1, 1] is mid grey
        state.seen++;
        const patches = new Float32Array(SIDE * SIDE * PATCH_DIMENSIONS);
        for (let p = 0; p < SIDE * SIDE; p++) patches.set([3, 4 * p], p * PATCH_DIMENSIONS);
        return Promise.resolve({ side: SIDE, patches, whole: new Float32Array(PATCH_DIMENSIONS) });
      },
      close: () => Promise.resolve(void state.closed++),
    });
  };
  const model: PatchModel = { name: "a", origin: "a model", weightsHash: "", resolution: 224, open };
  return { state, model };
}

Deno.test("features are made once a photograph, on the object alone, and again when the photograph changes", async () => {
  await inProject(async () => {
    const dataset = boatDataset(poses), { state, model } = countingNetwork();
    const source = await findObjectFeatures(dataset, model, featuresFolder(dataset.name));
    assertEquals(state, { opened: 1, seen: 3, closed: 1 });
    const { side, patches, features } = await source.features(1), { mask } = await dataset.sample(1, 224);
    assertEquals([side, features.length], [SIDE, patches.length * PATCH_DIMENSIONS]);
    const cover = Array.from(mask.data).reduce((sum, value) => sum + value, 0) / 14 ** 2;
    assert(Math.abs(patches.length - cover) < 0.25 * cover);
    const length = Math.hypot(3, 4 * patches[5]);
    assertAlmostEquals(features[5 * PATCH_DIMENSIONS + 1], 4 * patches[5] / length, 1e-3);
    await findObjectFeatures(dataset, model, featuresFolder(dataset.name));
    assertEquals(state.opened, 1);
    const records = dataset.records.map((record, i) =>
      i === 2 ? { ...record, fingerprint: "other" } : record
    );
    await findObjectFeatures({ ...dataset, records }, model, featuresFolder(dataset.name));
    assertEquals(state, { opened: 2, seen: 4, closed: 2 });
  });
});

Deno.test("a stopped search resumes where it was", async () => {
  await inProject(async () => {
    const dataset = boatDataset(poses), { state, model } = countingNetwork(), stop = new AbortController();
    const callbacks = { signal: stop.signal, onProgress: () => stop.abort() };
    await assertRejects(
      () => findObjectFeatures(dataset, model, featuresFolder(dataset.name), callbacks),
      StoppedError,
    );
    assertEquals(state, { opened: 1, seen: 1, closed: 1 });
    await findObjectFeatures(dataset, model, featuresFolder(dataset.name));
    assertEquals(state, { opened: 2, seen: 3, closed: 2 });
  });
});
