/**
 * Turns recorded operations into a TensorFlow function, which runs as one operation.
 *
 * @module
 */
import { type Bytes, encodeText, withBuffer } from "./c_memory.ts";
import type { TensorFlowContext } from "./context.ts";
import { bytesField, concatBytes } from "../../core/protocol_buffer.ts";
import { intField } from "./protobuf.ts";
import type { SegmentPart } from "./recording.ts";

/** `GraphDef` producer version: any that is newer than the operations' last changes. */
const PRODUCER_VERSION = 2000;
const OUTPUT_BYTES = 16;

let functionCount = 0;

/**
 * Defines a function with the segment's placeholders as inputs.
 *
 * @returns Its name, by which it is run and removed
 */
export function defineFunction(context: TensorFlowContext, segment: SegmentPart): string {
  const { symbols } = context;
  const graph = symbols.TF_NewGraph();
  try {
    importNodes(context, graph, segment.nodes);
    return addGraphFunction(
      context,
      graph,
      segment.inputs.map(({ node }) => namedOutput(context, graph, node, 0)),
      segment.outputs.map(({ node, index }) => namedOutput(context, graph, node, index)),
    );
  } finally {
    symbols.TF_DeleteGraph(graph);
  }
}

/**
 * Makes a function of a whole graph.
 *
 * @param inputs Places of its inputs, a `TF_Output` each
 * @param outputs Places of its results
 * @returns Its name, by which it is run and removed
 */
export function addGraphFunction(
  { symbols, status, pointer }: TensorFlowContext,
  graph: Deno.PointerValue,
  inputs: readonly Bytes[],
  outputs: readonly Bytes[],
): string {
  const name = `texmesh_${functionCount++}`;
  const spare = new Uint8Array(OUTPUT_BYTES); // a buffer argument must not be empty
  const defined = symbols.TF_GraphToFunction(
    graph,
    encodeText(name + "\0"),
    0, // the name is used as it is
    -1, // the whole graph
    null,
    inputs.length,
    concatBytes([...inputs, spare]),
    outputs.length,
    concatBytes([...outputs, spare]),
    null,
    null,
    null,
    status.pointer,
  );
  status.check(() => "make a function of recorded operations");
  symbols.TFE_ContextAddFunction(pointer, defined, status.pointer);
  symbols.TF_DeleteFunction(defined);
  status.check(() => "add a function of recorded operations");
  return name;
}

/** A `TF_Output`: operation and index. */
export function graphOutput(operation: Deno.PointerValue, index: number): Bytes {
  const bytes = new Uint8Array(OUTPUT_BYTES), view = new DataView(bytes.buffer);
  view.setBigUint64(0, Deno.UnsafePointer.value(operation), true);
  view.setInt32(8, index, true);
  return bytes;
}

/** A `GraphDef` of `NodeDef` messages. */
export function graphMessage(nodes: readonly Bytes[]): Bytes {
  const versions = bytesField(4, intField(1, PRODUCER_VERSION));
  return concatBytes([...nodes.map((node) => bytesField(1, node)), versions]);
}

/** Removes a function. */
export function removeFunction({ symbols, status, pointer }: TensorFlowContext, name: string): void {
  symbols.TFE_ContextRemoveFunction(pointer, encodeText(name + "\0"), status.pointer);
  status.check(() => `remove the function ${name}`);
}

function importNodes(
  { symbols, status }: TensorFlowContext,
  graph: Deno.PointerValue,
  nodes: readonly Bytes[],
): void {
  const options = symbols.TF_NewImportGraphDefOptions();
  withBuffer(
    graphMessage(nodes),
    (buffer) => symbols.TF_GraphImportGraphDef(graph, buffer, options, status.pointer),
  );
  symbols.TF_DeleteImportGraphDefOptions(options);
  status.check(() => "read back a recorded step");
}

function namedOutput(
  { symbols }: TensorFlowContext,
  graph: Deno.PointerValue,
  node: string,
  index: number,
): Bytes {
  return graphOutput(symbols.TF_GraphOperationByName(graph, encodeText(node + "\0")), index);
}
