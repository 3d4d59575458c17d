/**
 * Chains of operations that the library compiles into loops of their own, so that values between them never reach memory.
 *
 * @module
 */
import { type Tensor, tf } from "../../core/tensor.ts";
import type { OperationAttribute } from "./attributes.ts";
import type { NativeBinding } from "./binding.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES } from "./data_types.ts";
import { GraphTrace } from "./graph_trace.ts";
import type { NativeBackend } from "./kernel_layer.ts";
import { nativeIdOf } from "./recorded_step.ts";

/** Runs an operation's compiled form, by TensorFlow's compiler XLA. */
const CALL = "PartitionedCall";
const FLOAT: OperationAttribute = { name: "T", type: ATTRIBUTE_KINDS.type, value: DATA_TYPES.float32 };
const COMPILE: OperationAttribute = { name: "_XlaMustCompile", type: ATTRIBUTE_KINDS.bool, value: true };

interface FusedFunction {
  readonly attributes: readonly OperationAttribute[];
  readonly outputCount: number;
}

const functionsOf = new WeakMap<NativeBinding, Map<string, FusedFunction>>();
const ability = new WeakMap<NativeBinding, boolean>();

/**
 * Whether the library can compile. Not on a GPU, where the device's own kernels are used, and not where the library was
 * built without its compiler.
 */
export function canFuse(backend: NativeBackend): boolean {
  const { binding } = backend;
  let able = ability.get(binding);
  if (able === undefined) {
    able = !binding.isUsingGpuDevice() && succeeds(() =>
      tf.tidy(() => {
        const negate = (x: Tensor) => [backend.executeSingleOutput("Neg", [FLOAT], [x])];
        runFused(backend, "trial", negate, [tf.zeros([1])]);
      })
    );
    ability.set(binding, able);
  }
  return able;
}

function succeeds(run: () => void): boolean {
  try {
    run();
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs operations as one compiled function; for use inside `tf.customGrad`, as no gradient flows through it. The first call
 * with inputs of certain shapes and types compiles it, which takes a tenth of a second; it stays until the backend is
 * closed.
 *
 * @param backend The active backend
 * @param name Stands for `compute` and all that it depends on besides its inputs
 * @param compute Operations on the inputs alone, and on constants; called once for each shape
 * @param inputs Its inputs
 * @throws {RecordingError} If `compute` uses a tensor from elsewhere
 */
export function runFused(
  backend: NativeBackend,
  name: string,
  compute: (...inputs: Tensor[]) => Tensor[],
  inputs: readonly Tensor[],
): Tensor[] {
  const { binding } = backend;
  let functions = functionsOf.get(binding);
  if (functions === undefined) functionsOf.set(binding, functions = new Map());
  const ids = inputs.map((input) => nativeIdOf(backend, input));
  const types = ids.map((id) => binding.describeTensor(id).dtype);
  const key = `${name} ${inputs.map(({ shape }, i) => `${types[i]}[${shape}]`).join(" ")}`;
  let fused = functions.get(key);
  if (fused === undefined) functions.set(key, fused = trace(backend, name, compute, inputs, types));
  return backend.executeMultipleOutputs(CALL, fused.attributes, inputs, fused.outputCount);
}

/** Makes a function of the operations, without running them. */
function trace(
  backend: NativeBackend,
  name: string,
  compute: (...inputs: Tensor[]) => Tensor[],
  inputs: readonly Tensor[],
  types: readonly number[],
): FusedFunction {
  const { binding } = backend;
  const graph = new GraphTrace(binding.context, name), { listener } = binding;
  try {
    inputs.forEach((input, i) => {
      graph.addInput(nativeIdOf(backend, input), { dtype: types[i], shape: input.shape });
    });
    binding.listener = graph;
    let outputs: number[] = [];
    tf.tidy(() => {
      outputs = compute(...inputs).map((output) => nativeIdOf(backend, output));
    });
    return {
      outputCount: outputs.length,
      attributes: [
        { name: "Tin", type: ATTRIBUTE_KINDS.type, value: types },
        { name: "Tout", type: ATTRIBUTE_KINDS.type, value: outputs.map((id) => graph.describe(id)!.dtype) },
        { name: "f", type: ATTRIBUTE_KINDS.function, value: graph.define(outputs) },
        COMPILE,
      ],
    };
  } finally {
    binding.listener = listener;
    graph.close();
  }
}
