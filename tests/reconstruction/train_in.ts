import type { Dataset } from "../../lib/datasets/dataset.ts";
import type { PoseEstimates } from "../../lib/pose/files.ts";
import type { ReconstructionOptions } from "../../lib/reconstruction/options.ts";
import type { ReconstructionParts } from "../../lib/reconstruction/own_parts.ts";
import {
  type ReconstructionCallbacks,
  type ReconstructionResult,
  trainReconstruction,
} from "../../lib/reconstruction/train.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import { type RunControl, runFolder } from "../../lib/training/run_folder.ts";

/** Trains in a folder, as the pipeline does. */
export async function trainIn(
  dataset: Dataset,
  poses: PoseEstimates,
  templates: readonly Template[],
  options: ReconstructionOptions & RunControl & { folder: string },
  callbacks: ReconstructionCallbacks = {},
  parts: ReconstructionParts = {},
): Promise<Omit<ReconstructionResult, "network">> {
  const { folder, continueTrain, whichEpoch, overwrite, ...build } = options;
  const run = runFolder(folder, { continueTrain, whichEpoch, overwrite });
  const { network, ...result } = await trainReconstruction(
    dataset,
    poses,
    templates,
    build,
    { ...callbacks, run },
    parts,
  );
  network.dispose();
  return result;
}
