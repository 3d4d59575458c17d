/**
 * PLY: reading vertices, faces and labels of faces, as text or binary.
 *
 * @module
 */
import { checkCount, type LabelledMesh, labelledMesh } from "./labelled_mesh.ts";
import { triangulate } from "./triangulate.ts";

/** Size of each scalar type, bytes. */
const SIZES: Readonly<Record<string, number>> = {
  char: 1,
  uchar: 1,
  short: 2,
  ushort: 2,
  int: 4,
  uint: 4,
  float: 4,
  double: 8,
};
/** Other names of the types. */
const ALIASES: Readonly<Record<string, string>> = {
  int8: "char",
  uint8: "uchar",
  int16: "short",
  uint16: "ushort",
  int32: "int",
  uint32: "uint",
  float32: "float",
  float64: "double",
};
/** Scalar properties of a face that name its part. */
const PART_PROPERTIES = ["part", "label", "group", "material_index", "object_id"];
/** Longest header that is looked for, bytes. */
const MAX_HEADER = 1 << 16;
/** Most corners of a face. */
const MAX_CORNERS = 4096;
/** Value that ends one strip of triangles in a list of several, where numbers have a sign. */
const STRIP_END = -1;

interface Property {
  readonly name: string;
  readonly type: string;
  /** Type of a list's length, null for a scalar. */
  readonly lengthType: string | null;
}

interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: Property[];
}

/** Reads the next scalar of a type. */
type NextScalar = (type: string) => number;

/**
 * Reads a PLY file. Polygons and strips become triangles; a scalar property `part`, `label`, `group`, `material_index` or
 * `object_id` of the faces becomes part names "part 0", "part 1", …
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If it is damaged; the message says where
 */
export function readPly(bytes: Uint8Array): LabelledMesh {
  const { format, elements, end } = readHeader(bytes);
  const next = format === "ascii"
    ? textScalars(bytes, end)
    : binaryScalars(bytes, end, format !== "binary_big_endian");
  const positions: number[] = [], polygons: { corners: number[]; part: string }[] = [];
  let left = bytes.length - end;
  for (const { name, count, properties } of elements) {
    const least = properties.reduce(
      (sum, { type, lengthType }) => sum + (format === "ascii" ? 2 : SIZES[lengthType ?? type]),
      0,
    );
    checkCount(name === "vertex" ? "vertices" : `elements "${name}"`, count, Math.max(1, least - 1), left);
    left -= count * Math.max(1, least - 1);
    for (let i = 0; i < count; i++) {
      let corners: number[] = [], part = "";
      const place = [NaN, NaN, NaN];
      for (const { name: property, type, lengthType } of properties) {
        if (lengthType !== null) {
          const most = isStrip(name) ? Math.max(0, left) + count : MAX_CORNERS;
          const list = nextList(next, type, lengthType, most);
          if (/^vertex_ind(ex|ices)$/.test(property)) corners = list;
          continue;
        }
        const value = next(type), axis = ["x", "y", "z"].indexOf(property);
        if (axis >= 0) place[axis] = value;
        if (PART_PROPERTIES.includes(property)) part = `part ${value}`;
      }
      if (name === "vertex") positions.push(...place);
      if (name === "face") polygons.push({ corners, part });
      if (isStrip(name)) {
        const { type } = properties.find(({ lengthType }) => lengthType !== null)!;
        for (const triangle of stripTriangles(corners, stripEnd(type))) {
          polygons.push({ corners: triangle, part });
        }
      }
    }
  }
  const faces: number[] = [], parts: string[] = [];
  for (const { corners, part } of polygons) {
    if (corners.length < 3) continue;
    for (const k of triangulate(corners, positions)) faces.push(corners[k]);
    while (part !== "" && parts.length < faces.length / 3) parts.push(part);
  }
  return labelledMesh(positions, faces, parts);
}

function isStrip(element: string): boolean {
  return element === "tristrips" || element === "tristrip";
}

