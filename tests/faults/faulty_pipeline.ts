/**
 * The tiny pipeline with a fault inside the process: `TEXMESH_FAULT` is `disk:MS`, after which nothing can be written any
 * more, or `clock:MS`, after which the clock jumps back and forth by days. Tells on standard error when a stage begins.
 *
 * @module
 */
import { type Command, runCommand } from "../../cli/command.ts";
import { chunkWriter } from "../../lib/io/atomic_file.ts";
import { tinyPipeline } from "../e2e/tiny_pipeline.ts";

const DAY = 86_400_000;

const FAULTS: Readonly<Record<string, () => void>> = {
  disk() {
    chunkWriter.write = () =>
      Promise.reject(Object.assign(new Error("No space left on device"), { code: "ENOSPC" }));
  },
  clock() {
    const { now } = Date;
    let sign = 1;
    Date.now = () => now() + (sign = -sign) * 3 * DAY;
  },
};

const [kind, delay] = (Deno.env.get("TEXMESH_FAULT") ?? "").split(":");
const stage = Deno.env.get("TEXMESH_FAULT_STAGE");
const command = tinyPipeline as unknown as Command;

await runCommand({
  ...command,
  run: (values, context) =>
    command.run(values, {
      ...context,
      callbacks(label) {
        if (label === stage) {
          console.error(`@${label}`);
          if (kind in FAULTS) setTimeout(FAULTS[kind], Number(delay));
        }
        return context.callbacks(label);
      },
    }),
});
