/**
 * Wavefront OBJ: reading any mesh, writing a textured mesh with its material and image.
 *
 * @module
 */
import { basename, dirname, join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { writeFileAtomic } from "./atomic_file.ts";
import type { MeshConvention } from "./glb_encoder.ts";
import { encodePng } from "./image_file.ts";
import { textLines } from "./text_lines.ts";
import { triangulate } from "./triangulate.ts";
import type { MeshArrays } from "./mesh_arrays.ts";

/** Options of {@linkcode writeObj}. */
export interface ObjOptions {
  /**
   * Exchanges y and z and truncates colours, as the files of the original do: a mirror image with faces turned
   * inwards. By default the mesh is turned by a rotation, (x, y, z) → (x, z, −y), and colours are rounded.
   */
  legacy?: boolean;
  /** Axes of the mesh: `object` has z up, `file` is written as it is, see `GlbOptions`. */
  convention?: MeshConvention;
}

/**
 * Writes `<name>.obj`, `<name>.mtl` and `<name>.png` side by side, Y up.
 *
 * @param path Path that ends in `.obj`
 * @param mesh Mesh in the object frame (z up)
 * @param texture Image of the uv square in [0, 1], `[H, W, 3]`, row 0 at v = 1
 * @param options See {@linkcode ObjOptions}
 */
export async function writeObj(
  path: string,
  mesh: MeshArrays,
  texture: FloatImage,
  options: ObjOptions = {},
): Promise<void> {
  if (!path.endsWith(".obj")) {
    throw new RangeError(`Cannot write a mesh: the path must end in .obj, current value is ${path}`);
  }
  const name = basename(path, ".obj");
  const beside = (extension: string) => join(dirname(path), `${name}${extension}`);
  const text = new TextEncoder();
  await writeFileAtomic(beside(".png"), await encodePng(options.legacy ? truncateColours(texture) : texture));
  await writeFileAtomic(beside(".mtl"), text.encode(formatMtl(name)));
  await writeFileAtomic(path, text.encode(formatObj(mesh, name, options)));
}

/**
 * Text of an OBJ file with one object, Y up; the material `name` is expected in `<name>.mtl`.
 *
 * @param mesh Mesh in the object frame (z up)
 * @param name Name of the material and of its file
 * @param options See {@linkcode ObjOptions}
 */
export function formatObj(
  mesh: MeshArrays,
  name: string,
  { legacy = false, convention = "object" }: ObjOptions = {},
): string {
  const { vertices, faces, uvs, faceUvs } = mesh;
  const lines = ["o mesh0", `mtllib ${name}.mtl`];
  for (let i = 0; i < vertices.length; i += 3) {
    const [x, y, z] = [vertices[i], vertices[i + 1], vertices[i + 2]];
    const place = convention === "file" ? [x, y, z] : [x, z, legacy ? y : -y];
    lines.push(`v ${place.map(fixed).join(" ")}`);
  }
  for (let i = 0; i < uvs.length; i += 2) lines.push(`vt ${fixed(uvs[i])} ${fixed(uvs[i + 1])}`);
  lines.push(`usemtl ${name}`);
  for (let i = 0; i < faces.length; i += 3) {
    const corner = (k: number) => `${faces[i + k] + 1}/${faceUvs[i + k] + 1}`;
    lines.push(`f ${corner(0)} ${corner(1)} ${corner(2)}`);
  }
  return lines.join("\n") + "\n";
}

/** Text of the material file that shows `<name>.png` as it is. */
export function formatMtl(name: string): string {
  return [
    `newmtl ${name}`,
    "Ka 1.000 1.000 1.000",
    "Kd 1.000 1.000 1.000",
    "Ks 0.000 0.000 0.000",
    "d 1.0",
    "illum 1",
    `map_Ka ${name}.png`,
    `map_Kd ${name}.png`,
  ].join("\n") + "\n";
}

/** A mesh of an OBJ text, and what each of its triangles belongs to. */
export interface ObjContent extends MeshArrays {
  /** Group, material and object of each triangle, `[F]`; empty texts where the file names none. */
  readonly names: Readonly<Record<ObjNaming, readonly string[]>>;
}

/** What names triangles: groups, materials, objects. */
export type ObjNaming = "g" | "usemtl" | "o";

/**
 * Reads the mesh of an OBJ text. Polygons become triangles; all objects and groups become one mesh; coordinates are taken
 * as they are. Lines may go on after a backslash, and end with a comment.
 *
 * @param text Content of the file
 * @returns The mesh; `uvs` and `faceUvs` are empty if a corner has no texture coordinate
 * @throws {SyntaxError} If a line cannot be read; the message names it
 */
export function readObj(text: string): ObjContent {
  const vertices: number[] = [], uvs: number[] = [], faces: number[] = [], faceUvs: number[] = [];
  const names: Record<ObjNaming, string[]> = { g: [], usemtl: [], o: [] };
  const current: Record<ObjNaming, string> = { g: "", usemtl: "", o: "" };
  let hasUvs = true;
  let number = 0;
  const joined = text.includes("\\") ? text.replace(/\\[ \t]*(\r\n|\n|\r)/g, " ") : text;
  for (const whole of textLines(joined)) {
    number++;
    const line = whole.includes("#") ? whole.replace(/(^|\s)#.*$/, "") : whole;
    const [first, ...words] = line.trim().split(/\s+/), keyword = first.toLowerCase();
    const fail = (rule: string): never => {
      throw new SyntaxError(
        `Cannot read line ${number} of an OBJ file as ${rule}: ${line.trim().slice(0, 80)}`,
      );
    };
    if (keyword === "v") vertices.push(...numbers(words, 3, () => fail("three coordinates")));
    else if (keyword === "vt") uvs.push(...numbers(words, 2, () => fail("two texture coordinates")));
    else if (keyword === "g" || keyword === "usemtl" || keyword === "o") current[keyword] = words[0] ?? "";
    else if (keyword === "f" || keyword === "fo") {
      if (words.length < 3) fail("a face of three or more corners");
      const corners = words.map((word) => {
        const [vertex, uv] = word.split("/");
        const v = cornerIndex(vertex, vertices.length / 3);
        const t = uv ? cornerIndex(uv, uvs.length / 2) : -1;
        if (v === null || t === null) return fail("a face whose corners are known");
        if (t < 0) hasUvs = false;
        return [v, t];
      });
      for (const k of triangulate(corners.map(([v]) => v), vertices)) {
        faces.push(corners[k][0]);
        faceUvs.push(corners[k][1]);
      }
      for (const kind of NAMINGS) {
        while (names[kind].length < faces.length / 3) names[kind].push(current[kind]);
      }
    }
  }
  if (faces.length === 0) throw new SyntaxError("Cannot read an OBJ file as a mesh: it has 0 faces");
  return {
    vertices: Float64Array.from(vertices), // [V, 3]
    faces: Int32Array.from(faces), // [F, 3]
    uvs: hasUvs ? Float64Array.from(uvs) : new Float64Array(0), // [U, 2]
    faceUvs: hasUvs ? Int32Array.from(faceUvs) : new Int32Array(0), // [F, 3]
    names,
  };
}

const NAMINGS = ["g", "usemtl", "o"] as const satisfies readonly ObjNaming[];

function numbers(words: readonly string[], count: number, fail: () => never): number[] {
  const values = words.slice(0, count).map(Number);
  return values.length === count && values.every(Number.isFinite) ? values : fail();
}

/** Index from 0 of a 1-based or negative (from the end) index, or null if it is out of range. */
function cornerIndex(word: string, count: number): number | null {
  const value = Number(word);
  const index = value < 0 ? count + value : value - 1;
  return Number.isInteger(index) && index >= 0 && index < count ? index : null;
}

/** Five decimals, without a negative zero. */
function fixed(value: number): string {
  const text = value.toFixed(5);
  return text === "-0.00000" ? "0.00000" : text;
}

/** Colours that rounding to 8 bits leaves where truncation would put them. */
function truncateColours(image: FloatImage): FloatImage {
  const data = Float32Array.from(
    image.data,
    (value) => Math.floor(Math.min(Math.max(value, 0), 1) * 255) / 255,
  );
  return { ...image, data };
}
