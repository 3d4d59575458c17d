/**
 * Turns recorded operations into a TensorFlow function, which runs as one operation.
 *
 * @module
 */
import { type Bytes, encodeText, withBuffer } from "./c_memory.ts";
import type { TensorFlowContext } from "./context.ts";
import { bytesField, intField, joinBytes } from "./protobuf.ts";
import type { SegmentPart } from "./recorder.ts";

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
  const { symbols, status } = context;
  const name = `texmesh_step_${functionCount++}`;
  const graph = symbols.TF_NewGraph();
  try {
    importNodes(context, graph, segment.nodes);
    const inputs = graphOutputs(context, graph, segment.inputs.map(({ node }) => ({ node, index: 0 })));
    const outputs = graphOutputs(context, graph, segment.outputs);
    const defined = symbols.TF_GraphToFunction(
      graph,
      encodeText(name + "\0"),
      0, // the name is used as it is
      -1, // the whole graph
      null,
      segment.inputs.length,
      inputs,
      segment.outputs.length,
      outputs,
      null,
      null,
      null,
      status.pointer,
    );
    status.check(() => "make a function of a recorded step");
    symbols.TFE_ContextAddFunction(context.pointer, defined, status.pointer);
    symbols.TF_DeleteFunction(defined);
    status.check(() => "add the function of a recorded step");
  } finally {
    symbols.TF_DeleteGraph(graph);
  }
  return name;
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
  const versions = bytesField(4, intField(1, PRODUCER_VERSION));
  const definition = joinBytes([...nodes.map((node) => bytesField(1, node)), versions]);
  const options = symbols.TF_NewImportGraphDefOptions();
  withBuffer(definition, (buffer) => symbols.TF_GraphImportGraphDef(graph, buffer, options, status.pointer));
  symbols.TF_DeleteImportGraphDefOptions(options);
  status.check(() => "read back a recorded step");
}

/** An array of `TF_Output` {operation, index}; one spare entry, as a buffer argument must not be empty. */
function graphOutputs(
  { symbols }: TensorFlowContext,
  graph: Deno.PointerValue,
  sources: readonly { readonly node: string; readonly index: number }[],
): Bytes {
  const bytes = new Uint8Array(OUTPUT_BYTES * (sources.length + 1));
  const view = new DataView(bytes.buffer);
  sources.forEach(({ node, index }, i) => {
    const operation = symbols.TF_GraphOperationByName(graph, encodeText(node + "\0"));
    view.setBigUint64(OUTPUT_BYTES * i, Deno.UnsafePointer.value(operation), true);
    view.setInt32(OUTPUT_BYTES * i + 8, index, true);
  });
  return bytes;
}
