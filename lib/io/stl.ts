/**
 * STL: reading triangles, as text or binary; equal corners become one vertex.
 *
 * @module
 */
import {
  checkCount,
  checkPositions,
  type LabelledMesh,
  labelledMesh,
  UNNAMED_PART,
} from "./labelled_mesh.ts";
import { textLines } from "./text_lines.ts";
import { weldVertices } from "./weld_vertices.ts";

/** Bytes before the first face, and bytes of a face, of binary files. */
const HEADER_BYTES = 84, FACE_BYTES = 50;
/** Numbers of faces that programs write which do not know it yet. */
const UNKNOWN_COUNTS = [0, 0xffffffff];
/** Characters at the end of a text file in which its last line is looked for. */
const MAX_LINE = 4096;

/**
 * Reads an STL file; the solids of a text file become parts.
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If it is damaged; the message says where
 */
export function readStl(bytes: Uint8Array): LabelledMesh {
  return isText(bytes) ? readText(bytes) : readBinary(bytes);
}

/** Text files begin with "solid"; some binary ones do as well, but have a byte of 0 or no word for a face behind it. */
function isText(bytes: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, MAX_LINE));
  return /^(\xef\xbb\xbf)?\s*solid\b[^]*\b(facet|endsolid)\b/i.test(start) &&
    !bytes.subarray(0, HEADER_BYTES).includes(0);
}

function readBinary(bytes: Uint8Array): LabelledMesh {
  if (bytes.length < HEADER_BYTES) {
    throw new SyntaxError(`it has ${bytes.length} bytes, and a header alone takes ${HEADER_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const stated = view.getUint32(80, true), room = Math.floor((bytes.length - HEADER_BYTES) / FACE_BYTES);
  if (stated > room && !bytes.subarray(0, HEADER_BYTES).some((byte) => byte < 9 || byte > 126)) {
    throw new SyntaxError('it is text, but does not begin with "solid" as STL does: it is of another kind');
  }
  const count = UNKNOWN_COUNTS.includes(stated) ? room : stated;
  checkCount("faces", count, FACE_BYTES, bytes.length - HEADER_BYTES);
  const positions = new Float64Array(9 * count); // [3 F, 3]
  for (let f = 0, i = 0; f < count; f++) {
    const start = HEADER_BYTES + f * FACE_BYTES + 12; // after the normal
    for (let k = 0; k < 9; k++) positions[i++] = view.getFloat32(start + 4 * k, true);
  }
  return weldedMesh(positions);
}

function readText(bytes: Uint8Array): LabelledMesh {
  const text = new TextDecoder("latin1").decode(bytes);
  const last = text.slice(-MAX_LINE).trimEnd().split(/[\r\n]/).at(-1)!.trim();
  if (!/^endsolid/i.test(last)) {
    throw new SyntaxError(`it is cut off: its last line is not "endsolid" but "${last.slice(0, 40)}"`);
  }
  const positions: number[] = [], parts: string[] = [];
  let solid = UNNAMED_PART, number = 0;
  for (const line of textLines(text)) {
    number++;
    const [first, ...words] = line.trim().split(/\s+/), keyword = first.toLowerCase();
    if (keyword === "solid") solid = words.join(" ") || UNNAMED_PART;
    if (keyword !== "vertex") continue;
    const [x, y, z] = words.map(Number);
    if (words.length !== 3 || ![x, y, z].every(Number.isFinite)) {
      throw new SyntaxError(
        `line ${number} is no vertex of three coordinates: ${line.trim().slice(0, 60)}`,
      );
    }
    positions.push(x, y, z);
    if (positions.length % 9 === 0) parts.push(solid);
  }
  if (positions.length % 9 !== 0) {
    throw new SyntaxError(`it ends within a face, after ${positions.length / 3} corners`);
  }
  return weldedMesh(positions, parts);
}

/** The mesh of corners that come three by three, checked before equal ones are looked for. */
function weldedMesh(positions: ArrayLike<number>, parts: readonly string[] = []): LabelledMesh {
  checkPositions(positions);
  const { vertices, indices } = weldVertices(positions);
  return labelledMesh(vertices, indices, parts);
}
