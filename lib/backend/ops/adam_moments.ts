/**
 * The moments of one variable in Adam, and its update by them.
 *
 * @module
 */
import { type Scalar, type Tensor, tf, type Variable } from "../../core/tensor.ts";
import { ATTRIBUTE_KINDS } from "../native/data_types.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";
import { activeNativeBackend } from "../native/active.ts";
import { boolAttribute, FLOAT_TYPE, runOperation, typeAttribute } from "./native_operation.ts";

/** Decays of the moments. */
export interface AdamDecays {
  /** Decay of the mean gradient, 0 to below 1. */
  readonly beta1: number;
  /** Decay of the mean squared gradient, 0 to below 1. */
  readonly beta2: number;
}

/** Names of the two moments. */
export type MomentName = "first" | "second";

/** The moments of one variable: m of the gradient, v of its square, both 0 at first. */
export interface AdamMoments {
  /**
   * m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; variable ← variable − stepSize · m / (√v + floor).
   *
   * @param gradient Gradient of the variable
   * @param stepSize Factor of the change
   * @param floor Added to the root
   */
  update(gradient: Tensor, stepSize: Scalar, floor: Scalar): void;
  /** Copies a moment out. */
  read(moment: MomentName): Promise<Float32Array>;
  /** Overwrites a moment. */
  write(moment: MomentName, values: Float32Array): void;
  /** Frees both. */
  dispose(): void;
}

/**
 * Makes the moments of a variable.
 *
 * On the native backend they live in TensorFlow's own variables, which its Adam changes in place in one pass; elsewhere in
 * tfjs's.
 *
 * @param variable What is optimised
 * @param decays Decays
 */
export function adamMoments(variable: Variable, decays: AdamDecays): AdamMoments {
  const backend = activeNativeBackend();
  return backend === null ? portableMoments(variable, decays) : nativeMoments(backend, variable, decays);
}

function portableMoments(variable: Variable, { beta1, beta2 }: AdamDecays): AdamMoments {
  const zeros = () => tf.tidy(() => tf.variable(tf.zeros(variable.shape), false));
  const moments = { first: zeros(), second: zeros() };
  return {
    update: (gradient, stepSize, floor) =>
      tf.tidy(() => {
        const first = mix(moments.first, gradient, beta1);
        const second = mix(moments.second, tf.square(gradient), beta2);
        const change = tf.div(first, tf.add(tf.sqrt(second), floor));
        moments.first.assign(first);
        moments.second.assign(second);
        variable.assign(tf.sub(variable, tf.mul(change, stepSize)));
      }),
    read: (moment) => moments[moment].data<"float32">(),
    write: (moment, values) =>
      tf.tidy(() => moments[moment].assign(tf.tensor(values.slice(), variable.shape, "float32"))),
    dispose: () => Object.values(moments).forEach((moment) => moment.dispose()),
  };
}

/** β · average + (1 − β) · value. */
function mix(average: Tensor, value: Tensor, beta: number): Tensor {
  return beta === 0 ? tf.clone(value) : tf.add(tf.mul(average, beta), tf.mul(value, 1 - beta));
}

function nativeMoments(
  backend: NativeBackend,
  variable: Variable,
  { beta1, beta2 }: AdamDecays,
): AdamMoments {
  const handles = {
    weights: newResource(backend, variable.shape),
    first: newResource(backend, variable.shape),
    second: newResource(backend, variable.shape),
  };
  const write = (handle: Tensor, value: Tensor) => {
    runOperation(backend, "AssignVariableOp", [DTYPE, boolAttribute("validate_shape", false)], [
      handle,
      value,
    ], 0);
  };
  const read = (handle: Tensor) => runOperation(backend, "ReadVariableOp", [DTYPE], [handle], 1)[0];
  tf.tidy(() => {
    const zeros = tf.zeros(variable.shape);
    write(handles.first, zeros);
    write(handles.second, zeros);
  });
  const [share1, share2] = [beta1, beta2].map(shareError);
  return {
    update: (gradient, stepSize, floor) =>
      tf.tidy(() => {
        const rootError = Math.sqrt(share2);
        const rate = tf.mul(stepSize, rootError / share1), epsilon = tf.mul(floor, rootError);
        const [zero, decay1, decay2] = [0, beta1, beta2].map((value) => tf.scalar(value));
        write(handles.weights, variable);
        runOperation(
          backend,
          "ResourceApplyAdam",
          [FLOAT_TYPE, boolAttribute("use_locking", false), boolAttribute("use_nesterov", false)],
          [
            ...[handles.weights, handles.first, handles.second],
            ...[zero, zero, rate, decay1, decay2, epsilon, gradient],
          ],
          0,
        );
        variable.assign(read(handles.weights));
      }),
    read: async (moment) => {
      const values = tf.tidy(() => read(handles[moment]));
      const data = await values.data<"float32">();
      values.dispose();
      return data;
    },
    write: (moment, values) =>
      tf.tidy(() => write(handles[moment], tf.tensor(values.slice(), variable.shape, "float32"))),
    dispose: () => {
      for (const handle of Object.values(handles)) {
        runOperation(backend, "DestroyResourceOp", [boolAttribute("ignore_lookup_error", true)], [handle], 0);
        handle.dispose();
      }
    },
  };
}

const DTYPE = typeAttribute("dtype");
/** TensorFlow gives resources of this name a name of their own each. */
const ANONYMOUS = "cd2c89b7-88b7-44c8-ad83-06c2a9158347";

/** The handle of a new variable of TensorFlow. */
function newResource(backend: NativeBackend, shape: readonly number[]): Tensor {
  const text = (name: string, value: string) => ({ name, type: ATTRIBUTE_KINDS.string, value });
  const attributes = [
    DTYPE,
    { name: "shape", type: ATTRIBUTE_KINDS.shape, value: shape },
    text("shared_name", ANONYMOUS),
    text("container", ""),
  ];
  return tf.keep(runOperation(backend, "VarHandleOp", attributes, [], 1)[0]);
}

/**
 * How much too large 1 − β is when β was rounded to float32 before, as a factor. TensorFlow computes it so, which makes
 * the moments too large by that much; the rates make up for it.
 */
function shareError(beta: number): number {
  return (1 - Math.fround(beta)) / (1 - beta);
}
