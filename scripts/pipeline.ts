/** `deno task pipeline`: from a folder of photographs to textured meshes. */
import { activateBackend } from "../cli/activate_backend.ts";
import { type CommandContext, defineCommand, runCommand } from "../cli/command.ts";
import { featureModelOf } from "../cli/feature_source.ts";
import { FEATURE_MODEL_OPTIONS } from "../lib/vision/feature_model_options.ts";
import { masksOf } from "../cli/mask_source.ts";
import { formatNumber } from "../cli/progress.ts";
import { tableLines } from "../cli/table.ts";
import { BACKEND_OPTIONS } from "../lib/backend/options.ts";
import type { OptionsOutput } from "../lib/core/option.ts";
import { resolveMode } from "../lib/core/mode.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { finishPipeline } from "../lib/pipeline/finish.ts";
import { runPipeline } from "../lib/pipeline/pipeline.ts";
import { PIPELINE_OPTIONS, type PipelineRequest } from "../lib/pipeline/pipeline_request.ts";
import { planPipeline, planRows } from "../lib/pipeline/plan.ts";
import { PIPELINE_SIZES, type PipelineSizes } from "../lib/pipeline/sizes.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";
import { requireVisionModel } from "../lib/vision/patch_model.ts";

const OPTIONS = { ...PIPELINE_OPTIONS, ...FEATURE_MODEL_OPTIONS, ...BACKEND_OPTIONS };

/** The command; other sizes of the stages serve tests. */
export const pipelineCommand = (sizesOf: Readonly<Record<PresetName, PipelineSizes>> = PIPELINE_SIZES) =>
  defineCommand({
    name: "pipeline",
    doc:
      "Runs all stages, from a folder of photographs to textured meshes; stages that are up to date are skipped.",
    options: OPTIONS,
    async run(values, context) {
      const { callbacks, print, commandLine: command } = context, { from, only } = values;
      const request = await requestOf(values, sizesOf[values.preset], context);
      if (values.dryRun) {
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
  values: OptionsOutput<typeof OPTIONS>,
  preset: PipelineSizes,
  { options, callbacks }: CommandContext,
): Promise<PipelineRequest> {
  const { onMessage } = callbacks("pipeline"), { name, category } = values;
  const mode = resolveMode({ name, flag: values.mode, fallback: "singletpl" }, onMessage);
  await loadTemplates(category, mode);
  const featureModel = featureModelOf(values), isOwn = featureModel.model !== "auto";
  if (!isOwn && (values.parts === "features" || values.partsFrom)) await requireVisionModel();
  const backend = await activateBackend(values, options, onMessage);
  const sizes = {
    ...preset,
    poseResolution: values.poseResolution ?? preset.poseResolution,
    reconstructionBatch: values.reconBatchSize ?? preset.reconstructionBatch,
    reconstructionIterations: values.reconIters ?? preset.reconstructionIterations,
    ganBatch: values.ganBatchSize ?? preset.ganBatch,
    ganIterations: values.ganIters ?? preset.ganIterations,
    exports: values.howMany ?? preset.exports,
  };
  return { ...values, ...masksOf(values), featureModel, mode, sizes, backend };
}

/** `deno task pipeline`. */
export const pipeline = pipelineCommand();

if (import.meta.main) await runCommand(pipeline);
