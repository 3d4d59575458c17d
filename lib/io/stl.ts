/**
 * STL: reading triangles, as text or binary; equal corners become one vertex.
 *
 * @module
 */
import { checkCount, type LabelledMesh, labelledMesh, UNNAMED_PART } from "./labelled_mesh.ts";

/** Bytes before the first face, and bytes of a face, of binary files. */
const HEADER_BYTES = 84, FACE_BYTES = 50;

/**
 * Reads an STL file; the solids of a text file become parts.
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If it is damaged; the message says where
 */
export function readStl(bytes: Uint8Array): LabelledMesh {
  return isText(bytes) ? readText(bytes) : readBinary(bytes);
}

/** Text files begin with "solid"; some binary ones do as well, but their size tells them. */
function isText(bytes: Uint8Array): boolean {
  const start = new TextDecoder("latin1").decode(bytes.subarray(0, 1024));
  if (!/^\s*solid\b/.test(start)) return false;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length < HEADER_BYTES || bytes.length !== HEADER_BYTES + FACE_BYTES * view.getUint32(80, true);
}

function readBinary(bytes: Uint8Array): LabelledMesh {
  if (bytes.length < HEADER_BYTES) {
    throw new SyntaxError(`it has ${bytes.length} bytes, and a header alone takes ${HEADER_BYTES}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const count = view.getUint32(80, true);
  checkCount("faces", count, FACE_BYTES, bytes.length - HEADER_BYTES);
  const corners = new Welder();
  for (let f = 0; f < count; f++) {
    for (let k = 0; k < 3; k++) {
      const o = HEADER_BYTES + f * FACE_BYTES + 12 + 12 * k;
      corners.add(view.getFloat32(o, true), view.getFloat32(o + 4, true), view.getFloat32(o + 8, true));
    }
  }
  return labelledMesh(corners.positions, corners.indices);
}

function readText(bytes: Uint8Array): LabelledMesh {
  const corners = new Welder(), parts: string[] = [];
  let solid = UNNAMED_PART;
  const lines = new TextDecoder("latin1").decode(bytes).split("\n");
  lines.forEach((line, index) => {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "solid") solid = words.join(" ") || UNNAMED_PART;
    if (keyword !== "vertex") return;
    const [x, y, z] = words.map(Number);
    if (words.length !== 3 || ![x, y, z].every(Number.isFinite)) {
      throw new SyntaxError(
        `line ${index + 1} is no vertex of three coordinates: ${line.trim().slice(0, 60)}`,
      );
    }
    corners.add(x, y, z);
    if (corners.indices.length % 3 === 0) parts.push(solid);
  });
  if (corners.indices.length % 3 !== 0) {
    throw new SyntaxError(`it ends within a face, after ${corners.indices.length} corners`);
  }
  if (!/^\s*endsolid/.test(lines.findLast((line) => line.trim() !== "") ?? "")) {
    throw new SyntaxError(
      `it is cut off: its last line is not "endsolid" but "${lines.at(-1)?.trim().slice(0, 40)}"`,
    );
  }
  return labelledMesh(corners.positions, corners.indices, parts);
}

/** Gives equal places one number. */
class Welder {
  readonly positions: number[] = [];
  readonly indices: number[] = [];
  readonly #known = new Map<string, number>();

  add(x: number, y: number, z: number): void {
    const key = `${x} ${y} ${z}`;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#known.size;
      this.#known.set(key, index);
      this.positions.push(x, y, z);
    }
    this.indices.push(index);
  }
}
