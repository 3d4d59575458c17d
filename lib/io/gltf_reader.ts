/**
 * glTF: reading the triangles of its scene as they stand when it is opened; materials or nodes become parts.
 *
 * Skins are posed by their joints, morph targets by their weights, instances placed.
 *
 * @module
 */
import type { Accessor, Document, Material, Mesh, Node, Primitive } from "@gltf-transform/core";
import type { InstancedMesh } from "@gltf-transform/extensions";
import { messageOf } from "../core/errors.ts";
import { openGltf, type ReadBeside } from "./gltf_document.ts";
import { type LabelledMesh, labelledMesh, MAX_MESH_ELEMENTS, UNNAMED_PART } from "./labelled_mesh.ts";

/** Kinds of primitives with faces. */
const TRIANGLES = 4, STRIP = 5, FAN = 6;
/** A transform, column by column, `[16]`. */
type Matrix = ArrayLike<number>;

/** Triangles that are gathered. */
export interface Gathered {
  /** Positions, `[N, 3]`. */
  readonly positions: number[];
  /** Texture coordinates of the file (v downwards), NaN where it has none, `[N, 2]`. */
  readonly uvs: number[];
  /** Indices of positions, `[F, 3]`. */
  readonly faces: number[];
  /** Material of each face, `[F]`. */
  readonly looks: (Material | null)[];
  /** Names of the materials, `[F]`. */
  readonly materials: string[];
  /** Names of the nodes, `[F]`. */
  readonly nodes: string[];
}

/**
 * Reads a glTF file, binary (GLB) or JSON. If it has two materials or more they become parts, else its nodes do.
 *
 * @param bytes Content of the file
 * @param readBeside Reads files beside it; left out they are refused
 * @throws {SyntaxError} If it is damaged, or of a kind that is not read; the message says which
 */
export async function readGltf(
  bytes: Uint8Array,
  readBeside: ReadBeside = refuseBeside,
): Promise<LabelledMesh> {
  const found = gatherTriangles(await openGltf(bytes, readBeside));
  const parts = new Set(found.materials).size > 1 ? found.materials : found.nodes;
  return labelledMesh(found.positions, found.faces, parts);
}

/**
 * Gathers the triangles of a document's scene.
 *
 * @param document The document
 * @throws {SyntaxError} If its description does not fit its data
 */
export function gatherTriangles(document: Document): Gathered {
  const root = document.getRoot(), scene = root.getDefaultScene() ?? root.listScenes()[0];
  const roots = scene
    ? scene.listChildren()
    : root.listNodes().filter((node) => node.getParentNode() === null);
  const found: Gathered = { positions: [], uvs: [], faces: [], looks: [], materials: [], nodes: [] };
  const nodes = new Map(root.listNodes().map((node, number) => [node, node.getName() || `node ${number}`]));
  const materials = new Map(
    root.listMaterials().map((material, number) => [material, material.getName() || `material ${number}`]),
  );
  try {
    for (const start of roots) start.traverse((node) => addNode(node, nodes.get(node)!, materials, found));
  } catch (error) {
    if (error instanceof SyntaxError) throw error;
    throw new SyntaxError(`its description does not fit its data (${messageOf(error).slice(0, 120)})`, {
      cause: error,
    });
  }
  return found;
}

function refuseBeside(uri: string): Promise<Uint8Array> {
  return Promise.reject(
    new SyntaxError(`its data lies in another file, ${uri.slice(0, 80)}: export it as one GLB file`),
  );
}

function addNode(
  node: Node,
  nodeName: string,
  materials: ReadonlyMap<Material, string>,
  found: Gathered,
): void {
  const mesh = node.getMesh();
  if (!mesh) return;
  const name = node.getName() || mesh.getName() || nodeName;
  for (const primitive of mesh.listPrimitives()) {
    if (![TRIANGLES, STRIP, FAN].includes(primitive.getMode())) continue; // points, lines
    const local = localPositions(primitive, node, mesh);
    if (local === null) continue;
    const triangles = trianglesOf(primitive, local.length / 3);
    const skin = skinnedPositions(primitive, node, local);
    const placed = skin ? [{ positions: skin, isMirrored: false }] : placements(node).map((matrix) => ({
      positions: transformed(local, matrix),
      isMirrored: determinant(matrix) < 0,
    }));
    const material = primitive.getMaterial();
    const own = {
      ...{ node: name, name: material ? materials.get(material)! : UNNAMED_PART, material },
      uvs: coordinatesOf(primitive, local.length / 3),
    };
    for (const { positions, isMirrored } of placed) {
      addTriangles(positions, isMirrored ? turnedOver(triangles) : triangles, own, found);
    }
  }
}

