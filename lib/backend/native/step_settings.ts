/**
 * How steps are run on the native backend.
 *
 * @module
 */

/** Element type of convolutions inside recorded steps; everything else is computed, and all is stored, in float32. */
export type Precision = "float32" | "bf16";

/** The product of matrices that is rounded to bf16 as convolutions are; all other products go by other operations. */
export const CONVOLVING_PRODUCT = "BatchMatMul";

/** Settings of all compiled steps; each may have its own. */
export interface StepSettings {
  /** Whether training steps are run as they are and never recorded. */
  eager?: boolean;
  /** Element type of convolutions in training steps that are recorded. */
  precision?: Precision;
}

/** Defaults of {@linkcode StepSettings}. */
export const STEP_DEFAULTS = {
  eager: false,
  precision: "float32",
} as const satisfies Required<StepSettings>;

/** All precisions. */
export const PRECISIONS = ["float32", "bf16"] as const satisfies readonly Precision[];

let current: Required<StepSettings> = STEP_DEFAULTS;

/** Sets what steps take that have no settings of their own; `useBackend` calls it. */
export function setStepSettings(settings: StepSettings): void {
  current = { ...STEP_DEFAULTS, ...settings };
}

/** What steps take that have no settings of their own. */
export function stepSettings(): Required<StepSettings> {
  return current;
}

let running: Required<StepSettings> | null = null;

/** Settings of the step that is being run or recorded; null outside of compiled steps. */
export function runningStep(): Required<StepSettings> | null {
  return running;
}

/** Runs a step, or what records it. */
export function runStep<T>(settings: Required<StepSettings>, run: () => T): T {
  const outer = running;
  running = settings;
  try {
    return run();
  } finally {
    running = outer;
  }
}
