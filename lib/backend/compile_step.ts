/**
 * Compiles a training step: its first call is recorded, later calls replay it as TensorFlow functions.
 *
 * @module
 */
import { type Tensor, tf } from "../core/tensor.ts";
import { activeNativeBackend } from "./native/active.ts";
import { recordStep } from "./native/record_step.ts";
import type { RecordedStep, StepDescription } from "./native/recorded_step.ts";
import { RecordingError } from "./native/operation_listener.ts";
import { runStep, type StepSettings, stepSettings } from "./native/step_settings.ts";

/** Tensors by name, as a record or an interface has them; optional ones may be null or left out. */
export type StepTensors<T> = { readonly [Name in keyof T]: Tensor | null | undefined };

/** What a compiled step has besides its call. */
export interface CompiledStepControls {
  /** Frees what was recorded; the next call records again. */
  dispose(): void;
  /** What was recorded; null before that and on other backends. */
  describe(): StepDescription | null;
}

/** A compiled step: named tensors in, named tensors out. */
export type CompiledStep<Inputs, Results> = ((inputs: Inputs) => Results) & CompiledStepControls;

/**
 * Makes a step that runs faster on the native backend, and as it is on all others.
 *
 * Rules for the step, so that a replay computes what the step would: values are read only inside `hostOp`; noise,
 * learning rates and all else that changes from call to call comes in as inputs, always of the same names and shapes, or
 * lies in variables; those exist after the first call. Numbers and tensors from outside that are neither inputs nor
 * variables are taken as constants. Everything but the results is tidied away.
 *
 * A replay equals the step itself bit for bit, except with the precision bf16.
 *
 * @param step Takes tensors by name, may assign to variables, returns tensors by name that the caller disposes
 * @param settings Differences from the settings that `useBackend` was given
 * @returns The step; calls throw `RecordingError` where it does what cannot be recorded, and `TypeError` for inputs of
 * other names or shapes than the first call's
 */
export function compileStep<
  Inputs extends StepTensors<Inputs>,
  Results extends Record<keyof Results, Tensor>,
>(
  step: (inputs: Inputs) => Results,
  settings: StepSettings = {},
): CompiledStep<Inputs, Results> {
  let recorded: RecordedStep | null = null;
  let kinds: readonly InputKind[] = [];
  let resultNames: string[] = [];
  let attempts = 0;
  const call = (inputs: Inputs): Results => {
    const backend = activeNativeBackend();
    const { eager, precision } = { ...stepSettings(), ...settings };
    if (backend === null) return tidied(() => step(inputs));
    if (eager) return runStep({ eager, precision: "float32" }, () => tidied(() => step(inputs)));
    if (recorded !== null) {
      const tensors = tensorsOf(inputs, kinds);
      if (tensors !== null) return named(resultNames, recorded.replay(tensors));
      throw new TypeError(
        `Cannot replay a step that was recorded for ${describe(kinds)}: current value is ${
          describe(kindsOf(inputs))
        }`,
      );
    }
    const current = kindsOf(inputs), names = current.map(({ name }) => name);
    const tensors = tensorsOf(inputs, current)!;
    const withNames = (...given: Tensor[]) => {
      const results = step({ ...inputs, ...named(names, given) });
      resultNames = Object.keys(results);
      return Object.values<Tensor>(results);
    };
    const recording = runStep(
      { eager, precision },
      () => recordStep(backend, withNames, tensors, precision),
    );
    if (recording.recorded === null && ++attempts > 1) {
      throw new RecordingError(
        "new variables",
        "Cannot record a step that makes new variables at every call: make them before",
      );
    }
    recorded = recording.recorded;
    kinds = current;
    return named(resultNames, recording.results);
  };
  const controls: CompiledStepControls = {
    dispose: () => {
      recorded?.dispose();
      recorded = null;
    },
    describe: () => recorded?.description ?? null,
  };
  return Object.assign(call, controls);
}

/** Name, type and shape of an input. */
interface InputKind extends Pick<Tensor, "dtype" | "shape"> {
  readonly name: string;
}

type Named = Readonly<Record<string, Tensor | null | undefined>>;

/** The inputs that are there, in an order that does not depend on how their record was written. */
function kindsOf(inputs: object): InputKind[] {
  const given = Object.entries(inputs as Named).flatMap(([name, tensor]) => tensor ? [{ name, tensor }] : []);
  given.sort((a, b) => a.name < b.name ? -1 : 1);
  return given.map(({ name, tensor: { dtype, shape } }) => ({ name, dtype, shape: [...shape] }));
}

/** The tensors of some kinds in their order; null if the inputs are others, or more. */
function tensorsOf(inputs: object, kinds: readonly InputKind[]): Tensor[] | null {
  const tensors: Tensor[] = [];
  for (const { name, dtype, shape } of kinds) {
    const tensor = (inputs as Named)[name];
    if (tensor?.dtype !== dtype || tensor.rank !== shape.length) return null;
    if (shape.some((length, axis) => tensor.shape[axis] !== length)) return null;
    tensors.push(tensor);
  }
  for (const name in inputs) {
    if ((inputs as Named)[name] && !kinds.some((kind) => kind.name === name)) return null;
  }
  return tensors;
}

function describe(kinds: readonly InputKind[]): string {
  return kinds.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(", ")}]`).join(", ");
}

function named<T>(names: readonly string[], tensors: readonly Tensor[]): T {
  return Object.fromEntries(names.map((name, i) => [name, tensors[i]])) as T;
}

function tidied<T>(run: () => T): T {
  return tf.tidy(run as () => Record<string, Tensor>) as T;
}
