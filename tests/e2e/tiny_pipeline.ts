/**
 * `deno task pipeline` with stages so small that tests can run it: the same flags, files and messages. The variable
 * `TEXMESH_E2E_RAISE`, such as `9:train_gan:5`, makes the process raise a signal at the n-th report of a stage.
 *
 * @module
 */
import { type Command, runCommand } from "../../cli/command.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import type { PipelineSizes } from "../../lib/pipeline/sizes.ts";
import { pipelineCommand } from "../../scripts/pipeline.ts";

/** Sizes of the stages. */
export const TINY_SIZES: PipelineSizes = {
  preset: "demo",
  poseResolution: 64,
  poseSteps: 10,
  reconstructionBatch: 2,
  reconstructionIterations: 8,
  reconstructionRate: 1e-3,
  ganBatch: 2,
  ganIterations: 8,
  ganRates: [2e-4, 4e-4],
  ganEmaDecay: 0.9,
  exports: 2,
};

/** The command. */
export const tinyPipeline = pipelineCommand({ demo: TINY_SIZES, small: TINY_SIZES, paper: TINY_SIZES });

function raisingAt(wanted: string): Command {
  const [signal, stage, count] = wanted.split(":");
  const library = Deno.build.os === "darwin" ? "libSystem.dylib" : "libc.so.6";
  const { symbols } = Deno.dlopen(library, { raise: { parameters: ["i32"], result: "i32" } });
  let reports = 0;
  const watch = (callbacks: StageCallbacks): StageCallbacks => ({
    ...callbacks,
    onProgress(progress) {
      callbacks.onProgress?.(progress);
      if (++reports === Number(count)) symbols.raise(Number(signal));
    },
  });
  const command = tinyPipeline as unknown as Command;
  return {
    ...command,
    run: (values, context) =>
      command.run(values, {
        ...context,
        callbacks: (label) => label === stage ? watch(context.callbacks(label)) : context.callbacks(label),
      }),
  };
}

if (import.meta.main) {
  const wanted = Deno.env.get("TEXMESH_E2E_RAISE");
  await runCommand(wanted ? raisingAt(wanted) : tinyPipeline as unknown as Command);
}
