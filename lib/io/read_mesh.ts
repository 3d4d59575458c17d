/**
 * Reading a user's mesh of any supported kind.
 *
 * @module
 */
import { extname } from "@std/path";
import { messageOf, UserError } from "../core/errors.ts";
import { readGlb } from "./glb_reader.ts";
import { type LabelledMesh, labelledMesh, MAX_MESH_ELEMENTS, UNNAMED_PART } from "./labelled_mesh.ts";
import { readObj } from "./obj.ts";
import { readPly } from "./ply.ts";
import { readStl } from "./stl.ts";
import { textLines } from "./text_lines.ts";

/** Largest file that is read, bytes. */
const MAX_FILE_BYTES = 256 * 1024 * 1024;

const READERS: Readonly<Record<string, (bytes: Uint8Array) => LabelledMesh>> = {
  ".obj": readLabelledObj,
  ".glb": readGlb,
  ".ply": readPly,
  ".stl": readStl,
};

/** Kinds of files that {@link readMesh} reads. */
export const MESH_EXTENSIONS: readonly string[] = Object.keys(READERS);

/**
 * Reads a mesh.
 *
 * @param path File that ends in .obj, .glb, .ply or .stl
 * @returns Triangles with parts, coordinates as the file holds them
 * @throws {UserError} If the file is missing, too large, of another kind or damaged
 */
export async function readMesh(path: string): Promise<LabelledMesh> {
  const reader = READERS[extname(path).toLowerCase()];
  if (reader === undefined) {
    throw new UserError(`Cannot read ${path} as a mesh: its name must end in ${MESH_EXTENSIONS.join(", ")}.`);
  }
  const size = await Deno.stat(path).then((info) => info.size, (error) => {
    throw new UserError(`Cannot read the mesh ${path}: ${messageOf(error)}`);
  });
  if (size > MAX_FILE_BYTES) {
    throw new UserError(`Cannot read the mesh ${path}: it has ${size} bytes, more than ${MAX_FILE_BYTES}.`);
  }
  try {
    return reader(await Deno.readFile(path));
  } catch (error) {
    throw new UserError(`Cannot read the mesh ${path}: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Reads an OBJ file with parts: its groups if it has two or more, else its materials, else its objects.
 *
 * @param bytes Content of the file
 * @throws {SyntaxError} If a line cannot be read
 */
export function readLabelledObj(bytes: Uint8Array): LabelledMesh {
  const text = new TextDecoder().decode(bytes);
  const { vertices, faces } = readObj(text);
  if (faces.length / 3 > MAX_MESH_ELEMENTS) {
    throw new SyntaxError(`it has ${faces.length / 3} faces, more than ${MAX_MESH_ELEMENTS}`);
  }
  const names: Record<string, string[]> = { g: [], usemtl: [], o: [] };
  const current: Record<string, string> = { g: UNNAMED_PART, usemtl: UNNAMED_PART, o: UNNAMED_PART };
  for (const line of textLines(text.includes("\\\n") ? text.replaceAll("\\\n", " ") : text)) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (Object.hasOwn(current, keyword)) current[keyword] = words[0] ?? UNNAMED_PART;
    if (keyword !== "f") continue;
    for (let k = 2; k < words.length; k++) {
      for (const kind of Object.keys(names)) names[kind].push(current[kind]);
    }
  }
  const kind = ["g", "usemtl", "o"].find((name) => new Set(names[name]).size > 1);
  return labelledMesh(vertices, faces, kind === undefined ? [] : names[kind]);
}
