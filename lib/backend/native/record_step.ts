/**
 * Runs a step once while its operations are recorded.
 *
 * @module
 */
import { type Tensor, tf, type Variable } from "../../core/tensor.ts";
import { computeOnHost, setHostOpRecorder } from "../host_op.ts";
import type { NativeBackend } from "./kernel_layer.ts";
import { nativeIdOf, type OutsideSource, RecordedStep, registeredVariables } from "./recorded_step.ts";
import { Recorder } from "./recorder.ts";
import { RecordingError } from "./operation_listener.ts";
import type { Precision } from "./step_settings.ts";

/** A step as the recorder sees it. */
export type AnyStep = (...inputs: Tensor[]) => Tensor[];

/** Result of {@linkcode recordStep}. */
export interface StepRecording {
  /** What the step returned. */
  readonly results: Tensor[];
  /** The step for replays, or null if it made variables, which a first call may do. */
  readonly recorded: RecordedStep | null;
}

/**
 * Runs a step and records it.
 *
 * @param backend The active backend
 * @param step The step
 * @param args Its arguments
 * @param precision Element type of convolutions in replays; the recorded run is in float32
 * @throws {RecordingError} If the step does what cannot be recorded
 */
export function recordStep(
  backend: NativeBackend,
  step: AnyStep,
  args: readonly Tensor[],
  precision: Precision,
): StepRecording {
  const { binding } = backend;
  const idOf = (tensor: Tensor) => nativeIdOf(backend, tensor);
  const inputs = separateArguments(backend, args);
  const variables = registeredVariables();
  separateVariables(backend, variables);
  const outside = new Map<number, OutsideSource>();
  const startIds = new Map(variables.map((variable) => [variable, idOf(variable)]));
  variables.forEach((variable) => outside.set(startIds.get(variable)!, { kind: "variable", variable }));
  inputs.forEach((input, index) => outside.set(idOf(input), { kind: "argument", index }));
  const constants: number[] = [];
  const recorder = new Recorder((id) => binding.describeTensor(id), (id) => {
    if (outside.has(id)) return;
    constants.push(binding.shareTensor(id)); // the function's own, whatever becomes of the tensor
    outside.set(id, { kind: "constant", id: constants.at(-1)! });
  });
  try {
    return watch(backend, recorder, () => {
      const results = tf.tidy(() => step(...inputs));
      if (registeredVariables().some((variable) => !startIds.has(variable))) {
        constants.forEach((id) => binding.deleteTensor(id));
        return { results, recorded: null };
      }
      const changed = variables.filter((variable) =>
        !variable.isDisposed && idOf(variable) !== startIds.get(variable)
      );
      const recording = recorder.finish([...results.map(idOf), ...changed.map(idOf)]);
      const boundary = { outside, resultCount: results.length, changed };
      return { results, recorded: new RecordedStep(backend, recording, boundary, precision) };
    });
  } catch (error) {
    constants.forEach((id) => binding.deleteTensor(id));
    throw error;
  } finally {
    inputs.forEach((input, i) => input !== args[i] && input.dispose());
  }
}

/** Runs with the recorder in place; random numbers and reading of values are refused meanwhile. */
function watch<T>(backend: NativeBackend, recorder: Recorder, run: () => T): T {
  const { binding } = backend;
  const random = Math.random;
  Math.random = () => {
    throw new RecordingError(
      "random numbers",
      "Cannot record a step that draws random numbers: they would be the same at every replay; " +
        "pass the noise in as a tensor",
    );
  };
  setHostOpRecorder((name, inputs, compute, options) => {
    const inputIds = inputs.map((input) => nativeIdOf(backend, input)), { listener } = binding;
    if (listener === recorder) binding.listener = null; // what takes operations continues
    try {
      const outputs = computeOnHost(name, inputs, compute, options);
      const made = outputs.map((output) => {
        const id = nativeIdOf(backend, output);
        return { id, ...binding.describeTensor(id) };
      });
      recorder.addHostOperation(name, inputIds, made, compute, options.borrow ?? false);
      return outputs;
    } finally {
      binding.listener = listener;
    }
  });
  binding.listener = recorder;
  try {
    return run();
  } finally {
    binding.listener = null;
    setHostOpRecorder(null);
    Math.random = random;
  }
}

/** Gives arguments that are one tensor a number each: at a replay they may be two. */
function separateArguments(backend: NativeBackend, args: readonly Tensor[]): Tensor[] {
  const seen = new Set<number>();
  return args.map((arg) => {
    const id = nativeIdOf(backend, arg), isNew = !seen.has(id);
    seen.add(id);
    return isNew ? arg : shareOf(backend, id);
  });
}

/** Gives variables that share their data with a clone a number of their own, so that numbers tell them apart. */
function separateVariables(backend: NativeBackend, variables: readonly Variable[]): void {
  for (const variable of variables) {
    const id = nativeIdOf(backend, variable);
    if (backend.tensorMap.get(variable.dataId).refCount === 1) continue;
    const copy = shareOf(backend, id);
    variable.assign(copy);
    copy.dispose();
  }
}

function shareOf(backend: NativeBackend, id: number): Tensor {
  const shared = backend.binding.shareTensor(id);
  return backend.createOutputTensor({ id: shared, ...backend.binding.describeTensor(shared) });
}
