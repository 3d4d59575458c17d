/**
 * Operations written into a graph instead of being run: TensorFlow infers types and shapes of their results.
 *
 * @module
 */
import { bytesField } from "../../core/protocol_buffer.ts";
import {
  type OperationListener,
  RecordingError,
  type TensorDescription,
  type TensorMetadata,
} from "./operation_listener.ts";
import { type Bytes, encodeText, withBuffer } from "./c_memory.ts";
import type { TensorFlowContext } from "./context.ts";
import { addGraphFunction, graphMessage, graphOutput } from "./graph_function.ts";
import { attributeEntry, intField, nodeMessage, shapeMessage, tensorMessage } from "./protobuf.ts";

/** A result of a node in the graph. */
interface TracedTensor extends TensorDescription {
  /** `TF_Output`. */
  readonly output: Bytes;
}

/** A graph that grows by one operation after the other. */
export class GraphTrace implements OperationListener {
  readonly #context: TensorFlowContext;
  readonly #graph: Deno.PointerValue;
  readonly #name: string;
  readonly #tensors = new Map<number, TracedTensor>();
  readonly #inputs: Bytes[] = [];
  #nodeCount = 0;

  /**
   * @param context Whose operations are meant
   * @param name What is traced, for messages
   */
  constructor(context: TensorFlowContext, name: string) {
    this.#context = context;
    this.#name = name;
    this.#graph = context.symbols.TF_NewGraph();
  }

  /** Frees the graph. */
  close(): void {
    this.#context.symbols.TF_DeleteGraph(this.#graph);
  }

  /** Makes a tensor from outside an input. */
  addInput(id: number, { dtype, shape }: TensorDescription): void {
    const attributes = [
      attributeEntry("dtype", intField(6, dtype)),
      attributeEntry("shape", bytesField(7, shapeMessage(shape))),
    ];
    const [tensor] = this.#addNode("Placeholder", [], attributes);
    this.#tensors.set(id, tensor);
    this.#inputs.push(tensor.output);
  }

  /** Adds a tensor that is made of JavaScript's values. */
  addConstant(id: number, dtype: number, shape: number[], content: Bytes): void {
    const attributes = [
      attributeEntry("dtype", intField(6, dtype)),
      attributeEntry("value", bytesField(8, tensorMessage(dtype, shape, content))),
    ];
    this.#tensors.set(id, this.#addNode("Const", [], attributes)[0]);
  }

  /**
   * Adds an operation, which is not run.
   *
   * @param newId Gives numbers to its results
   * @throws {RecordingError} If it reads a tensor that is no input
   */
  takeOperation(
    operation: string,
    inputs: readonly number[],
    attributes: readonly Bytes[],
    newId: () => number,
  ): TensorMetadata[] {
    return this.#addNode(operation, inputs.map((id) => this.#tensorOf(id)), attributes).map((tensor) => {
      const id = newId();
      this.#tensors.set(id, tensor);
      return { id, dtype: tensor.dtype, shape: tensor.shape };
    });
  }

  /** Type and shape of a tensor; null if it is not of this graph. */
  describe(id: number): TensorDescription | null {
    return this.#tensors.get(id) ?? null;
  }

  /** @throws {RecordingError} Always: there are no values */
  refuseReading(): never {
    throw new RecordingError("values", `Cannot compile ${this.#name}: it reads values of a tensor`);
  }

  /** Makes a function that returns the tensors of these numbers, and tells its name. */
  define(outputs: readonly number[]): string {
    return addGraphFunction(
      this.#context,
      this.#graph,
      this.#inputs,
      outputs.map((id) => this.#tensorOf(id).output),
    );
  }

  #tensorOf(id: number): TracedTensor {
    const tensor = this.#tensors.get(id);
    if (tensor === undefined) {
      throw new RecordingError(
        "tensors from outside",
        `Cannot compile ${this.#name}: it uses a tensor that is no input of it`,
      );
    }
    return tensor;
  }

  #addNode(operation: string, inputs: readonly TracedTensor[], attributes: readonly Bytes[]): TracedTensor[] {
    const { symbols, status } = this.#context;
    const node = `n${this.#nodeCount++}`;
    const names = inputs.map((_, i) => `input${i}`);
    const options = symbols.TF_NewImportGraphDefOptions();
    inputs.forEach(({ output }, i) =>
      symbols.TF_ImportGraphDefOptionsAddInputMapping(options, encodeText(names[i] + "\0"), 0, output)
    );
    withBuffer(
      graphMessage([nodeMessage(node, operation, names, attributes)]),
      (buffer) => symbols.TF_GraphImportGraphDef(this.#graph, buffer, options, status.pointer),
    );
    symbols.TF_DeleteImportGraphDefOptions(options);
    status.check(() => `trace ${operation}`);
    const pointer = symbols.TF_GraphOperationByName(this.#graph, encodeText(node + "\0"));
    return Array.from(
      { length: symbols.TF_OperationNumOutputs(pointer) },
      (_, index) => this.#tensorAt(graphOutput(pointer, index)),
    );
  }

  #tensorAt(output: Bytes): TracedTensor {
    const { symbols, status } = this.#context;
    const dtype = symbols.TF_OperationOutputType(output);
    const rank = symbols.TF_GraphGetTensorNumDims(this.#graph, output, status.pointer);
    const lengths = new BigInt64Array(Math.max(rank, 0) + 1); // a buffer argument must not be empty
    symbols.TF_GraphGetTensorShape(this.#graph, output, lengths, rank, status.pointer);
    status.check(() => "infer a shape");
    const shape = Array.from(lengths.subarray(0, Math.max(rank, 0)), Number);
    if (rank < 0 || shape.some((length) => length < 0)) {
      throw new RecordingError(
        "shapes by values",
        `Cannot compile ${this.#name}: the shapes in it depend on values`,
      );
    }
    return { dtype, shape, output };
  }
}
