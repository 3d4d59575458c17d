/** `deno task pipeline`: from a folder of photographs to textured meshes. */
import { activateBackend } from "../cli/activate_backend.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { PIPELINE_FLAGS } from "../cli/flags/pipeline.ts";
import { tableLines } from "../cli/table.ts";
import { resolveMode } from "../lib/core/mode.ts";
import type { PresetName } from "../lib/networks/presets.ts";
import { finishPipeline } from "../lib/pipeline/finish.ts";
import { runPipeline } from "../lib/pipeline/pipeline.ts";
import { PIPELINE_SIZES, type PipelineSizes } from "../lib/pipeline/sizes.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";

/** The command; other sizes of the stages serve tests. */
export const pipelineCommand = (sizesOf: Readonly<Record<PresetName, PipelineSizes>> = PIPELINE_SIZES) =>
  defineCommand({
    name: "pipeline",
    doc:
      "Runs all stages, from a folder of photographs to textured meshes; stages that are up to date are skipped.",
    flags: PIPELINE_FLAGS,
    async run(flags, { given, callbacks, print }) {
      const { name, images, template: category, seed, skipInvalid, limit = 0, numWorkers: workers = null } =
        flags;
      const { onMessage } = callbacks("pipeline");
      const mode = resolveMode({ name, flag: flags.mode, fallback: "singletpl" }, onMessage);
      await loadTemplates(category, mode); // an unknown template is told before any work
      const backend = await activateBackend(flags, given, onMessage);
      const sizes = sizesOf[flags.preset as PresetName];
      const request = { name, images, category, mode, sizes, limit, seed, skipInvalid, workers, backend };
      const result = await runPipeline(request, callbacks);
      const { rows, files } = await finishPipeline(request, result, callbacks("report"));
      tableLines(rows).forEach(print);
      print(`Report: ${files.report}`);
    },
  });

/** `deno task pipeline`. */
export const pipeline = pipelineCommand();

if (import.meta.main) await runCommand(pipeline);
