/**
 * Mean losses and IoU of a trained network on posed photographs.
 *
 * @module
 */
import { tf } from "../core/tensor.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { loadSamples } from "../datasets/loader.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import type { PoseEstimates } from "../pose/files.ts";
import type { Template } from "../templates/template_file.ts";
import type { TrainedReconstruction } from "./files.ts";
import type { MaskTarget } from "./options.ts";
import { partTables } from "./part_tables.ts";
import { type StepCoefficients, TrainingData } from "./training_data.ts";
import { nameFigures, ReconstructionObjective, STEP_FIGURES, type StepFigures } from "./training_step.ts";

/**
 * Mean figures over photographs, with running statistics and without flips; the IoU is that of the meshes themselves.
 *
 * @param objective Losses of the network
 * @param data Photographs
 * @param rows Which of them
 * @param batchSize Photographs at once
 * @param coefficients Weights of the scheduled terms
 */
export async function measure(
  objective: ReconstructionObjective,
  data: TrainingData,
  rows: readonly number[],
  batchSize: number,
  coefficients: StepCoefficients,
): Promise<StepFigures> {
  const sums = new Float64Array(STEP_FIGURES.length);
  let iou = 0;
  for (let start = 0; start < rows.length; start += batchSize) {
    const part = rows.slice(start, start + batchSize);
    const tensors = await data.tensors(part, part.map(() => false), coefficients);
    const { total, figures, screen } = tf.tidy(() => objective.evaluate(tensors, false));
    const values = await figures.data<"float32">(), positions = await screen.data<"float32">();
    values.forEach((value, i) => sums[i] += value * part.length / rows.length);
    const size = positions.length / part.length;
    (await data.finerMasks(part)).forEach((mask, b) => {
      iou += hardIou(positions.subarray(b * size, (b + 1) * size), mask);
    });
    tf.dispose([...Object.values(tensors), total, figures, screen]);
  }
  return { ...nameFigures(sums), iou: iou / rows.length };
}

/**
 * Mean figures of a trained network on a data set.
 *
 * @param trained Network of a run
 * @param dataset Photographs
 * @param poses Their poses
 * @param templates Templates with which the poses were estimated
 * @param options Share of the high-confidence subset, weight of the normal consistency loss, batch size and losses of the run
 */
export async function evaluateReconstruction(
  trained: TrainedReconstruction,
  dataset: Dataset,
  poses: PoseEstimates,
  templates: readonly Template[],
  options: {
    semiFraction: number;
    meshRegularization: number;
    batchSize: number;
    loss: "mse" | "l1";
    maskTarget: MaskTarget;
  },
): Promise<StepFigures> {
  const { network, state } = trained;
  const tables = partTables(state.classParts, state.partNames.length);
  const resolution = network.config.imageResolution;
  const loader = await loadSamples(dataset, { resolution, prefetch: false });
  const { semiFraction, maskTarget } = options;
  const data = new TrainingData({ dataset, poses, templates, tables }, loader, {
    resolution,
    semiFraction,
    maskTarget,
  });
  const objective = new ReconstructionObjective(network, options.loss);
  try {
    return await measure(objective, data, poses.ids.map((_, row) => row), options.batchSize, {
      semi: state.semiCoefficient,
      normalConsistency: options.meshRegularization * state.flatWarmup,
      learningRate: state.learningRate,
    });
  } finally {
    loader.close();
    objective.dispose();
  }
}
