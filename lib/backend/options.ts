/**
 * Options of everything that computes with tensors.
 *
 * @module
 */

import { STEP_DEFAULTS, type StepSettings } from "./native/step_settings.ts";

export { type Precision, PRECISIONS, type StepSettings } from "./native/step_settings.ts";

/** A backend: where tensors live and what computes with them. */
export type BackendName = "native" | "webgpu" | "wasm" | "cpu";

/** Every backend, the fastest first; `auto` never takes `cpu`. */
export const BACKEND_NAMES: readonly BackendName[] = ["native", "webgpu", "wasm", "cpu"];

/** Which backend to use, how much of the machine, and how compiled steps run. */
export interface BackendOptions extends StepSettings {
  /** A backend, or `auto` for the first that works. */
  backend?: BackendName | "auto";
  /** Threads of the native backend; 0 for one per core. */
  threads?: number;
  /** GPUs that the native backend may use; an empty list for all. */
  gpuIds?: readonly number[];
}

/** Defaults of {@linkcode BackendOptions}. */
export const BACKEND_DEFAULTS = {
  backend: "auto",
  threads: 0,
  gpuIds: [],
  ...STEP_DEFAULTS,
} as const satisfies Required<BackendOptions>;