/** Positions with morph targets applied, `[V, 3]`. */
function localPositions(primitive: Primitive, node: Node, mesh: Mesh): Float64Array | null {
  const position = primitive.getAttribute("POSITION");
  if (!position) return null;
  const values = valuesOf(position, 3);
  const weights = node.getWeights().length > 0 ? node.getWeights() : mesh.getWeights();
  primitive.listTargets().forEach((target, k) => {
    const offsets = target.getAttribute("POSITION"), weight = weights[k] ?? 0;
    if (!offsets || weight === 0) return;
    const moved = valuesOf(offsets, 3);
    for (let i = 0; i < values.length; i++) values[i] += weight * (moved[i] ?? 0);
  });
  return values;
}

/** Positions posed by the joints of a skin, which alone place it, `[V, 3]`; null if there is none. */
function skinnedPositions(primitive: Primitive, node: Node, local: Float64Array): Float64Array | null {
  const skin = node.getSkin();
  if (!skin) return null;
  const inverse = skin.getInverseBindMatrices(), bind = inverse && valuesOf(inverse, 16);
  const joints = skin.listJoints().map((joint, k) =>
    multiply(joint.getWorldMatrix(), bind ? bind.subarray(16 * k, 16 * k + 16) : IDENTITY)
  );
  const sets = [0, 1].flatMap((set) => {
    const [which, share] = [
      primitive.getAttribute(`JOINTS_${set}`),
      primitive.getAttribute(`WEIGHTS_${set}`),
    ];
    return which && share ? [{ which: valuesOf(which, 4), share: valuesOf(share, 4) }] : [];
  });
  if (sets.length === 0) return null;
  const posed = new Float64Array(local.length); // [V, 3]
  for (let vertex = 0; 3 * vertex < local.length; vertex++) {
    let sum = 0;
    for (const { which, share } of sets) {
      for (let k = 4 * vertex; k < 4 * vertex + 4; k++) {
        const weight = share[k] ?? 0, joint = joints[which[k]];
        if (weight === 0) continue;
        if (!joint) {
          throw new SyntaxError(`a vertex has joint ${which[k]}, but its skin has ${joints.length}`);
        }
        addTransformed(local, vertex, joint, weight, posed);
        sum += weight;
      }
    }
    if (sum === 0) addTransformed(local, vertex, IDENTITY, 1, posed);
    else for (let axis = 0; axis < 3; axis++) posed[3 * vertex + axis] /= sum;
  }
  return posed;
}

const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** Where a node's mesh is placed: once, or as often as its instances say. */
function placements(node: Node): Matrix[] {
  const world = node.getWorldMatrix(),
    instances = node.getExtension<InstancedMesh>("EXT_mesh_gpu_instancing");
  if (!instances) return [world];
  const values = (name: string, width: number) => {
    const accessor = instances.getAttribute(name);
    return accessor && valuesOf(accessor, width);
  };
  const [moves, turns, sizes] = [values("TRANSLATION", 3), values("ROTATION", 4), values("SCALE", 3)];
  const count = Math.max((moves?.length ?? 0) / 3, (turns?.length ?? 0) / 4, (sizes?.length ?? 0) / 3);
  return Array.from({ length: count }, (_, k) =>
    multiply(
      world,
      matrixOf(
        moves?.subarray(3 * k) ?? [0, 0, 0],
        turns?.subarray(4 * k) ?? [0, 0, 0, 1],
        sizes?.subarray(3 * k) ?? [1, 1, 1],
      ),
    ));
}

/** Corners of the triangles of a list, strip or fan, `[F, 3]`. */
function trianglesOf(primitive: Primitive, count: number): ArrayLike<number> {
  const accessor = primitive.getIndices();
  const indices = accessor ? valuesOf(accessor, 1) : Float64Array.from({ length: count }, (_, i) => i);
  for (const index of indices) {
    if (!(index < count)) {
      throw new SyntaxError(`a face has corner ${index}, but its mesh has ${count} vertices`);
    }
  }
  const mode = primitive.getMode();
  if (mode === TRIANGLES) return indices.subarray(0, indices.length - indices.length % 3);
  const corners: number[] = [];
  for (let k = 2; k < indices.length; k++) {
    const flip = mode === STRIP && k % 2 === 1;
    const first = mode === FAN ? 0 : k - 2;
    const [a, b, c] = [indices[first], indices[k - 1], indices[k]];
    if (a !== b && b !== c && a !== c) corners.push(...flip ? [b, a, c] : [a, b, c]); // strips are joined by flat faces
  }
  return corners;
}

