/** `deno task setup`: fetches the native library. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { messageOf, UserError } from "../lib/core/errors.ts";
import { provisionLibrary } from "../lib/backend/native/provision.ts";

export const setup = defineCommand({
  name: "setup",
  doc: "Puts the TensorFlow library of the native backend into cache/native.",
  flags: {
    wheel: {
      kind: "text",
      doc: "A wheel file of TensorFlow to take the library from, instead of a download.",
      default: "",
    },
    variant: {
      kind: "text",
      doc: "Library for the CPU or for NVIDIA GPUs.",
      choices: ["cpu", "cuda"],
      default: "cpu",
    },
    force: { kind: "boolean", doc: "Set it up again although it is there.", default: false },
    optional: {
      kind: "boolean",
      doc: "Exit with 0 where the library cannot be had, after saying why: the slower backends still work.",
      default: false,
    },
  },
  async run({ wheel, variant, force, optional }, { callbacks, print }) {
    const options = { wheel, variant: variant as "cpu" | "cuda", force };
    try {
      print((await provisionLibrary(options, callbacks("TensorFlow library"))).sentence);
    } catch (error) {
      if (!optional || !(error instanceof UserError)) throw error;
      print(messageOf(error));
    }
  },
});

if (import.meta.main) await runCommand(setup);
