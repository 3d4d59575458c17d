/** Trains the reconstruction with a term of one's own: deno run -A examples/reconstruction_objective.ts */
import {
  importPhotographs,
  loadTemplates,
  makeSynthetic,
  openDataset,
  runPoseStep1,
  runPoseStep2,
  trainReconstruction,
  useBackend,
} from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import type { ReconstructionTerms } from "@texmesh/texmesh/reconstruction";
import * as tf from "@tensorflow/tfjs";

const [epochs = "12"] = Deno.args, name = "drawn", mode = "singletpl";
console.log((await useBackend()).sentence);
await makeSynthetic("output/photographs", { category: "car", count: 8, resolution: 96 });
await importPhotographs("output/photographs", { name, category: "car", overwrite: true });
await runPoseStep1({ dataset: name, mode, schedule: "fast", imageResolution: 64, overwrite: true });
const { estimates } = await runPoseStep2({ dataset: name, mode, imageResolution: 64, overwrite: true });

/** The paper's objective, and a pull of the shape to the sphere that it is a displacement of. */
const objective = ({ total, prediction }: ReconstructionTerms) =>
  tf.add<tf.Scalar>(total, tf.mul(0.1, tf.mean(tf.abs(prediction.displacementMap))));

const { figures } = await trainReconstruction(
  await openDataset(name),
  estimates,
  await loadTemplates("car", mode),
  {
    ...{ preset: "demo", imageResolution: 64 },
    ...{ batchSize: 4, epochs: Number(epochs), imageFreq: Number(epochs), lr: 5e-4 },
  },
  { onImage: (_step, _tag, image) => void writePng("reconstruction_objective.png", image) },
  { objective },
);
console.log(`IoU ${figures!.iou.toFixed(3)} after ${epochs} epochs, on ${estimates.ids.length} photographs`);