/** Triangles that run the other way round, as those of mirrored nodes do. */
function turnedOver(triangles: ArrayLike<number>): ArrayLike<number> {
  return Array.from(triangles, (_, k) => triangles[k % 3 === 0 ? k : k % 3 === 1 ? k + 1 : k - 1]);
}

/** What the triangles of a primitive have of their own. */
interface Own {
  readonly node: string;
  readonly name: string;
  readonly material: Material | null;
  readonly uvs: Float64Array;
}

/** Coordinates of the base colour's texture, NaN where there are none, `[N, 2]`. */
function coordinatesOf(primitive: Primitive, count: number): Float64Array {
  const set = primitive.getMaterial()?.getBaseColorTextureInfo()?.getTexCoord() ?? 0;
  const coordinates = primitive.getAttribute(`TEXCOORD_${set}`), uvs = new Float64Array(2 * count).fill(NaN);
  if (coordinates) uvs.set(valuesOf(coordinates, 2).subarray(0, 2 * count));
  return uvs;
}

function addTriangles(
  positions: Float64Array,
  triangles: ArrayLike<number>,
  { node, name, material, uvs }: Own,
  found: Gathered,
): void {
  const first = found.positions.length / 3;
  if (
    first + positions.length / 3 > MAX_MESH_ELEMENTS ||
    (found.faces.length + triangles.length) / 3 > MAX_MESH_ELEMENTS
  ) {
    throw new SyntaxError(`its nodes place more than ${MAX_MESH_ELEMENTS} vertices: make it simpler first`);
  }
  for (const value of positions) found.positions.push(value);
  for (const value of uvs) found.uvs.push(value);
  for (let k = 0; k < triangles.length; k++) {
    found.faces.push(first + triangles[k]);
    if (k % 3 !== 0) continue;
    found.looks.push(material);
    found.materials.push(name);
    found.nodes.push(node);
  }
}

/** Values of an accessor as numbers, whatever their type, `[N, width]`. */
function valuesOf(accessor: Accessor, width: number): Float64Array {
  const count = accessor.getCount(), size = accessor.getElementSize(), element = new Array(size).fill(0);
  if (size !== width) throw new SyntaxError(`values of ${size} numbers stand where ${width} are needed`);
  const values = new Float64Array(count * width); // [N, width]
  for (let i = 0; i < count; i++) {
    if (size === 1) values[i] = accessor.getScalar(i);
    else values.set(accessor.getElement(i, element), i * width);
  }
  return values;
}

function transformed(local: Float64Array, matrix: Matrix): Float64Array {
  const placed = new Float64Array(local.length); // [V, 3]
  for (let vertex = 0; 3 * vertex < local.length; vertex++) addTransformed(local, vertex, matrix, 1, placed);
  return placed;
}

function addTransformed(
  local: Float64Array,
  vertex: number,
  m: Matrix,
  weight: number,
  out: Float64Array,
): void {
  const i = 3 * vertex, [x, y, z] = [local[i], local[i + 1], local[i + 2]];
  for (let axis = 0; axis < 3; axis++) {
    out[i + axis] += weight * (m[axis] * x + m[4 + axis] * y + m[8 + axis] * z + m[12 + axis]);
  }
}

/** Transform of a place, a quaternion (x, y, z, w) and a size, column by column. */
function matrixOf(move: ArrayLike<number>, turn: ArrayLike<number>, size: ArrayLike<number>): Matrix {
  const [x, y, z, w] = [turn[0], turn[1], turn[2], turn[3]], [sx, sy, sz] = [size[0], size[1], size[2]];
  // deno-fmt-ignore
  return [
    sx * (1 - 2 * (y * y + z * z)), sx * 2 * (x * y + z * w), sx * 2 * (x * z - y * w), 0,
    sy * 2 * (x * y - z * w), sy * (1 - 2 * (x * x + z * z)), sy * 2 * (y * z + x * w), 0,
    sz * 2 * (x * z + y * w), sz * 2 * (y * z - x * w), sz * (1 - 2 * (x * x + y * y)), 0,
    move[0], move[1], move[2], 1,
  ];
}

/** Volume of the unit cube after a transform; negative where it mirrors. */
function determinant(m: Matrix): number {
  return m[0] * (m[5] * m[10] - m[6] * m[9]) - m[4] * (m[1] * m[10] - m[2] * m[9]) +
    m[8] * (m[1] * m[6] - m[2] * m[5]);
}

/** Product of two transforms, column by column. */
function multiply(a: Matrix, b: Matrix): Matrix {
  return Array.from({ length: 16 }, (_, i) => {
    const row = i % 4, column = i - row;
    let sum = 0;
    for (let k = 0; k < 4; k++) sum += a[4 * k + row] * b[column + k];
    return sum;
  });
}
