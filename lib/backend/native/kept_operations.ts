/**
 * Operations that are kept and run again, so that TensorFlow need not describe, place and match them to a kernel again.
 *
 * @module
 */
import { type OperationAttribute, setAttribute } from "./attributes.ts";
import type { TensorFlowContext } from "./context.ts";

/** A tensor as an operation takes it. */
export interface InputTensor {
  /** Address of its `TFE_TensorHandle`. */
  readonly handle: bigint;
  /** Code of the element type. */
  readonly dtype: number;
}

/** An operation that can be run. */
export interface PreparedOperation {
  /** The C object. */
  readonly pointer: Deno.PointerValue;
  /** Its name. */
  readonly name: string;
  /** Its attributes. */
  readonly attributes: readonly OperationAttribute[];
  /** Types of its inputs, from which TensorFlow infers attributes. */
  readonly types: readonly number[];
}

/**
 * The last operation of each name.
 *
 * An operation loses its inputs when it has run, and keeps all else: attributes, device, and what finds its kernel. So it is
 * run again where attributes and types of inputs are the same. Kept are operations whose attributes are numbers, truth
 * values and texts: lists may change in the caller's hands, and what has no attributes may be a function, which is removed
 * some day. On a GPU none is kept, as the device may depend on where the inputs are.
 */
export class KeptOperations {
  readonly #context: TensorFlowContext;
  readonly #byName = new Map<string, PreparedOperation>();

  /** @param context Where the operations run */
  constructor(context: TensorFlowContext) {
    this.#context = context;
  }

  /** An operation with its inputs; `release` must follow. What is wrong with an input shows when it is run. */
  prepare(
    name: string,
    attributes: readonly OperationAttribute[],
    inputs: readonly InputTensor[],
  ): PreparedOperation {
    const kept = this.#byName.get(name);
    const isKept = kept !== undefined && fits(kept, attributes, inputs);
    const { symbols, status } = this.#context;
    const pointer = isKept ? kept.pointer : this.#context.newOperation(name);
    for (const { handle } of inputs) symbols.TFE_OpAddInput(pointer, handle, status.pointer);
    if (isKept) return kept;
    try {
      for (const attribute of attributes) setAttribute(symbols, status, pointer, attribute);
    } catch (error) {
      symbols.TFE_DeleteOp(pointer);
      throw error;
    }
    const copies = attributes.map((attribute) => ({ ...attribute }));
    return { pointer, name, attributes: copies, types: inputs.map(({ dtype }) => dtype) };
  }

  /** Keeps or deletes an operation after its run. */
  release(operation: PreparedOperation, succeeded: boolean): void {
    const { name, pointer } = operation;
    const { symbols, status, usesGpu } = this.#context;
    // One that failed, or that TensorFlow replaced by another for its run, still holds its inputs.
    const isFree = succeeded && symbols.TFE_OpGetFlatInputCount(pointer, status.pointer) === 0;
    const kept = this.#byName.get(name);
    if (kept === operation) {
      if (isFree) return;
      this.#byName.delete(name);
    } else if (isFree && !usesGpu && canBeKept(operation)) {
      this.#byName.set(name, operation);
      if (kept !== undefined) symbols.TFE_DeleteOp(kept.pointer);
      return;
    }
    symbols.TFE_DeleteOp(pointer);
  }

  /** Deletes what is kept. */
  clear(): void {
    for (const { pointer } of this.#byName.values()) this.#context.symbols.TFE_DeleteOp(pointer);
    this.#byName.clear();
  }
}

/** Loops, as this runs before every operation. */
function fits(
  kept: PreparedOperation,
  attributes: readonly OperationAttribute[],
  inputs: readonly InputTensor[],
): boolean {
  if (kept.attributes.length !== attributes.length || kept.types.length !== inputs.length) return false;
  for (let i = 0; i < attributes.length; i++) {
    const one = kept.attributes[i], other = attributes[i];
    if (one.name !== other.name || one.type !== other.type || !Object.is(one.value, other.value)) {
      return false;
    }
  }
  for (let i = 0; i < inputs.length; i++) {
    if (kept.types[i] !== inputs[i].dtype) return false;
  }
  return true;
}

function canBeKept({ attributes }: PreparedOperation): boolean {
  return attributes.length > 0 &&
    attributes.every(({ value }) => ["number", "boolean", "string"].includes(typeof value));
}
