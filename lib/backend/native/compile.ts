/**
 * Compiles a training step: its first call is recorded, later calls replay it as TensorFlow functions.
 *
 * @module
 */
import type { Tensor } from "../../core/tensor.ts";
import { tf } from "../../core/tensor.ts";
import { type AnyStep, recordStep } from "./record_step.ts";
import type { RecordedStep, StepDescription } from "./recorded_step.ts";
import { RecordingError } from "./recorder.ts";
import { activeNativeBackend } from "./active.ts";
import { runStep, type StepSettings, stepSettings } from "./step_settings.ts";

/** What a compiled step has besides its call. */
export interface CompiledStepControls {
  /** Frees what was recorded; the next call records again. */
  dispose(): void;
  /** What was recorded; null before that and on other backends. */
  describe(): StepDescription | null;
}

/**
 * Makes a step that runs faster on the native backend, and as it is on all others.
 *
 * Rules for the step, so that a replay computes what the step would: values are read only inside `hostOp`; noise,
 * learning rates and all else that changes from call to call comes in as arguments, always of the same shapes, or lies
 * in variables; those exist after the first call. Numbers and tensors from outside that are neither arguments nor
 * variables are taken as constants. Everything but the results is tidied away.
 *
 * A replay equals the step itself bit for bit, except with the precision bf16.
 *
 * @param step Takes tensors, may assign to variables, returns tensors that the caller disposes
 * @param settings Differences from the settings that `useBackend` was given
 * @returns The step; calls throw `RecordingError` where it does what cannot be recorded, and `TypeError` for arguments
 * of other shapes than the first call's
 */
export function compileStep<S extends (...inputs: never[]) => Tensor[]>(
  step: S,
  settings: StepSettings = {},
): S & CompiledStepControls {
  const anyStep = step as unknown as AnyStep;
  let recorded: RecordedStep | null = null;
  let signature = "";
  let attempts = 0;
  const call = (...inputs: Tensor[]): Tensor[] => {
    const backend = activeNativeBackend();
    const { eager, precision } = { ...stepSettings(), ...settings };
    if (backend === null) return tf.tidy(() => anyStep(...inputs));
    if (eager) return runStep({ eager, precision: "float32" }, () => tf.tidy(() => anyStep(...inputs)));
    const current = inputs.map(({ dtype, shape }) => `${dtype} [${shape.join(", ")}]`).join(", ");
    if (recorded !== null) {
      if (current === signature) return recorded.replay(inputs);
      throw new TypeError(
        `Cannot replay a step that was recorded for ${signature}: current value is ${current}`,
      );
    }
    const recording = runStep(
      { eager, precision },
      () => recordStep(backend, anyStep, inputs, precision),
    );
    if (recording.recorded === null && ++attempts > 1) {
      throw new RecordingError(
        "Cannot record a step that makes new variables at every call: make them before",
      );
    }
    recorded = recording.recorded;
    signature = current;
    return recording.results;
  };
  const controls: CompiledStepControls = {
    dispose: () => {
      recorded?.dispose();
      recorded = null;
    },
    describe: () => recorded?.description ?? null,
  };
  return Object.assign(call, controls) as unknown as S & CompiledStepControls;
}
