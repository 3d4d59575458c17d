import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { floatImage } from "../../lib/core/arrays.ts";
import { StoppedError, UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { openUvDataset } from "../../lib/gan/uv_dataset.ts";
import { writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { displaceVertices } from "../../lib/mesh/displace_vertices.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { readPoseMetadata, readUvSample, uvSampleFile } from "../../lib/pseudogt/files.ts";
import { refinedStore } from "../../lib/refinement/refined_store.ts";
import { UvStore } from "../../lib/pseudogt/uv_store.ts";
import { generatePseudoGroundTruth } from "../../lib/pseudogt/generate.ts";
import {
  generateRefinedPseudoGroundTruth,
  type RefinedObjects,
} from "../../lib/pseudogt/generate_refined.ts";
import type { ReconstructionState, TrainedReconstruction } from "../../lib/reconstruction/files.ts";
import {
  fittedFile,
  refinedFile,
  writeFittedObject,
  writeRefinedObject,
} from "../../lib/refinement/files.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

await useBackend({ backend: "auto", threads: 1 });

const SIDE = 64, COUNT = 5;
const { dataset, poses } = makeToyInputs(COUNT, ["thing", "other"]);

/** The file order: by class, then as the poses are. */
const ORDER = [0, 2, 4, 1, 3];

/** Writes what refinement leaves of each photograph; object `empty` shows nothing. */
async function writeObjects(folder: string, empty = -1): Promise<void> {
  await Deno.mkdir(join(folder, "fits"), { recursive: true });
  await writeJsonAtomic(join(folder, "settings.json"), { start: "test" });
  for (const [i, id] of poses.ids.entries()) {
    const vertices = Float32Array.from(
      sphereTopology().vertices,
      (value, k) => value * [0.5, 1 + i / 20, 0.6][k % 3],
    );
    const pose = { rotation: [1, 0, 0, 0], scale: 0.5 + i / 10, translation: [i / 50, 0], perspective: 3 };
    const texture = floatImage(SIDE, SIDE, 3), confidence = floatImage(SIDE, SIDE, 1);
    texture.data.fill(i / 5);
    if (i !== empty) confidence.data.fill(1, 0, SIDE * SIDE / 2);
    const few = { colours: new Float32Array(12), own: new Float32Array(4), given: new Float32Array(4) };
    await writeFittedObject(fittedFile(folder, id), {
      id,
      vertices,
      rest: vertices,
      state: { start: vertices, parameters: new Float32Array(1), prior: 0.1 },
      pose,
      iou: 1,
      ...few,
      prior: null,
    });
    await writeRefinedObject(refinedFile(folder, id), {
      ...{ id, vertices, pose, iou: 1, texture, confidence, donors: [] },
    });
  }
}

interface Place {
  readonly objects: RefinedObjects;
  readonly store: UvStore;
  /** Folder of the refined objects. */
  readonly refinedFolder: string;
}

const options = { pseudogtResolution: 32, batchSize: 2 };

async function withObjects(run: (place: Place) => Promise<void>, empty?: number): Promise<void> {
  const root = await Deno.makeTempDir(), refinedFolder = join(root, "refined");
  try {
    await writeObjects(refinedFolder, empty);
    await run({
      objects: { refined: refinedStore(refinedFolder), symmetric: true, trained: null },
      store: new UvStore(join(root, "maps"), join(root, "poses.safetensors")),
      refinedFolder,
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

function untrained(): TrainedReconstruction {
  const config = reconstructionConfig("demo", {
    ...{ imageResolution: 32, width: 1 / 16, partChannels: 3, classCount: 2 },
  });
  const network = new ReconstructionNetwork(config, new Prng(1, "test"));
  const state = { config, classParts: [[0, 1], [0, 1]], partNames: ["top", "bottom"] };
  return { network, state: state as unknown as ReconstructionState };
}

Deno.test("maps show the refined shapes, with confidence as alpha and the completed texture beside them", () =>
  withObjects(async ({ objects, store }) => {
    const result = await generateRefinedPseudoGroundTruth(store, dataset, poses, objects, options);
    assertEquals([result.count, result.skipped], [COUNT, []]);
    assert(result.residual < 1e-3, `${result.residual}`);
    const table = await readPoseMetadata(store.metadataFile);
    assertEquals([table.ids, table.way], [ORDER.map((row) => poses.ids[row]), "refined"]);
    for (const [i, row] of ORDER.entries()) {
      assertAlmostEquals(table.scale[i], 0.5 + row / 10, 1e-6); // where refinement has them
      const sample = await readUvSample(uvSampleFile(store.folder, i));
      assertEquals([sample.id, sample.classIndex, sample.parts], [poses.ids[row], row % 2, null]);
      const vertices = displaceVertices(sphereTopology(), sample.displacementMap, 32, 32);
      assertAlmostEquals(Math.max(...vertices.filter((_, k) => k % 3 === 1)), 1 + row / 20, 0.01);
      const { texture, alpha, completed } = sample;
      assertEquals([alpha.data[0], alpha.data.at(-1)], [1, 0]);
      assertAlmostEquals(texture.data[0], row / 5, 0.01);
      assertEquals(texture.data.at(-1), 0);
      assertAlmostEquals(completed!.data.at(-1)!, row / 5, 0.01);
    }
    const uvDataset = await openUvDataset("toy", "singletpl", 32, {
      metadata: store.metadataFile,
      folder: store.folder,
    });
    assertEquals([uvDataset.length, uvDataset.classes, uvDataset.hasSamples], [COUNT, 2, true]);
  }));

Deno.test("a stopped run resumes, and any number of workers writes the same bytes", () =>
  withObjects(async ({ objects, store }) => {
    const whole = new UvStore(store.folder + "2", store.metadataFile + "2");
    const others = { ...options, workers: 2, batchSize: 3 };
    await generateRefinedPseudoGroundTruth(whole, dataset, poses, objects, others);
    const stop = new AbortController();
    const stopped = generateRefinedPseudoGroundTruth(store, dataset, poses, objects, options, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await assertRejects(() => stopped, StoppedError);
    await Deno.writeFile(uvSampleFile(store.folder, 1), new Uint8Array(100)); // a damaged file is made again
    const kept = await Deno.stat(uvSampleFile(store.folder, 0));
    await generateRefinedPseudoGroundTruth(store, dataset, poses, objects, options);
    assertEquals((await Deno.stat(uvSampleFile(store.folder, 0))).mtime, kept.mtime);
    for (let i = 0; i < COUNT; i++) {
      const [a, b] = await Promise.all(
        [store, whole].map(({ folder }) => Deno.readFile(uvSampleFile(folder, i))),
      );
      assertEquals(a, b);
    }
  }));

Deno.test("files of the two ways, or of other objects, are never mixed", () =>
  withObjects(async ({ objects, store, refinedFolder }) => {
    const trained = untrained(), files = { metadata: store.metadataFile, folder: store.folder };
    const original = { ...options, projectionResolution: 64, skipInvalid: true };
    await generateRefinedPseudoGroundTruth(store, dataset, poses, objects, options);
    await assertRejectsWith(
      () => generatePseudoGroundTruth(store, dataset, poses, trained, original),
      UserError,
      store.folder,
      "pseudogt",
      "refined",
      "original",
      "'overwrite'",
    );
    const other = new UvStore(store.folder + "2", store.metadataFile); // another resolution's folder, the same table
    await generatePseudoGroundTruth(other, dataset, poses, trained, original);
    await assertRejectsWith(
      () => openUvDataset("toy", "singletpl", 32, files),
      UserError,
      files.folder,
      files.metadata,
      "--pseudogt refined",
    );
    await writeJsonAtomic(join(refinedFolder, "settings.json"), { start: "another network" });
    const changed = () => generateRefinedPseudoGroundTruth(store, dataset, poses, objects, options);
    await assertRejectsWith(changed, UserError, store.folder, "refinement", "'overwrite'");
    trained.network.dispose();
  }));

Deno.test("parts are those that a network predicts", () =>
  withObjects(async ({ objects, store }) => {
    const trained = untrained();
    await generateRefinedPseudoGroundTruth(store, dataset, poses, { ...objects, trained }, options);
    const { parts } = await readUvSample(uvSampleFile(store.folder, 0));
    assertEquals(parts?.channels, 3);
    trained.network.dispose();
  }));

Deno.test("an object of which nothing is seen stops the run, or is left out with its row", () =>
  withObjects(async ({ objects, store }) => {
    const make = (skipInvalid: boolean) =>
      generateRefinedPseudoGroundTruth(store, dataset, poses, objects, { ...options, skipInvalid });
    await assertRejectsWith(() => make(false), UserError, "toy2");
    const { count, skipped } = await make(true);
    assertEquals([count, skipped], [COUNT - 1, ["toy2"]]);
    assertEquals((await readPoseMetadata(store.metadataFile)).ids, ["toy0", "toy4", "toy1", "toy3"]);
  }, 2));
