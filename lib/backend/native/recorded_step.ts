/**
 * A recorded step that can be run again: functions of TensorFlow and host operations in turn.
 *
 * @module
 */
import { type Tensor, tf, type Variable } from "../../core/tensor.ts";
import type { OperationAttribute } from "./attributes.ts";
import type { NativeBinding } from "./binding.ts";
import type { TensorDescription, TensorMetadata } from "./operation_listener.ts";
import { ATTRIBUTE_KINDS, dataTypeName } from "./data_types.ts";
import { defineFunction, removeFunction } from "./graph_function.ts";
import { computeOnNativeTensors } from "./host_memory.ts";
import type { NativeBackend } from "./kernel_layer.ts";
import { bf16Message } from "./protobuf.ts";
import type { HostPart, Recording, SegmentPart } from "./recording.ts";
import type { Precision } from "./step_settings.ts";

/** Where a value from outside the step comes from at a replay. */
export type OutsideSource =
  | { readonly kind: "argument"; readonly index: number }
  | { readonly kind: "variable"; readonly variable: Variable }
  | { readonly kind: "constant"; readonly id: number };

/** What a recording is about, besides its operations. */
export interface StepBoundary {
  /** Source of each value from outside, by the number that it had while recording. */
  readonly outside: ReadonlyMap<number, OutsideSource>;
  /** Number of tensors that the step returns; the rest of the recording's outputs are new values of `changed`. */
  readonly resultCount: number;
  /** Variables that the step changes. */
  readonly changed: readonly Variable[];
}

/** What a compiled step consists of. */
export interface StepDescription {
  /** Operations in all functions. */
  readonly nodes: number;
  /** TensorFlow functions. */
  readonly functions: number;
  /** Names of the host operations between them. */
  readonly hostOps: readonly string[];
  /** Variables that are written back. */
  readonly variables: number;
}

/** Number of the native tensor behind a tensor; values that wait in JavaScript are handed over. */
export function nativeIdOf(backend: NativeBackend, tensor: Tensor): number {
  return backend.getInputTensorIds([tensor])[0];
}

/** Operations that TensorFlow's rewriting to bf16 leaves alone, by a variable of the environment that it reads. */
const LEFT_ALONE = "TF_AUTO_MIXED_PRECISION_GRAPH_REWRITE_ALLOWLIST_REMOVE";

/**
 * Keeps matrix products in float32: positions of vertices pass through them, and with the eight bits of bf16 surfaces
 * become so rough that training stops short. Convolutions are what takes the time.
 */
function keepMatrixProductsExact(): void {
  if (Deno.env.get(LEFT_ALONE) === undefined) Deno.env.set(LEFT_ALONE, "MatMul,BatchMatMulV2");
}

/** Runs the parts of a recording over a table of values. */
export class RecordedStep {
  /** What it consists of. */
  readonly description: StepDescription;
  readonly #backend: NativeBackend;
  readonly #recording: Recording;
  readonly #boundary: StepBoundary;
  readonly #functions: ReadonlyMap<SegmentPart, string>;
  readonly #lastUses: readonly (readonly number[])[];
  readonly #attributes: readonly OperationAttribute[];

  /** Defines the functions. */
  constructor(backend: NativeBackend, recording: Recording, boundary: StepBoundary, precision: Precision) {
    if (precision === "bf16") keepMatrixProductsExact();
    this.#attributes = precision === "bf16"
      ? [{ name: "config_proto", type: ATTRIBUTE_KINDS.string, value: bf16Message() }]
      : [];
    this.#backend = backend;
    this.#recording = recording;
    this.#boundary = boundary;
    const segments = recording.parts.filter((part) => part.kind === "segment" && part.outputs.length > 0);
    this.#functions = new Map(
      (segments as SegmentPart[]).map((part) => [part, defineFunction(backend.binding.context, part)]),
    );
    this.#lastUses = lastUses(recording);
    this.description = {
      nodes: [...this.#functions.keys()].reduce((count, { nodes }) => count + nodes.length, 0),
      functions: this.#functions.size,
      hostOps: recording.parts.flatMap((part) => part.kind === "host" ? [part.name] : []),
      variables: boundary.changed.length,
    };
  }

