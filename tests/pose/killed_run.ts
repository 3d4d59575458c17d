/** Both pose steps on boats in the folder of the first argument: a program that a test kills. */
import { hypothesesFile, posesFile } from "../../lib/core/paths.ts";
import { readHypotheses, writePoseEstimates } from "../../lib/pose/files.ts";
import { estimateHypothesesToFile } from "../../lib/pose/step1.ts";
import { choosePoses } from "../../lib/pose/step2.ts";
import { boatDataset, boatTemplate, poseNearView } from "./boat.ts";

if (import.meta.main) {
  Deno.chdir(Deno.args[0]);
  const poses = Array.from({ length: 12 }, (_, i) => poseNearView(3 * i, [1, 0.01 * i, 0, 0.02]));
  const dataset = boatDataset(poses, true), templates = [boatTemplate()];
  const resultFile = hypothesesFile("boats", "singletpl");
  await Deno.mkdir("cache/boats", { recursive: true });
  const settings = {
    imageResolution: 32,
    cameraOptimSteps: 6,
    cameraLrDecayAfter: 4,
    workers: 1,
    saveEvery: 1,
  };
  await estimateHypothesesToFile(resultFile, dataset, templates, settings, {
    onMessage: (sentence) => console.log(sentence),
  });
  const hypotheses = await readHypotheses(resultFile);
  const { estimates } = await choosePoses(dataset, templates, hypotheses, {
    imageResolution: 32,
    workers: 1,
  });
  await writePoseEstimates(posesFile("boats", "singletpl"), estimates);
}
