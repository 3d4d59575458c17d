/**
 * Files of a box and of a notched plate, as programs write them.
 *
 * @module
 */
import { Document, type Primitive, type TypedArray } from "@gltf-transform/core";
import { KHRMeshQuantization } from "@gltf-transform/extensions";
import type { LabelledMesh } from "../../lib/io/labelled_mesh.ts";
import { gltfIo } from "./_gltf_io.ts";

/** A box of 2 x 4 x 1 about the origin: corners by bits, and its faces as polygons seen from outside. */
export const SIZE = [2, 4, 1];
export const CORNERS = Array.from(
  { length: 8 },
  (_, bits) => SIZE.map((side, axis) => (bits >> axis & 1 ? side : -side) / 2),
);
export const QUADS = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
const TRIANGLES = QUADS.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]);
/** One strip of triangles over the whole box, joined by flat ones. */
export const STRIP = QUADS.flatMap(([a, b, c, d]) => [a, a, d, b, c, c]);

/** Volume, positive if faces point outwards, and the sides of the box around the faces. */
export function measure({ vertices, faces }: LabelledMesh): [volume: number, ...sides: number[]] {
  const at = (k: number) => [0, 1, 2].map((axis) => vertices[3 * faces[k] + axis]);
  let volume = 0;
  const low = [Infinity, Infinity, Infinity], high = low.map((value) => -value);
  for (let k = 0; k < faces.length; k++) {
    at(k).forEach((value, axis) => {
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    });
    if (k % 3 !== 0) continue;
    const [[a, b, c], [d, e, f], [g, h, i]] = [at(k), at(k + 1), at(k + 2)];
    volume += (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) / 6;
  }
  return [volume, ...high.map((value, axis) => value - low[axis])];
}

export const encode = (text: string) => new TextEncoder().encode(text);
export const objLines = (faces: readonly (readonly number[])[] = QUADS) => [
  ...CORNERS.map((corner) => `v ${corner.join(" ")}`),
  ...faces.map((face) => `f ${face.map((corner) => corner + 1).join(" ")}`),
];
/** A C of area 10 (a square of 4 with a notch of 2 x 3), as one polygon of eight corners, one deep. */
const NOTCH = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [4, 3], [4, 4], [0, 4]];
export const NOTCHED = [
  ...[0, 1].flatMap((z) => NOTCH.map(([x, y]) => `v ${x} ${y} ${z}`)),
  `f ${[8, 7, 6, 5, 4, 3, 2, 1].join(" ")}`,
  `f ${[9, 10, 11, 12, 13, 14, 15, 16].join(" ")}`,
  ...NOTCH.map((_, k) =>
    `f ${[k, (k + 1) % 8, (k + 1) % 8 + 8, k + 8].map((corner) => corner + 1).join(" ")}`
  ),
];

/** A vertex whose axes change places. */
export const turnedLine = (line: string, axes: readonly number[]) =>
  `v ${axes.map((axis) => line.split(" ")[1 + axis]).join(" ")}`;

export function stl(shout: boolean): string {
  const facets = Array.from({ length: 12 }, (_, f) =>
    ["facet normal 0 0 0", "outer loop"].concat(
      [0, 1, 2].map((k) => `vertex ${CORNERS[TRIANGLES[3 * f + k]].join(" ")}`),
      ["endloop", "endfacet"],
    ).join("\n"));
  const text = ["solid box", ...facets, "endsolid box"].join("\n");
  return shout ? text.toUpperCase() : text;
}

/** Binary STL whose header begins like that of a text file, with bytes after its end. */
export function binaryStl(): Uint8Array {
  const bytes = new Uint8Array(84 + 50 * 12 + 7).fill(32), view = new DataView(bytes.buffer);
  bytes.set(encode("solid made by a program"));
  view.setUint32(80, 12, true);
  TRIANGLES.forEach((corner, k) =>
    CORNERS[corner].forEach((value, axis) =>
      view.setFloat32(84 + 50 * Math.floor(k / 3) + 12 + 12 * (k % 3) + 4 * axis, value, true)
    )
  );
  return bytes;
}

