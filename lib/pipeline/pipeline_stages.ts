/**
 * The stages of a pipeline: what each depends on, where its result is, and how it is run.
 *
 * @module
 */
import { join } from "@std/path";
import type { BackendName } from "../backend/options.ts";
import {
  datasetFile,
  ganFolder,
  outputFolder,
  poseMetadataFile,
  reconstructionFolder,
  reconstructionsFolder,
} from "../core/paths.ts";
import { hashText } from "../core/prng.ts";
import { PRESETS } from "../networks/presets.ts";
import { checkpointFile } from "../training/checkpoint.ts";
import { runEvaluation } from "./evaluate.ts";
import { runExport } from "./export.ts";
import { runExportReconstructions } from "./export_reconstructions.ts";
import { runPseudoGroundTruth } from "./generate_pseudogt.ts";
import { LEAST_FOR_NETWORKS, type PipelineRequest, type StageName } from "./pipeline_request.ts";
import { exists } from "../io/exists.ts";
import { ganStage, reconstructStage } from "./network_stages.ts";
import { type PipelineStage, STAGE_VERSIONS } from "./pipeline_stage.ts";
import { poseStages } from "./pose_stages.ts";
import type { StageInputs } from "./stage_record.ts";

export { LEAST_FOR_NETWORKS, STAGE_NAMES, type StageName } from "./pipeline_request.ts";

/** Whether the stages that train networks, and those that rest on them, are part of a pipeline. */
export function trainsNetworks(
  { train = false }: Pick<PipelineRequest, "train">,
  photographs: number,
): boolean {
  return train || photographs >= LEAST_FOR_NETWORKS;
}

/** The import, for photographs that `dataset.json` describes so. */
export function importInputs(name: string, description: string): StageInputs {
  const settings = { version: STAGE_VERSIONS.import, hash: hashText(description) };
  return { name: "import", settings, resultFile: datasetFile(name) };
}

/**
 * The stages after the import, in order; those of networks only where they are trained.
 *
 * @param request What the pipeline is run on
 * @param photographs Photographs that the import found usable
 */
export async function stagesOf(request: PipelineRequest, photographs: number): Promise<PipelineStage[]> {
  const first = await poseStages(request);
  if (!trainsNetworks(request, photographs)) return first;
  const { name, mode, seed, workers, backend, sizes, refine = "full" } = request, dataset = name;
  const networks = { ...sizes, backend: backend.name as BackendName, seed };
  /** A stage that depends on the networks' settings. */
  const networkStage = (stage: StageName, resultFile: string, run: PipelineStage["run"]): PipelineStage => ({
    name: stage,
    settings: { version: STAGE_VERSIONS[stage], mode, networks },
    resultFile,
    run,
  });
  return [
    ...first,
    networkStage(
      "reconstruct",
      checkpointFile(reconstructionFolder(name), "latest"),
      (start, callbacks) => reconstructStage(request, start, callbacks),
    ),
    {
      ...networkStage("export_reconstructions", reconstructionsFolder(name, refine), async (_, callbacks) => {
        const request = { name, dataset, mode, refine, run: name, workers };
        const { paths, refined, iou } = await runExportReconstructions(request, callbacks);
        return { meshes: paths.length, refined, iou };
      }),
      settings: { version: STAGE_VERSIONS.export_reconstructions, mode, networks, refine },
    },
    networkStage("generate_pseudogt", poseMetadataFile(dataset, mode, name), async (start, callbacks) => {
      const pseudogtResolution = PRESETS[sizes.preset].textureResolution;
      const overwrite = start === "scratch";
      const request = { name, dataset, mode, pseudogtResolution, skipInvalid: true, overwrite };
      const { count, skipped } = await runPseudoGroundTruth(request, callbacks);
      return { files: count, skipped: skipped.length };
    }),
    networkStage(
      "train_gan",
      checkpointFile(ganFolder(name), "latest"),
      (start, callbacks) => ganStage(request, start, callbacks),
    ),
    networkStage("evaluate", join(ganFolder(name), "evaluation.json"), async (_, callbacks) => {
      const whichEpoch = await bestOrLatest(name);
      const [entry] = await runEvaluation({ name, whichEpoch, searchBest: false }, callbacks);
      const { label, combined, textureOnly, meshOnly, kernel } = entry;
      return { checkpoint: whichEpoch, label, distance: combined, textureOnly, meshOnly, kernel };
    }),
    networkStage("export", join(outputFolder(name), "samples.json"), async (_, callbacks) => {
      const whichEpoch = await bestOrLatest(name);
      const { samples, folder } = await runExport(
        { name, howMany: sizes.exports, seed, whichEpoch, perspective: true },
        callbacks,
      );
      return { meshes: samples.length, folder };
    }),
  ];
}

async function bestOrLatest(name: string): Promise<string> {
  return await exists(checkpointFile(ganFolder(name), "best")) ? "best" : "latest"; // a damaged one is told by its reader
}
