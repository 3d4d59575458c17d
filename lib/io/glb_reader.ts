/**
 * Binary glTF: reading the triangles of its scene; materials or nodes become parts.
 *
 * Only what is needed for shapes is read: no textures, no skins, no compressed meshes.
 *
 * @module
 */
import * as v from "valibot";
import {
  checkCount,
  type LabelledMesh,
  labelledMesh,
  MAX_MESH_ELEMENTS,
  UNNAMED_PART,
} from "./labelled_mesh.ts";

/** Names of the file's sections and kinds. */
const MAGIC = 0x46546c67, JSON_CHUNK = 0x4e4f534a, BINARY_CHUNK = 0x004e4942, FLOAT = 5126, TRIANGLES = 4;
/** Bytes of an index of each component type. */
const INDEX_BYTES: Readonly<Record<number, number>> = { 5121: 1, 5123: 2, 5125: 4 };
/** How deep nodes may lie in nodes, and how many times meshes may be placed in all. */
const MAX_DEPTH = 64, MAX_PLACED = 100_000;

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const INDICES = v.optional(v.array(COUNT), []);
const VECTOR = (length: number) => v.optional(v.pipe(v.array(v.number()), v.length(length)));
const DOCUMENT = v.object({
  scene: v.optional(COUNT, 0),
  scenes: v.optional(v.array(v.object({ nodes: INDICES })), []),
  nodes: v.optional(
    v.array(v.object({
      name: v.optional(v.string()),
      mesh: v.optional(COUNT),
      children: INDICES,
      matrix: VECTOR(16),
      translation: VECTOR(3),
      rotation: VECTOR(4),
      scale: VECTOR(3),
    })),
    [],
  ),
  meshes: v.optional(
    v.array(v.object({
      name: v.optional(v.string()),
      primitives: v.array(v.object({
        attributes: v.object({ POSITION: v.optional(COUNT) }),
        indices: v.optional(COUNT),
        material: v.optional(COUNT),
        mode: v.optional(COUNT, TRIANGLES),
        extensions: v.optional(v.record(v.string(), v.unknown()), {}),
      })),
    })),
    [],
  ),
  materials: v.optional(v.array(v.object({ name: v.optional(v.string()) })), []),
  accessors: v.optional(
    v.array(v.object({
      bufferView: v.optional(COUNT),
      byteOffset: v.optional(COUNT, 0),
      componentType: COUNT,
      count: COUNT,
      type: v.string(),
      sparse: v.optional(v.unknown()),
    })),
    [],
  ),
  bufferViews: v.optional(
    v.array(v.object({
      buffer: COUNT,
      byteOffset: v.optional(COUNT, 0),
      byteLength: COUNT,
      byteStride: v.optional(COUNT),
    })),
    [],
  ),
});
type Document = v.InferOutput<typeof DOCUMENT>;

/** Triangles that are gathered. */
interface Gathered {
  readonly positions: number[];
  readonly faces: number[];
  readonly materials: string[];
  readonly nodes: string[];
}

/**
 * Reads a GLB file. If it has two materials or more they become parts, else its nodes do.
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If it is damaged, or of a kind that is not read; the message says which
 */
export function readGlb(bytes: Uint8Array): LabelledMesh {
  const { document, binary } = readChunks(bytes);
  const found: Gathered = { positions: [], faces: [], materials: [], nodes: [] };
  const scene = document.scenes[document.scene]?.nodes ?? document.nodes.map((_, i) => i);
  let placed = 0;
  const visit = (index: number, parent: readonly number[], depth: number) => {
    const node = entry(document.nodes, index, "node");
    if (depth > MAX_DEPTH) throw new SyntaxError("its nodes lie in each other without end");
    if (++placed > MAX_PLACED) throw new SyntaxError(`it has more than ${MAX_PLACED} nodes`);
    const matrix = multiply(parent, matrixOf(node));
    if (node.mesh !== undefined) {
      const mesh = entry(document.meshes, node.mesh, "mesh");
      for (const primitive of mesh.primitives) {
        const name = node.name ?? mesh.name ?? `node ${index}`;
        addPrimitive(document, binary, primitive, matrix, name, found);
      }
    }
    for (const child of node.children) visit(child, matrix, depth + 1);
  };
  for (const root of scene) visit(root, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1], 0);
  const parts = new Set(found.materials).size > 1 ? found.materials : found.nodes;
  return labelledMesh(found.positions, found.faces, parts);
}

function readChunks(bytes: Uint8Array): { document: Document; binary: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 20 || view.getUint32(0, true) !== MAGIC) {
    throw new SyntaxError("it does not begin like a GLB file");
  }
  const version = view.getUint32(4, true), length = view.getUint32(8, true);
  if (version !== 2) throw new SyntaxError(`its version must be 2, got ${version}`);
  if (length > bytes.length) {
    throw new SyntaxError(`it says that it has ${length} bytes, but it has ${bytes.length}: it is cut off`);
  }
  let text: string | null = null, binary = new Uint8Array(0);
  for (let at = 12; at + 8 <= length;) {
    const size = view.getUint32(at, true), kind = view.getUint32(at + 4, true);
    if (at + 8 + size > length) throw new SyntaxError(`a section of ${size} bytes leaves the file`);
    const content = bytes.subarray(at + 8, at + 8 + size);
    if (kind === JSON_CHUNK) text ??= new TextDecoder().decode(content);
    else if (kind === BINARY_CHUNK && binary.length === 0) binary = content as Uint8Array<ArrayBuffer>;
    at += 8 + size + (4 - size % 4) % 4;
  }
  if (text === null) throw new SyntaxError("it has no description (JSON section)");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError("its description (JSON section) is damaged", { cause: error });
  }
  const parsed = v.safeParse(DOCUMENT, json);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new SyntaxError(
      `its description is damaged at ${v.getDotPath(issue) ?? "its start"}: ${issue.message}`,
    );
  }
  return { document: parsed.output, binary };
}

