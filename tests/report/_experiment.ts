import { join } from "@std/path";
import { floatImage } from "../../lib/core/arrays.ts";
import {
  ganFolder,
  hypothesesFile,
  outputFolder,
  poseMetadataFile,
  posesFile,
  pseudoGroundTruthFolder,
  reconstructionFolder,
} from "../../lib/core/paths.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { exportMesh } from "../../lib/io/export_mesh.ts";
import { writePng } from "../../lib/io/image_file.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { type Hypotheses, writeHypotheses, writePoseEstimates } from "../../lib/pose/files.ts";
import type { PoseChoice } from "../../lib/pose/step2.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { complementaryRotation } from "../../lib/pose/side_view.ts";
import { saveCheckpoint, withPrefix } from "../../lib/training/checkpoint.ts";
import { writeRunSettings } from "../../lib/training/run_settings.ts";
import { ScalarLog } from "../../lib/training/scalar_log.ts";

/** Name of the test's run and data set. */
export const NAME = "toy";

/** Three synthetic photographs with known poses. */
export async function makePhotographs(): Promise<Dataset> {
  await makeSynthetic("photos", { count: 3, resolution: 48, viewsPerModel: 3, cellSize: 1 / 8 });
  await importPhotographs("photos", { name: NAME, category: "car" });
  return await openDataset(NAME);
}

/** Two hypotheses a photograph: the true pose, and the one that looks alike. */
export function trueHypotheses({ records }: Dataset): Hypotheses {
  const N = records.length, H = 2;
  const each = (values: (pose: NonNullable<typeof records[0]["truePose"]>) => number[]) =>
    Float32Array.from(records.flatMap(({ truePose }) => values(truePose!)));
  return {
    N,
    H,
    T: 1,
    rotation: each(({ rotation }) => [...Array.from(rotation), ...complementaryRotation(rotation)]),
    scale: each(({ scale }) => [scale, scale]),
    translation: each(({ translation: t }) => [t[0], t[1], t[0], t[1]]),
    perspective: each(({ perspective }) => [perspective, perspective]),
    weights: new Float32Array(N * H).fill(1),
    iou: Float32Array.from({ length: N * H }, (_, k) => k % 2 === 0 ? 0.9 : 0.7 + 0.01 * k),
    ids: records.map(({ id }) => id),
  };
}

/** A choice of the true poses that leaves the second photograph out for its score. */
export function trueChoice(hypotheses: Hypotheses): PoseChoice {
  const { N, H } = hypotheses;
  const rows = (images: number[]) => {
    const pick = (values: Float32Array, width: number) =>
      Float32Array.from(images.flatMap((i) => [...values.subarray(i * H * width, (i * H + 1) * width)]));
    return {
      indices: Int32Array.from(images),
      rotation: pick(hypotheses.rotation, 4),
      scale: pick(hypotheses.scale, 1),
      translation: pick(hypotheses.translation, 2),
      perspective: pick(hypotheses.perspective, 1),
      weights: pick(hypotheses.weights, 1),
      iou: pick(hypotheses.iou, 1),
      miou: new Float32Array(images.length).fill(0.5),
      ids: images.map((i) => hypotheses.ids[i]),
    };
  };
  const scores = Float32Array.from({ length: N * H }, (_, k) => k < H ? 0.6 : k < 2 * H ? 0.2 : 0.55);
  return {
    best: new Int32Array(N),
    disagreement: Float32Array.of(0.01, 0.02, 0.03),
    threshold: 0.25,
    kept: Int32Array.of(0, 2),
    margins: new Float32Array(3),
    rule: "agreement and score",
    iou: hypotheses.iou,
    miou: hypotheses.iou,
    scores,
    semantics: null,
    semanticImages: [],
    estimates: rows([0, 2]),
    everyImage: rows([0, 1, 2]),
  };
}

/** Files of both pose steps. */
export async function makePoses(dataset: Dataset): Promise<PoseChoice> {
  const hypotheses = trueHypotheses(dataset), choice = trueChoice(hypotheses);
  await writeHypotheses(hypothesesFile(NAME, "singletpl"), hypotheses);
  await writePoseEstimates(posesFile(NAME, "singletpl"), choice.estimates);
  return choice;
}

/** A run of the reconstruction: an untrained network and a log. Needs a backend. */
export async function makeReconstruction(): Promise<void> {
  const folder = reconstructionFolder(NAME);
  const config = reconstructionConfig("demo", { imageResolution: 32, width: 0.1, predictionType: "texture" });
  await writeRunSettings(folder, { stage: "reconstruction", seed: 1, lr: 0.001 });
  const network = new ReconstructionNetwork(config, new Prng(1, "test"));
  const state = {
    type: network.type,
    config,
    classParts: [[]],
    partNames: [],
    iteration: 2,
    epoch: 1,
    position: 0,
    semiCoefficient: 0,
    flatWarmup: 1,
    learningRate: 1e-4,
    seed: 1,
    bestHardIou: null,
  };
  await saveCheckpoint(folder, "latest", withPrefix("network", await network.parameters.toArrays()), state);
  network.dispose();
  const log = await ScalarLog.open(folder, 0);
  for (let step = 0; step < 50; step++) {
    log.add(step, { "iou/train": step / 50, "mse/train": 1 / (1 + step) });
  }
}

/** UV maps, a log of the GAN, an image grid and an exported mesh. */
export async function makeGenerated(dataset: Dataset): Promise<void> {
  const { scale, translation, rotation, perspective, ids } = trueChoice(trueHypotheses(dataset)).everyImage;
  const classIndex = new Int32Array(ids.length);
  await writePoseMetadata(poseMetadataFile(NAME, "singletpl"), {
    scale,
    translation,
    rotation,
    perspective,
    classIndex,
    ids,
  });
  const folder = pseudoGroundTruthFolder(NAME, 16, "singletpl");
  await Deno.mkdir(folder);
  const texture = floatImage(16, 16, 3), alpha = floatImage(16, 16, 1);
  alpha.data.fill(1, 0, 64);
  for (const [row, id] of ids.entries()) {
    const displacementMap = new Float32Array(32 * 32 * 3); // [32, 32, 3]
    const maps = { id, classIndex: 0, displacementMap, parts: null, texture, alpha };
    await writeUvSample(uvSampleFile(folder, row), maps);
  }
  const log = await ScalarLog.open(ganFolder(NAME), 0);
  log.add(3, { "distance/combined": 12.5 });
  await Deno.mkdir(outputFolder(NAME), { recursive: true });
  await writePng(join(outputFolder(NAME), "samples.png"), floatImage(16, 32, 4));
  await exportMesh(sphereTopology(), texture, join(outputFolder(NAME), "mesh_0"));
}
