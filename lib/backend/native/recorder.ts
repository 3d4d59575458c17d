/**
 * Writes down the operations of one run of a step, cut into segments at host operations.
 *
 * A value that leaves its segment, or comes from outside, gets a slot: a place in the table that a replay fills.
 *
 * @module
 */
import { bytesField } from "../../core/protocol_buffer.ts";
import type { NdArray } from "../../core/arrays.ts";
import type { Bytes } from "./c_memory.ts";
import {
  type OperationListener,
  RecordingError,
  type TensorDescription,
  type TensorMetadata,
} from "./operation_listener.ts";
import { DATA_TYPES } from "./data_types.ts";
import { attributeEntry, intField, nodeMessage, shapeMessage, tensorMessage } from "./protobuf.ts";
import type { HostPart, Recording, SegmentPart, SlotSource } from "./recording.ts";

interface Origin extends TensorDescription {
  /** Segment that made the value, or -1 for a value from outside or from a host operation. */
  readonly part: number;
  readonly node: string;
  readonly index: number;
}

const MAX_CONSTANT_VALUES = 4096;
/** Operations that read or change TensorFlow's own variables. */
const RESOURCE_OPERATIONS = /^(Resource|ReadVariable|AssignVariable|AssignAddVariable|AssignSubVariable)/;
const RANDOM_OPERATIONS = /Random|Multinomial|TruncatedNormal/;

/** Records while a step runs. Numbers of tensors are never used twice, so deletions need no care. */
export class Recorder implements OperationListener {
  readonly #parts: (SegmentPart | HostPart)[] = [];
  readonly #slots: SlotSource[] = [];
  readonly #slotOfId = new Map<number, number>();
  readonly #origins = new Map<number, Origin>();
  readonly #describe: (id: number) => TensorDescription;
  readonly #onExternal: (id: number) => void;
  #placeholders = new Map<number, string>();
  #lastOnResource = new Map<number, string>();
  #nodeCount = 0;

  /**
   * @param describe Tells type and shape of a tensor
   * @param onExternal Called once for each tensor from outside, at its first use
   */
  constructor(describe: (id: number) => TensorDescription, onExternal: (id: number) => void) {
    this.#describe = describe;
    this.#onExternal = onExternal;
    this.#startSegment();
  }

  /** Adds an operation that just ran. */
  addOperation(
    operation: string,
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
    attributes: () => Bytes[],
  ): void {
    if (RANDOM_OPERATIONS.test(operation)) {
      throw new RecordingError(
        "random numbers",
        `Cannot record a step that draws random numbers (by ${operation}): pass the noise in as a tensor`,
      );
    }
    const sources = inputs.map((id) => this.#sourceOf(id));
    const node = `n${this.#nodeCount++}`;
    if (RESOURCE_OPERATIONS.test(operation)) sources.push(...this.#orderOnResources(node, inputs));
    this.#segment.nodes.push(nodeMessage(node, operation, sources, attributes()));
    outputs.forEach(({ id, dtype, shape }, index) => {
      this.#origins.set(id, { part: this.#current, node, index, dtype, shape });
    });
  }

  /** Adds a tensor that was made of JavaScript's values: a constant if small, else a value from outside. */
  addConstant(id: number, dtype: number, shape: number[], content: Bytes): void {
    if (shape.reduce((size, length) => size * length, 1) > MAX_CONSTANT_VALUES) return;
    const node = `c${this.#nodeCount++}`;
    const attributes = [
      attributeEntry("dtype", intField(6, dtype)),
      attributeEntry("value", bytesField(8, tensorMessage(dtype, shape, content))),
    ];
    this.#segment.nodes.push(nodeMessage(node, "Const", [], attributes));
    this.#origins.set(id, { part: this.#current, node, index: 0, dtype, shape });
  }

  /**
   * Cuts the step at a host operation that just ran.
   *
   * @param inputs Tensors that it read
   * @param outputs Tensors that it made
   */
  addHostOperation(
    name: string,
    inputs: readonly number[],
    outputs: readonly TensorMetadata[],
    compute: (...inputs: NdArray[]) => NdArray[],
    borrow: boolean,
  ): void {
    const inputSlots = inputs.map((id) => this.#slotOf(id));
    const part = this.#parts.length;
    const outputSlots = outputs.map(({ id, dtype, shape }) => {
      const slot = this.#addSlot(id, { kind: "part", part });
      this.#origins.set(id, { part: -1, node: "", index: 0, dtype, shape });
      return { slot, description: { dtype, shape } };
    });
    this.#parts.push({ kind: "host", name, inputs: inputSlots, outputs: outputSlots, compute, borrow });
    this.#startSegment();
  }

  /**
   * Called when the values of a tensor would be read.
   *
   * @throws {RecordingError} Always: a replay would not read them again
   */
  refuseReading(id: number): never {
    const { shape } = this.#describe(id);
    throw new RecordingError(
      "values",
      `Cannot record a step that reads values (of a tensor of shape [${
        shape.join(", ")
      }]): put the work on values ` +
        "into hostOp(name, inputs, compute), or return the tensor and read it after the step",
    );
  }

  /** Ends the recording. */
  finish(outputs: readonly number[]): Recording {
    return { outputs: outputs.map((id) => this.#slotOf(id)), parts: this.#parts, slots: this.#slots };
  }

  get #current(): number {
    return this.#parts.length - 1;
  }

  get #segment(): SegmentPart {
    return this.#parts[this.#current] as SegmentPart;
  }

  #startSegment(): void {
    this.#parts.push({ kind: "segment", nodes: [], inputs: [], outputs: [] });
    this.#placeholders = new Map();
    this.#lastOnResource = new Map();
  }

  /** Names the nodes that used the same variables of TensorFlow before, as dependencies: their order is kept. */
  #orderOnResources(node: string, inputs: readonly number[]): string[] {
    const resources = inputs.filter((id) => this.#describe(id).dtype === DATA_TYPES.resource);
    const before = resources.map((id) => this.#lastOnResource.get(id)).filter((one) => one !== undefined);
    for (const id of resources) this.#lastOnResource.set(id, node);
    return [...new Set(before)].map((one) => `^${one}`);
  }

  /** How a node of the current segment names a value; one from elsewhere enters through a placeholder. */
  #sourceOf(id: number): string {
    const origin = this.#origins.get(id);
    if (origin !== undefined && origin.part === this.#current) return `${origin.node}:${origin.index}`;
    const slot = this.#slotOf(id);
    let node = this.#placeholders.get(slot);
    if (node === undefined) {
      node = `p${this.#nodeCount++}`;
      this.#placeholders.set(slot, node);
      const { dtype, shape } = origin ?? this.#describe(id);
      const attributes = [
        attributeEntry("dtype", intField(6, dtype)),
        attributeEntry("shape", bytesField(7, shapeMessage(shape))),
      ];
      this.#segment.nodes.push(nodeMessage(node, "Placeholder", [], attributes));
      this.#segment.inputs.push({ node, slot });
    }
    return node;
  }

  #slotOf(id: number): number {
    const known = this.#slotOfId.get(id);
    if (known !== undefined) return known;
    const origin = this.#origins.get(id);
    if (origin === undefined) {
      this.#onExternal(id);
      return this.#addSlot(id, { kind: "external", id });
    }
    const slot = this.#addSlot(id, { kind: "part", part: origin.part });
    (this.#parts[origin.part] as SegmentPart).outputs.push({ node: origin.node, index: origin.index, slot });
    return slot;
  }

  #addSlot(id: number, source: SlotSource): number {
    this.#slotOfId.set(id, this.#slots.length);
    return this.#slots.push(source) - 1;
  }
}
