/** `deno task pipeline`: from a folder of photographs to textured meshes. */
import { activateBackend } from "../cli/activate_backend.ts";
import { type CommandContext, defineCommand, runCommand } from "../cli/command.ts";
import { PIPELINE_FLAGS } from "../cli/flags/pipeline.ts";
import { featureModelOf } from "../cli/feature_source.ts";
import { masksOf } from "../cli/mask_source.ts";
import { formatNumber } from "../cli/progress.ts";
import { tableLines } from "../cli/table.ts";
import { refuseTogether } from "../cli/training_flags.ts";
import type { FlagValues } from "../cli/flag_table.ts";
import { resolveMode } from "../lib/core/mode.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { finishPipeline } from "../lib/pipeline/finish.ts";
import { runPipeline } from "../lib/pipeline/pipeline.ts";
import type { PipelineRequest } from "../lib/pipeline/pipeline_request.ts";
import type { StageName } from "../lib/pipeline/pipeline_stages.ts";
import { planPipeline, planRows } from "../lib/pipeline/plan.ts";
import { PIPELINE_SIZES, type PipelineSizes } from "../lib/pipeline/sizes.ts";
import type { Refinement } from "../lib/refinement/refinement.ts";
import type { PartsKind } from "../lib/pose/choose_options.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";
import { requireVisionModel } from "../lib/vision/patch_model.ts";

/** The command; other sizes of the stages serve tests. */
export const pipelineCommand = (sizesOf: Readonly<Record<PresetName, PipelineSizes>> = PIPELINE_SIZES) =>
  defineCommand({
    name: "pipeline",
    doc:
      "Runs all stages, from a folder of photographs to textured meshes; stages that are up to date are skipped.",
    flags: PIPELINE_FLAGS,
    async run(flags, context) {
      const { given, callbacks, print, commandLine: command } = context;
      const from = flags.from as StageName | undefined, only = flags.only as StageName | undefined;
      refuseTogether(given, "from", "only");
      const request = await requestOf(flags, sizesOf[flags.preset as PresetName], context);
      if (flags.dryRun) {
        const plan = await planPipeline(request, { from, only }, callbacks("import"));
        return [...tableLines(planRows(plan)), plan.note].forEach(print);
      }
      const result = await runPipeline(request, callbacks, { from, only, command });
      if (only) {
        const { name, result: figures } = result.stages.at(-1)!;
        return tableLines([
          ["stage", name],
          ...Object.entries(figures).map(([key, value]) => [
            key,
            typeof value === "number" ? formatNumber(value) : `${value ?? "not known"}`,
          ]),
        ])
          .forEach(print);
      }
      const { rows, files } = await finishPipeline(request, result, callbacks("report"));
      tableLines(rows).forEach(print);
      print(`Report: ${files.report}`);
    },
  });

/** The request of a command line; an unknown template, or a model that is missing, is told before any work. */
async function requestOf(
  flags: FlagValues<typeof PIPELINE_FLAGS>,
  preset: PipelineSizes,
  { given, callbacks }: CommandContext,
): Promise<PipelineRequest> {
  const {
    name,
    images,
    template: category,
    seed,
    skipInvalid,
    train,
    limit = 0,
    numWorkers: workers = null,
  } = flags;
  const { onMessage } = callbacks("pipeline");
  const mode = resolveMode({ name, flag: flags.mode, fallback: "singletpl" }, onMessage);
  await loadTemplates(category, mode);
  const featureModel = featureModelOf(flags), isOwn = featureModel.model !== "auto";
  if (!isOwn && (flags.parts === "features" || flags.partsFrom)) await requireVisionModel();
  const backend = await activateBackend(flags, given, onMessage);
  const sizes = {
    ...preset,
    poseResolution: flags.poseResolution ?? preset.poseResolution,
    reconstructionBatch: flags.reconBatchSize ?? preset.reconstructionBatch,
    reconstructionIterations: flags.reconIters ?? preset.reconstructionIterations,
    ganBatch: flags.ganBatchSize ?? preset.ganBatch,
    ganIterations: flags.ganIters ?? preset.ganIterations,
    exports: flags.howMany ?? preset.exports,
  };
  const request = { name, images, category, mode, sizes, limit, seed, skipInvalid, train, workers, backend };
  const parts = { parts: flags.parts as PartsKind, partsFrom: flags.partsFrom, featureModel };
  return { ...request, ...parts, ...masksOf(flags), refine: flags.refine as Refinement };
}

/** `deno task pipeline`. */
export const pipeline = pipelineCommand();

if (import.meta.main) await runCommand(pipeline);