function addPrimitive(
  document: Document,
  binary: Uint8Array,
  primitive: Document["meshes"][number]["primitives"][number],
  matrix: readonly number[],
  node: string,
  found: Gathered,
): void {
  if ("KHR_draco_mesh_compression" in primitive.extensions) {
    throw new SyntaxError("its meshes are compressed (Draco): export it without compression");
  }
  if (primitive.mode !== TRIANGLES || primitive.attributes.POSITION === undefined) return; // points, lines
  const positions = readAccessor(document, binary, primitive.attributes.POSITION, "VEC3", "vertices");
  const first = found.positions.length / 3, count = positions.length / 3;
  if (first + count > MAX_MESH_ELEMENTS) {
    throw new SyntaxError(`its nodes place more than ${MAX_MESH_ELEMENTS} vertices: make it simpler first`);
  }
  for (let i = 0; i < positions.length; i += 3) {
    const [x, y, z] = [positions[i], positions[i + 1], positions[i + 2]];
    for (let axis = 0; axis < 3; axis++) {
      found.positions.push(
        matrix[axis] * x + matrix[4 + axis] * y + matrix[8 + axis] * z + matrix[12 + axis],
      );
    }
  }
  const indices = primitive.indices === undefined
    ? Float64Array.from({ length: count }, (_, i) => i)
    : readAccessor(document, binary, primitive.indices, "SCALAR", "indices");
  const material = primitive.material === undefined
    ? UNNAMED_PART
    : entry(document.materials, primitive.material, "material").name ?? `material ${primitive.material}`;
  for (let i = 0; i + 2 < indices.length; i += 3) {
    for (let k = 0; k < 3; k++) {
      if (indices[i + k] >= count) {
        throw new SyntaxError(`a face has corner ${indices[i + k]}, but its mesh has ${count} vertices`);
      }
      found.faces.push(first + indices[i + k]);
    }
    found.materials.push(material);
    found.nodes.push(node);
  }
}

/** Values of an accessor as numbers. */
function readAccessor(
  document: Document,
  binary: Uint8Array,
  index: number,
  type: "SCALAR" | "VEC3",
  what: string,
): Float64Array {
  const accessor = entry(document.accessors, index, "accessor");
  const { bufferView, byteOffset, componentType, count } = accessor;
  if (accessor.sparse !== undefined || bufferView === undefined) {
    throw new SyntaxError("it has sparse or compressed data: export it without compression");
  }
  const bytesEach = type === "VEC3" ? (componentType === FLOAT ? 4 : 0) : INDEX_BYTES[componentType] ?? 0;
  if (accessor.type !== type || bytesEach === 0) {
    throw new SyntaxError(`its ${what} are ${accessor.type} of component type ${componentType}`);
  }
  const part = entry(document.bufferViews, bufferView, "bufferView");
  if (part.buffer !== 0) throw new SyntaxError("its data lies in another file: export it as one GLB file");
  const width = type === "VEC3" ? 3 : 1, stride = part.byteStride ?? width * bytesEach;
  const start = part.byteOffset + byteOffset;
  checkCount(
    what,
    count,
    stride,
    Math.min(binary.length, part.byteOffset + part.byteLength) - start + stride - width * bytesEach,
  );
  if (stride < width * bytesEach) throw new SyntaxError(`its ${what} overlap each other`);
  const view = new DataView(binary.buffer, binary.byteOffset, binary.byteLength);
  const read = bytesEach === 1
    ? (at: number) => view.getUint8(at)
    : bytesEach === 2
    ? (at: number) => view.getUint16(at, true)
    : componentType === FLOAT
    ? (at: number) => view.getFloat32(at, true)
    : (at: number) => view.getUint32(at, true);
  return Float64Array.from(
    { length: count * width },
    (_, i) => read(start + Math.floor(i / width) * stride + (i % width) * bytesEach),
  );
}

function entry<T>(list: readonly T[], index: number, what: string): T {
  if (index >= list.length) throw new SyntaxError(`it has no ${what} ${index}, but uses it`);
  return list[index];
}

/** Transform of a node, column by column, `[16]`. */
function matrixOf({ matrix, translation, rotation, scale }: Document["nodes"][number]): readonly number[] {
  if (matrix) return matrix;
  const [x, y, z, w] = rotation ?? [0, 0, 0, 1], [sx, sy, sz] = scale ?? [1, 1, 1];
  const [tx, ty, tz] = translation ?? [0, 0, 0];
  // deno-fmt-ignore
  return [
    sx * (1 - 2 * (y * y + z * z)), sx * 2 * (x * y + z * w), sx * 2 * (x * z - y * w), 0,
    sy * 2 * (x * y - z * w), sy * (1 - 2 * (x * x + z * z)), sy * 2 * (y * z + x * w), 0,
    sz * 2 * (x * z + y * w), sz * 2 * (y * z - x * w), sz * (1 - 2 * (x * x + y * y)), 0,
    tx, ty, tz, 1,
  ];
}

/** Product of two transforms, column by column. */
function multiply(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: 16 }, (_, i) => {
    const row = i % 4, column = i - row;
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += a[4 * k + row] * b[column + k];
    return sum;
  });
}