export function ply(element: string, lists: readonly (readonly number[])[]): string {
  return [
    "ply",
    "format ascii 1.0",
    "element vertex 8",
    ...["x", "y", "z"].map((axis) => `property float ${axis}`),
    `element ${element} ${lists.length}`,
    "property list int int vertex_indices",
    "end_header",
    ...CORNERS.map((corner) => corner.join(" ")),
    ...lists.map((list) => `${list.length} ${list.join(" ")}`),
    "",
  ].join("\n");
}

interface Built {
  readonly document: Document;
  readonly primitive: Primitive;
  accessor(
    type: "VEC3" | "VEC4" | "SCALAR" | "MAT4",
    values: TypedArray,
  ): ReturnType<Document["createAccessor"]>;
}

/** A document with the box at a node that is moved by 7, changed as a case wants it. */
function built(): Built & { node: ReturnType<Document["createNode"]> } {
  const document = new Document(), buffer = document.createBuffer();
  const accessor: Built["accessor"] = (type, values) =>
    document.createAccessor().setType(type).setArray(values).setBuffer(buffer);
  const primitive = document.createPrimitive()
    .setAttribute("POSITION", accessor("VEC3", Float32Array.from(CORNERS.flat())))
    .setIndices(accessor("SCALAR", Uint16Array.from(TRIANGLES)));
  const node = document.createNode("box").setMesh(document.createMesh().addPrimitive(primitive))
    .setTranslation([7, 0, 0]);
  document.getRoot().setDefaultScene(document.createScene().addChild(node));
  return { document, primitive, accessor, node };
}

const io = await gltfIo();

/** GLB of a document that a case changed. */
export async function glb(change: (box: ReturnType<typeof built>) => void = () => {}): Promise<Uint8Array> {
  const box = built();
  change(box);
  return await io.writeBinary(box.document);
}

/** GLB of the box whose description is changed afterwards. */
export async function glbWith(change: (json: Record<string, unknown>) => void): Promise<Uint8Array> {
  const { json, resources } = await io.writeJSON(await io.readBinary(await glb()));
  const [[, data]] = Object.entries(resources);
  json.buffers![0].uri = `data:application/octet-stream;base64,${
    (data as Uint8Array<ArrayBuffer>).toBase64()
  }`;
  change(json as unknown as Record<string, unknown>);
  return encode(JSON.stringify(json));
}

export function quantized({ document, primitive, accessor, node }: ReturnType<typeof built>): void {
  document.createExtension(KHRMeshQuantization).setRequired(true);
  const positions = Int16Array.from(CORNERS.flat(), (value) => Math.round(value / 2 * 32767));
  primitive.setAttribute("POSITION", accessor("VEC3", positions).setNormalized(true));
  node.setScale([2, 2, 2]);
}

/** The box halved and hung on a joint that doubles it; the node's own place does not count. */
export function skinned({ document, primitive, accessor, node }: ReturnType<typeof built>): void {
  const joint = document.createNode("joint").setScale([2, 2, 2]);
  document.getRoot().getDefaultScene()!.addChild(joint);
  primitive.getAttribute("POSITION")!.setArray(Float32Array.from(CORNERS.flat(), (value) => value / 2));
  primitive.setAttribute("JOINTS_0", accessor("VEC4", new Uint8Array(32)));
  primitive.setAttribute(
    "WEIGHTS_0",
    accessor("VEC4", Float32Array.from({ length: 32 }, (_, k) => k % 4 === 0 ? 1 : 0)),
  );
  const bind = accessor("MAT4", Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1));
  node.setSkin(document.createSkin().addJoint(joint).setInverseBindMatrices(bind)).setScale([9, 9, 9]);
}