/** Value of a type that ends a strip: -1, as numbers without a sign hold it. */
function stripEnd(type: string): number {
  return type.startsWith("u") ? 2 ** (8 * SIZES[type]) - 1 : STRIP_END;
}

/** Triangles of strips one after another; every second one of a strip runs the other way round. */
function stripTriangles(corners: readonly number[], end: number): number[][] {
  const triangles: number[][] = [];
  for (let k = 0, start = 0; k < corners.length; k++) {
    if (corners[k] === end || corners[k] === STRIP_END) start = k + 1;
    if (k < start + 2) continue;
    const [a, b, c] = [corners[k - 2], corners[k - 1], corners[k]];
    if (a !== b && b !== c && a !== c) triangles.push((k - start) % 2 === 0 ? [a, b, c] : [b, a, c]);
  }
  return triangles;
}

function readHeader(bytes: Uint8Array): { format: string; elements: Element[]; end: number } {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, MAX_HEADER));
  const match = /^(?:\xef\xbb\xbf)?ply[ \t]*(\r\n|\n|\r)[^]*?(\n|\r)end_header[ \t]*\1/.exec(text);
  if (match === null) throw new SyntaxError("it does not begin with a PLY header");
  let format = "";
  const elements: Element[] = [];
  for (const line of match[0].split(/\r\n|\n|\r/)) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === "format") format = words[0];
    if (keyword === "element") {
      elements.push({ name: words[0], count: Number(words[1]), properties: [] });
    }
    if (keyword !== "property") continue;
    if (elements.length === 0) throw new SyntaxError(`its header has a property of nothing: ${line}`);
    const isList = words[0] === "list";
    const [lengthType, type] = isList
      ? [typeOf(words[1], line), typeOf(words[2], line)]
      : [null, typeOf(words[0], line)];
    elements[elements.length - 1].properties.push({ name: words[isList ? 3 : 1], type, lengthType });
  }
  if (!["ascii", "binary_little_endian", "binary_big_endian"].includes(format)) {
    throw new SyntaxError(
      `its format must be ascii, binary_little_endian or binary_big_endian, got ${format}`,
    );
  }
  return { format, elements, end: match[0].length };
}

function typeOf(word: string | undefined, line: string): string {
  const type = ALIASES[word ?? ""] ?? word ?? "";
  if (!(type in SIZES)) throw new SyntaxError(`its header has a property of unknown type: ${line}`);
  return type;
}

function nextList(next: NextScalar, type: string, lengthType: string, most: number): number[] {
  const length = next(lengthType);
  if (!Number.isInteger(length) || length < 0 || length > most) {
    throw new SyntaxError(`it has a list of ${length} entries`);
  }
  return Array.from({ length }, () => next(type));
}

function binaryScalars(bytes: Uint8Array, start: number, little: boolean): NextScalar {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = start;
  return (type) => {
    const size = SIZES[type];
    if (at + size > bytes.length) throw new SyntaxError(`it ends too early, after ${bytes.length} bytes`);
    at += size;
    const o = at - size;
    switch (type) {
      case "char":
        return view.getInt8(o);
      case "uchar":
        return view.getUint8(o);
      case "short":
        return view.getInt16(o, little);
      case "ushort":
        return view.getUint16(o, little);
      case "int":
        return view.getInt32(o, little);
      case "uint":
        return view.getUint32(o, little);
      case "float":
        return view.getFloat32(o, little);
      default:
        return view.getFloat64(o, little);
    }
  };
}

function textScalars(bytes: Uint8Array, start: number): NextScalar {
  const text = new TextDecoder("latin1").decode(bytes.subarray(start));
  const word = /\S+/g;
  return () => {
    const match = word.exec(text);
    if (match === null) throw new SyntaxError(`it ends too early, after ${bytes.length} bytes`);
    const value = Number(match[0]);
    if (Number.isNaN(value)) throw new SyntaxError(`it has "${match[0].slice(0, 20)}" in place of a number`);
    return value;
  };
}
