/**
 * All kinds of parity cases: where they lie, how their names begin, and whether they are done.
 *
 * @module
 */
import type { CaseData } from "./case_data.ts";
import type { Check } from "./check.ts";
import { checkpointCase } from "./checkpoint_cases.ts";
import { frechetCase, inceptionCase, statisticsFileCase } from "./metric_cases.ts";
import { goldenCase, oracleCase } from "./dibr_cases.ts";
import {
  agreementCase,
  degenerateNormalCase,
  flatCase,
  geodesicCase,
  imageBoundaryCase,
  iouCase,
  laplacianCase,
  meanIouCase,
} from "./loss_cases.ts";
import { deformCase, lossesCase, primitivesCase, templateCase, textureMapsCase } from "./mesh_cases.ts";
import { ganAndOverlapCase } from "./gan_and_overlap_case.ts";
import { discriminatorCase, generatorCase, reconstructionCase } from "./network_cases.ts";
import { ganStepsCase, reconstructionStepsCase } from "./network_step_cases.ts";
import { adamCase, fullMatrixAdamCase } from "./optimiser_cases.ts";
import { poseBenchmarkCase } from "./pose_benchmark_cases.ts";
import { fullMatrixCase, transformsCase } from "./pose_cases.ts";
import { step2Case } from "./pose_step2_case.ts";
import { scheduleCase, scoresCase, stepCase, trajectoryCase } from "./pose_step_cases.ts";
import { primitivesCase as networkPrimitivesCase } from "./primitive_case.ts";
import {
  emptyMaskCase,
  ganLossCase,
  hingeTiesCase,
  partSelectionCase,
  partTargetCase,
  reconstructionTermsCase,
} from "./reconstruction_loss_cases.ts";
import { remeshCase } from "./remesh_cases.ts";
import { alphaCase, backgroundCase, textureCase, vertexColoursCase } from "./renderer_cases.ts";
import {
  averageCase,
  classBalanceCase,
  momentumCase,
  schedulesCase,
  truncatedCase,
} from "./training_cases.ts";

/** Compares one case. */
export type RunCase = (data: CaseData) => Check[] | Promise<Check[]>;

/** One kind of cases: `done` ones are run, the others name the issue that they are due in. */
export interface ParityKind {
  /** Name, for `--kinds`. */
  readonly name: string;
  /** Folder under the parity folder. */
  readonly folder: string;
  /** Whether the code that it needs is there, or the number of the issue that brings it. */
  readonly status: "done" | { readonly pending: number };
  /** What runs the cases whose names begin so; the longest matching beginning counts. */
  readonly prefixes: Readonly<Record<string, RunCase | null>>;
  /** Every file is a case under its whole name and is read by the case itself, not as arrays beforehand. */
  readonly everyFile?: boolean;
}

/** The table of kinds. */
export const PARITY_KINDS: readonly ParityKind[] = [
  {
    name: "mesh",
    folder: "mesh",
    status: "done",
    prefixes: {
      template: templateCase,
      deform_: deformCase,
      losses: lossesCase,
      texture_ops: textureMapsCase,
      primitives: primitivesCase,
      gan_and_overlap_losses: ganAndOverlapCase,
    },
  },
  {
    name: "dibr",
    folder: "dibr",
    status: "done",
    prefixes: { golden_: goldenCase, random_: oracleCase, degenerate: oracleCase },
  },
  {
    name: "renderer",
    folder: "renderer",
    status: "done",
    prefixes: {
      alpha_: alphaCase,
      texture_: textureCase,
      vc_: vertexColoursCase,
      background_and_sharpness: backgroundCase,
    },
  },
  {
    name: "losses_geometry",
    folder: "losses",
    status: "done",
    prefixes: {
      agreement_: agreementCase,
      flat_: flatCase,
      frustum_: imageBoundaryCase,
      geodesic_: geodesicCase,
      laplacian: laplacianCase,
      mean_iou_: iouCase,
      mean_miou_: meanIouCase,
      normal_: degenerateNormalCase,
    },
  },
  {
    name: "optim_adam",
    folder: "optim",
    status: "done",
    prefixes: { adam_: adamCase, adam_full: fullMatrixAdamCase },
  },
  {
    name: "remesh",
    folder: "remesh",
    status: "done",
    prefixes: { "": remeshCase },
  },
  {
    name: "checkpoints",
    folder: "checkpoints",
    status: "done",
    everyFile: true,
    prefixes: {
      bad_: checkpointCase,
      checkpoint_: checkpointCase,
      detections: checkpointCase,
      evil_: checkpointCase,
      hostile: checkpointCase,
      manifest: checkpointCase,
      ok_: checkpointCase,
      poses_: checkpointCase,
      pseudogt: checkpointCase,
      templates: checkpointCase,
      tensors: checkpointCase,
    },
  },
  {
    name: "pose",
    folder: "pose",
    status: "done",
    prefixes: {
      adamfull: fullMatrixCase,
      schedule: scheduleCase,
      scores: scoresCase,
      step_: stepCase,
      step2_: step2Case,
      trajectory_: trajectoryCase,
      transforms: transformsCase,
    },
  },
  {
    name: "pose_benchmark",
    folder: "pose_benchmark",
    status: "done",
    everyFile: true,
    prefixes: { "": poseBenchmarkCase },
  },
  {
    name: "networks_recon",
    folder: "networks",
    status: "done",
    prefixes: { recon_: reconstructionCase, steps_recon: reconstructionStepsCase },
  },
  {
    name: "networks_primitives",
    folder: "networks",
    status: "done",
    prefixes: { primitives: networkPrimitivesCase },
  },
  {
    name: "losses",
    folder: "losses",
    status: "done",
    prefixes: {
      ganloss: ganLossCase,
      hinge_ties: hingeTiesCase,
      hinge_empty: emptyMaskCase,
      part_: partSelectionCase,
      recon_: reconstructionTermsCase,
      seg_: partTargetCase,
    },
  },
  {
    name: "optim",
    folder: "optim",
    status: "done",
    prefixes: {
      class_: classBalanceCase,
      ema: averageCase,
      schedules: schedulesCase,
      sgd_: momentumCase,
      truncated_: truncatedCase,
    },
  },
  {
    name: "networks_gan",
    folder: "networks",
    status: "done",
    prefixes: { gen: generatorCase, disc: discriminatorCase, steps_gan: ganStepsCase },
  },
  {
    name: "networks_parts",
    folder: "networks",
    status: "done",
    prefixes: { gen128_semantics: generatorCase, disc256_semantics: discriminatorCase },
  },
  {
    name: "metrics",
    folder: "metrics",
    status: "done",
    prefixes: {
      fid_: frechetCase,
      inception_: inceptionCase,
      precomputed_fid_: statisticsFileCase,
      stats_file: statisticsFileCase,
    },
  },
];
