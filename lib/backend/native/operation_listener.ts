/**
 * What hears of the operations of a binding, and the terms in which they are told.
 *
 * @module
 */
import type { Bytes } from "./c_memory.ts";

/** A tensor that an operation made. */
export interface TensorMetadata {
  /** Number of the tensor; never used again after deletion. */
  id: number;
  /** Code of the element type. */
  dtype: number;
  /** Length of each axis. */
  shape: number[];
}

/** Element type and shape of a tensor. */
export interface TensorDescription {
  /** Code of the element type. */
  readonly dtype: number;
  /** Length of each axis. */
  readonly shape: number[];
}

/** What a recorded step must not do: read values, draw random numbers, make variables at every call, ... */
export type Unrecordable =
  | "values"
  | "random numbers"
  | "new variables"
  | "tensors from outside"
  | "shapes by values";

/** Thrown when a step does what cannot be recorded. */
export class RecordingError extends Error {
  override name = "RecordingError";
  /** What the step does. */
  readonly forbidden: Unrecordable;

  /**
   * @param forbidden What the step does
   * @param message What cannot be recorded, and what to do
   */
  constructor(forbidden: Unrecordable, message: string) {
    super(message);
    this.forbidden = forbidden;
  }
}

/** Hears of the operations of a binding: a recorder of those that ran, or what takes operations in place of their being run. */
export interface OperationListener {
  /** Called with a tensor that is made of JavaScript's values. */
  addConstant(id: number, dtype: number, shape: number[], content: Bytes): void;
  /** Called with an operation that ran. */
  addOperation?(
    name: string,
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
    attributes: () => Bytes[],
  ): void;
  /** Takes an operation, which is not run then, and gives its results numbers by `newId`. */
  takeOperation?(
    name: string,
    inputs: readonly number[],
    attributes: readonly Bytes[],
    newId: () => number,
  ): TensorMetadata[];
  /** Type and shape of a result of what was taken; null for any other tensor. */
  describe?(id: number): TensorDescription | null;
  /**
   * Called before values of a tensor are read.
   *
   * @throws {RecordingError} Always
   */
  refuseReading(id: number): never;
}
