/**
 * What the stages of a pipeline cost: seconds, memory and disk against images and sizes.
 *
 * @module
 */
import { measureConvolution } from "../backend/measure_convolution.ts";
import type { PresetName } from "../networks/presets.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import type { PipelineRequest } from "./pipeline_request.ts";
import type { StageName } from "./pipeline_stages.ts";

/** What one stage costs. */
export interface StageCost {
  /** Seconds of its work from scratch. */
  readonly seconds: number;
  /** Largest memory of the process, in bytes. */
  readonly memory: number;
  /** Size of the files that it leaves, in bytes. */
  readonly disk: number;
}

/** Measured once on one core of the reference machine (docs/explanation/scaling.md), with the rate of its convolution. */
const REFERENCE = {
  /** Thousand millions of operations a second of {@link measureConvolution} on one core. */
  convolutionRate: 88,
  /** Seconds of pose step 1 for an image: a share without the side, one with it, and the part more of each further template. */
  poseSeconds: { fixed: 0.6, perMegapixel: 8.5, moreTemplates: 0.21 },
  /** Seconds of pose step 2 for an image. */
  choiceSeconds: 0.2,
  /** Seconds of the refinement of an image, and of the export of its mesh. */
  refineSeconds: 1,
  meshSeconds: 0.25,
  /** Bytes of a refined object and of its mesh. */
  refinedBytes: 1.1e6,
  meshBytes: 0.5e6,
  /** Seconds of an iteration for each image of the batch. */
  reconstructionSeconds: { demo: 0.025, small: 0.06, paper: 0.6 },
  /** Seconds of a step for each sample of the batch. */
  ganSeconds: { demo: 0.025, small: 0.072, paper: 1.2 },
  /** Seconds of an image's refinement and maps. */
  pseudogtSeconds: { demo: 1.2, small: 1.2, paper: 1.5 },
  /** Bytes of a checkpoint with its optimiser: reconstruction, GAN. */
  checkpointBytes: { demo: [10e6, 18e6], small: [40e6, 70e6], paper: [160e6, 270e6] },
  /** Bytes of a pseudo-ground-truth file and its refined object. */
  pseudogtBytes: { demo: 1.5e6, small: 1.5e6, paper: 5e6 },
  /** Bytes of memory of the process while networks are trained, for each image of the batch, beside the fixed part. */
  memoryPerImage: { demo: 30e6, small: 60e6, paper: 400e6 },
} as const;

/** Memory of the process with its libraries. */
const BASE_MEMORY = 600e6;
/** Checkpoints that the pipeline keeps: of the reconstruction, and of the GAN. */
const CHECKPOINTS = [2, 8] as const;

/**
 * Estimates the stages on this machine: the reference machine's seconds, scaled by the number of cores and by a
 * convolution that is measured on the active backend.
 *
 * @param request What is to be run
 * @param images Photographs that are used
 */
export async function estimateStages(
  request: PipelineRequest,
  images: number,
): Promise<Record<StageName, StageCost>> {
  const { sizes, category, mode, workers } = request, preset: PresetName = sizes.preset;
  const cores = workers || navigator.hardwareConcurrency;
  const networkSpeed = await measureConvolution() / REFERENCE.convolutionRate;
  const templates = (await loadTemplates(category, mode)).length;
  const { fixed, perMegapixel, moreTemplates } = REFERENCE.poseSeconds;
  const pose = (fixed + perMegapixel * sizes.poseResolution ** 2 / 1e6) *
    (1 + moreTemplates * (templates - 1));
  const refined = images * (REFERENCE.refineSeconds / cores + REFERENCE.meshSeconds);
  const [reconstructionFile, ganFile] = REFERENCE.checkpointBytes[preset];
  const training = (batch: number) => BASE_MEMORY + batch * REFERENCE.memoryPerImage[preset];
  const cost = (seconds: number, disk: number, memory = BASE_MEMORY): StageCost => ({
    seconds,
    memory,
    disk,
  });
  return {
    import: cost(0.02 * images, 1e3 * images),
    pose_step1: cost(images * pose / cores, 3e3 * images),
    pose_step2: cost(images * REFERENCE.choiceSeconds / cores, 100 * images),
    refine: cost(refined, images * (REFERENCE.refinedBytes + REFERENCE.meshBytes)),
    reconstruct: cost(
      sizes.reconstructionIterations * sizes.reconstructionBatch * REFERENCE.reconstructionSeconds[preset] /
        networkSpeed,
      CHECKPOINTS[0] * reconstructionFile,
      training(sizes.reconstructionBatch),
    ),
    export_reconstructions: request.refine === "none"
      ? cost(0.1 * images, 0.1e6 * images)
      : cost(refined, images * REFERENCE.refinedBytes), // the meshes take the place of the first ones
    generate_pseudogt: cost(
      images * REFERENCE.pseudogtSeconds[preset] / cores,
      images * REFERENCE.pseudogtBytes[preset],
    ),
    train_gan: cost(
      sizes.ganIterations * sizes.ganBatch * REFERENCE.ganSeconds[preset] / networkSpeed,
      CHECKPOINTS[1] * ganFile,
      training(sizes.ganBatch),
    ),
    evaluate: cost(0.1 * images / networkSpeed, 1e6),
    export: cost(0.1 * sizes.exports, 0.5e6 * sizes.exports),
  };
}