  /** Runs the step: changes the variables and returns the results. */
  replay(args: readonly Tensor[]): Tensor[] {
    const { binding } = this.#backend;
    const table = new SlotTable(binding, this.#recording.slots.length);
    try {
      this.#recording.slots.forEach((source, slot) => {
        if (source.kind === "external") table.lend(slot, this.#outsideId(source.id, args));
      });
      this.#recording.parts.forEach((part, i) => {
        if (part.kind === "host") runHostPart(binding, part, table);
        else this.#runSegment(part, table);
        for (const slot of this.#lastUses[i]) table.free(slot);
      });
      const results = this.#recording.outputs.map((slot) => table.take(slot));
      this.#boundary.changed.forEach((variable, i) => {
        this.#writeBack(variable, results[this.#boundary.resultCount + i]);
      });
      return results.slice(0, this.#boundary.resultCount).map((result) =>
        this.#backend.createOutputTensor(result)
      );
    } finally {
      table.freeAll();
    }
  }

  /** Removes the functions and the constants that they read. */
  dispose(): void {
    const { binding } = this.#backend;
    for (const name of this.#functions.values()) removeFunction(binding.context, name);
    for (const source of this.#boundary.outside.values()) {
      if (source.kind === "constant") binding.deleteTensor(source.id);
    }
  }

  #outsideId(recordedId: number, args: readonly Tensor[]): number {
    const source = this.#boundary.outside.get(recordedId)!;
    switch (source.kind) {
      case "argument":
        return nativeIdOf(this.#backend, args[source.index]);
      case "variable":
        return nativeIdOf(this.#backend, source.variable);
      case "constant":
        return source.id;
    }
  }

  #runSegment(part: SegmentPart, table: SlotTable): void {
    const name = this.#functions.get(part);
    if (name === undefined) return; // nothing of it is needed
    const inputs = part.inputs.map(({ slot }) => table.idOf(slot));
    const outputs = this.#backend.binding.executeOp(name, this.#attributes, inputs, part.outputs.length);
    part.outputs.forEach(({ slot }, i) => table.own(slot, outputs[i]));
  }

  /** Gives a variable its new value; clones that share the old one keep it. */
  #writeBack(variable: Variable, value: TensorMetadata): void {
    const data = this.#backend.tensorMap.get(variable.dataId);
    if (data.refCount === 1) {
      if (data.values === null) this.#backend.binding.deleteTensor(data.id);
      data.values = null; // values that wait in JavaScript are out of date now
      data.id = value.id;
      return;
    }
    const tensor = this.#backend.createOutputTensor(value);
    variable.assign(tensor);
    tensor.dispose();
  }
}

/** Values during a replay: lent ones belong to others, owned ones are freed. */
class SlotTable {
  readonly #binding: NativeBinding;
  readonly #values: (number | undefined)[];
  readonly #owned = new Map<number, TensorMetadata>();

  constructor(binding: NativeBinding, size: number) {
    this.#binding = binding;
    this.#values = new Array(size);
  }

  lend(slot: number, id: number): void {
    this.#values[slot] = id;
  }

  own(slot: number, value: TensorMetadata): void {
    this.#values[slot] = value.id;
    this.#owned.set(slot, value);
  }

  idOf(slot: number): number {
    return this.#values[slot]!;
  }

  /** Hands a value out: the owned one the first time, else a second tensor over the same data. */
  take(slot: number): TensorMetadata {
    const owned = this.#owned.get(slot);
    this.#owned.delete(slot);
    if (owned !== undefined) return owned;
    const id = this.#binding.shareTensor(this.idOf(slot));
    return { id, ...this.#binding.describeTensor(id) };
  }

  free(slot: number): void {
    const owned = this.#owned.get(slot);
    if (owned === undefined) return;
    this.#owned.delete(slot);
    this.#binding.deleteTensor(owned.id);
  }

  freeAll(): void {
    for (const slot of [...this.#owned.keys()]) this.free(slot);
  }
}

function runHostPart(binding: NativeBinding, part: HostPart, table: SlotTable): void {
  const inputs = part.inputs.map((slot) => table.idOf(slot));
  const results = computeOnNativeTensors(binding, inputs, part.compute, part.borrow);
  const describe = (one?: TensorDescription) =>
    one ? `${dataTypeName(one.dtype)} [${one.shape.join(", ")}]` : "nothing";
  part.outputs.forEach(({ description }, i) => {
    const recorded = describe(description), current = describe(results[i]);
    if (current === recorded) return;
    results.forEach(({ id }) => binding.deleteTensor(id));
    throw new TypeError(
      `Cannot replay a step whose host operation ${part.name} returns another shape: result ${i} was ` +
        `${recorded} when it was recorded, current value is ${current}`,
    );
  });
  part.outputs.forEach(({ slot }, i) => table.own(slot, results[i]));
}

/** For each part, the slots that no later part and no result needs. */
function lastUses({ parts, outputs }: Recording): number[][] {
  const seen = new Set(outputs);
  return parts.map((_, i) => parts.length - 1 - i).map((i) => {
    const part = parts[i];
    const read = part.kind === "host" ? part.inputs : part.inputs.map(({ slot }) => slot);
    const last = [...new Set([...read, ...part.outputs.map(({ slot }) => slot)])].filter((slot) =>
      !seen.has(slot)
    );
    last.forEach((slot) => seen.add(slot));
    return last;
  }).reverse();
}

/** Variables that tfjs knows. */
export function registeredVariables(): Variable[] {
  return Object.values(tf.engine().registeredVariables);
}
