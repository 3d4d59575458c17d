/**
 * A recorded step: segments of operations, and host operations between them.
 *
 * @module
 */
import type { TensorDescription } from "./operation_listener.ts";
import type { Bytes } from "./c_memory.ts";
import type { NdArray } from "../../core/arrays.ts";

/** Where a replay takes a slot's value from. */
export type SlotSource =
  | { readonly kind: "external"; readonly id: number }
  | { readonly kind: "part"; readonly part: number };

/** Operations that become one function. */
export interface SegmentPart {
  readonly kind: "segment";
  /** `NodeDef` messages, in order. */
  readonly nodes: Bytes[];
  /** Placeholders and the slots that they read. */
  readonly inputs: { readonly node: string; readonly slot: number }[];
  /** Outputs of nodes and the slots that they fill. */
  readonly outputs: { readonly node: string; readonly index: number; readonly slot: number }[];
}

/** Work on values between two segments. */
export interface HostPart {
  readonly kind: "host";
  /** Name of the operation. */
  readonly name: string;
  /** Slots that it reads. */
  readonly inputs: readonly number[];
  /** Slots that it fills, with their types and shapes. */
  readonly outputs: readonly { readonly slot: number; readonly description: TensorDescription }[];
  /** The work. */
  readonly compute: (...inputs: NdArray[]) => NdArray[];
  /** Whether it works in the memory of the tensors. */
  readonly borrow: boolean;
}

/** A recorded step. */
export interface Recording {
  /** What is run, in order. */
  readonly parts: readonly (SegmentPart | HostPart)[];
  /** Where each slot's value comes from. */
  readonly slots: readonly SlotSource[];
  /** Slots of the values that were asked for. */
  readonly outputs: readonly number[];
}
