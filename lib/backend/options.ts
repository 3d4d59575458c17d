/**
 * Options of everything that computes with tensors.
 *
 * @module
 */

import { option, type OptionsInput } from "../core/option.ts";
import { PRECISIONS, STEP_DEFAULTS } from "./native/step_settings.ts";

export { type Precision, PRECISIONS, type StepSettings } from "./native/step_settings.ts";

/** A backend: where tensors live and what computes with them. */
export type BackendName = "native" | "webgpu" | "wasm" | "cpu";

/** Every backend, the fastest first; `auto` never takes `cpu`. */
export const BACKEND_NAMES = ["native", "webgpu", "wasm", "cpu"] as const satisfies readonly BackendName[];

/** Which backend to use, and how much of the machine: options of tasks that train nothing. */
export const INFERENCE_OPTIONS = {
  backend: option.choice({
    doc: "What computes the networks; auto takes the fastest that works and says so.",
    choices: ["auto", ...BACKEND_NAMES],
    default: "auto",
  }),
  threads: option.integer({
    doc: "Threads of the native backend; auto is the number of cores.",
    minimum: 1,
    auto: 0,
  }),
  gpuIds: option.integers({
    doc: "GPU devices of the native backend; without effect on a CPU.",
    minimum: 0,
    default: [],
    shown: [0],
  }),
} as const;

/** Which backend to use, how much of the machine, and how compiled steps run. */
export const BACKEND_OPTIONS = {
  ...INFERENCE_OPTIONS,
  eager: option.boolean({
    doc: "Run training steps as they are instead of recording and replaying them: slower, the same numbers.",
    default: STEP_DEFAULTS.eager,
  }),
  precision: option.choice({
    doc: "Convolutions of training steps; bf16 where backend and processor have it.",
    choices: PRECISIONS,
    default: STEP_DEFAULTS.precision,
  }),
} as const;

/** Options of `useBackend`: {@linkcode BACKEND_OPTIONS} tells what each is. */
export type BackendOptions = OptionsInput<typeof BACKEND_OPTIONS>;
