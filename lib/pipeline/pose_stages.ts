/**
 * The stages of a pipeline that need no network: poses, and meshes refined to the photographs.
 *
 * @module
 */
import { correctionsFile, hypothesesFile, posesFile, reconstructionsFolder } from "../core/paths.ts";
import { hashText } from "../core/prng.ts";
import { evaluatePoses } from "../pose/evaluate.ts";
import { photographChoice, ROBUST_CHOICE } from "../pose/robust_choice.ts";
import { meanHardIou } from "../pose/hard_ious.ts";
import { removePartialFile } from "../pose/files.ts";
import { readPoseCorrections } from "../pose/pose_corrections.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import { runExportReconstructions } from "./export_reconstructions.ts";
import type { PipelineRequest } from "./pipeline_request.ts";
import { runPoseStep1 } from "./pose_step1.ts";
import { runPoseStep2 } from "./pose_step2.ts";
import { type PipelineStage, STAGE_VERSIONS } from "./pipeline_stage.ts";

/**
 * Both steps of pose estimation, and refinement.
 *
 * @param request What the pipeline is run on
 */
export async function poseStages(request: PipelineRequest): Promise<PipelineStage[]> {
  const { name, mode, workers, sizes } = request, dataset = name;
  const { parts = ROBUST_CHOICE.parts, partsFrom, featureModel } = request;
  const usesFeatures = parts === "features" || Boolean(partsFrom);
  const templates = await templateHash(request);
  const poses = { imageResolution: sizes.poseResolution, workers },
    corrections = await readPoseCorrections(correctionsFile(dataset));
  return [
    {
      name: "pose_step1",
      settings: {
        version: STAGE_VERSIONS.pose_step1,
        mode,
        templates,
        resolution: sizes.poseResolution,
        steps: sizes.poseSteps,
      },
      resultFile: hypothesesFile(dataset, mode),
      async run(start, callbacks) {
        if (start === "scratch") await removePartialFile(hypothesesFile(dataset, mode));
        const decay = {
          cameraOptimSteps: sizes.poseSteps,
          cameraLrDecayAfter: Math.round(0.8 * sizes.poseSteps),
        };
        const { N, H } = await runPoseStep1(
          { dataset, mode, ...poses, ...decay, overwrite: true },
          callbacks,
        );
        return { images: N, hypotheses: H };
      },
    },
    {
      name: "pose_step2",
      settings: {
        version: STAGE_VERSIONS.pose_step2,
        mode,
        resolution: sizes.poseResolution,
        ...parts !== ROBUST_CHOICE.parts && { parts },
        ...partsFrom && { partsFrom },
        ...usesFeatures && { features: featureModel?.model ?? "auto" },
        ...Object.keys(corrections).length > 0 && { corrections: hashText(JSON.stringify(corrections)) },
      },
      resultFile: posesFile(dataset, mode),
      async run(_, callbacks) {
        const { estimates, dataset: opened, templates } = await runPoseStep2(
          {
            dataset,
            mode,
            ...poses,
            ...photographChoice(request.category),
            parts,
            partsFrom,
            featureModel,
            overwrite: true,
          },
          callbacks,
        );
        const { medianDegrees, geodesicDistance, under10, flips, recall } = evaluatePoses(opened, estimates);
        const meanIou = await meanHardIou(opened, templates, estimates);
        return {
          kept: estimates.indices.length,
          recall,
          meanIou,
          medianDegrees,
          geodesicDistance,
          under10,
          flips,
        };
      },
    },
    {
      name: "refine",
      settings: { version: STAGE_VERSIONS.refine, mode, templates },
      resultFile: reconstructionsFolder(name, "full"),
      async run(_, callbacks) {
        const request = { name, dataset, mode, run: null, workers };
        const { paths, refined, iou, folder } = await runExportReconstructions(request, callbacks);
        return { meshes: paths.length, refined, iou, folder };
      },
    },
  ];
}

/** Changes with the shapes and parts of the templates, whoever made them. */
async function templateHash({ category, mode }: PipelineRequest): Promise<number> {
  const templates = await loadTemplates(category, mode);
  return hashText(
    templates.map(({ vertices, partLabels, partNames }) => [vertices, partLabels, partNames].join(";"))
      .join(),
  );
}
