/**
 * Operations of TensorFlow that tfjs does not know, for use inside `tf.customGrad`.
 *
 * @module
 */
import type { Tensor } from "../../core/tensor.ts";
import type { OperationAttribute } from "../native/attributes.ts";
import { ATTRIBUTE_KINDS, DATA_TYPES } from "../native/data_types.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";

/** The attribute `T` of float32 operations. */
export const FLOAT_TYPE: OperationAttribute = typeAttribute("T");

/** Channels come last. */
export const CHANNELS_LAST: OperationAttribute = {
  name: "data_format",
  type: ATTRIBUTE_KINDS.string,
  value: "NHWC",
};

/** A type attribute, float32 if nothing else is said. */
export function typeAttribute(name: string, type: number = DATA_TYPES.float32): OperationAttribute {
  return { name, type: ATTRIBUTE_KINDS.type, value: type };
}

/** An attribute with a number that is not whole. */
export function floatAttribute(name: string, value: number): OperationAttribute {
  return { name, type: ATTRIBUTE_KINDS.float, value };
}

/** An attribute that is true or false. */
export function boolAttribute(name: string, value: boolean): OperationAttribute {
  return { name, type: ATTRIBUTE_KINDS.bool, value };
}

/**
 * Runs an operation. Outside of `tf.customGrad` no gradient would flow through it.
 *
 * TensorFlow ignores attributes that it does not know, so each use is tested against a computation by other means.
 *
 * @param backend The active backend
 * @param name Operation
 * @param attributes Its attributes
 * @param inputs Its inputs
 * @param outputs Number of its outputs
 */
export function runOperation(
  backend: NativeBackend,
  name: string,
  attributes: readonly OperationAttribute[],
  inputs: readonly Tensor[],
  outputs: number,
): Tensor[] {
  return backend.executeMultipleOutputs(name, attributes, inputs, outputs);
}
