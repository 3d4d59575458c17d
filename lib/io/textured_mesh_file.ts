/**
 * Meshes with their own UV map and texture, read and written as files have them.
 *
 * @module
 */
import { extname } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { besideReader } from "./beside_reader.ts";
import { writeGlb } from "./glb.ts";
import { openGltf } from "./gltf_document.ts";
import { gatherTriangles } from "./gltf_reader.ts";
import { decodeByteImage } from "./image_file.ts";
import { decodeText } from "./json_file.ts";
import { readObj, writeObj } from "./obj.ts";
import type { MeshArrays } from "./mesh_arrays.ts";
import { readMeshWith } from "./read_mesh.ts";
import { weldVertices } from "./weld_vertices.ts";

/** A mesh with its texture. */
export interface TexturedMeshFile {
  /** Mesh with the axes of the file; equal places are one vertex, also across texture seams. */
  readonly mesh: MeshArrays;
  /** Texture in [0, 1], `[h, w, 3]`, row 0 at v = 1, texel centres at half texels. */
  readonly texture: FloatImage;
}

/**
 * Reads a mesh that has a UV map and one texture, the base colour of its materials. Factors of colours are not applied.
 *
 * @param path File that ends in .obj, .glb or .gltf
 * @throws {UserError} If it cannot be read, has no UV map or not one texture
 */
export async function readTexturedMesh(path: string): Promise<TexturedMeshFile> {
  return await readMeshWith(path, {
    ".obj": readTexturedObj,
    ".glb": readTexturedGltf,
    ".gltf": readTexturedGltf,
  });
}

/**
 * Writes a mesh with its UV map and texture as it is, so that {@linkcode readTexturedMesh} reads the same.
 *
 * @param path File that ends in .glb or .obj, beside which `.mtl` and `.png` are written
 * @param mesh Mesh with the axes of files, y up in glTF
 * @param texture Texture in [0, 1], `[h, w, 3]`, row 0 at v = 1
 * @throws {UserError} If the name ends in something else
 */
export async function writeTexturedMesh(path: string, mesh: MeshArrays, texture: FloatImage): Promise<void> {
  const convention = "file", end = extname(path);
  if (end === ".glb") await writeGlb(path, mesh, texture, { convention });
  else if (end === ".obj") await writeObj(path, mesh, texture, { convention });
  else throw new UserError(`Cannot write ${path} as a textured mesh: its name must end in .glb or .obj.`);
}

async function readTexturedObj(bytes: Uint8Array, path: string): Promise<TexturedMeshFile> {
  const text = decodeText(bytes), { names, ...mesh } = readObj(text), readBeside = besideReader(path);
  if (mesh.uvs.length === 0) throw new SyntaxError("it has faces without texture coordinates (vt)");
  const images = new Map<string, string>(); // of each material
  for (const [, name] of text.matchAll(/^mtllib\s+(.*\S)\s*$/gm)) {
    let material = "";
    for (const line of decodeText(await readBeside(name)).split(/\r?\n/)) {
      const [keyword, ...words] = line.trim().split(/\s+/);
      if (keyword === "newmtl") material = words[0] ?? "";
      if (keyword === "map_Kd") images.set(material, line.trim().replace(/^map_Kd\s+/, ""));
    }
  }
  const used = new Set(names.usemtl.map((material) => images.get(material) ?? null));
  const name = onlyOne(used);
  return { mesh, texture: await decodeTexture(await readBeside(name), name) };
}

async function readTexturedGltf(bytes: Uint8Array, path: string): Promise<TexturedMeshFile> {
  if (new TextDecoder().decode(bytes).includes('"KHR_texture_transform"')) {
    throw new SyntaxError(
      "its texture is moved by KHR_texture_transform, which is not read: export it without",
    );
  }
  const found = gatherTriangles(await openGltf(bytes, besideReader(path), true));
  const texture = onlyOne(new Set(found.looks.map((material) => material?.getBaseColorTexture() ?? null)));
  const uvs = Float64Array.from(found.uvs, (value, i) => i % 2 === 0 ? value : 1 - value);
  const faceUvs = Int32Array.from(found.faces); // before welding, each corner's own
  if (faceUvs.some((corner) => !Number.isFinite(uvs[2 * corner]))) {
    throw new SyntaxError("it has faces without texture coordinates (TEXCOORD_0)");
  }
  const { vertices, indices } = weldVertices(found.positions);
  const faces = faceUvs.map((corner) => indices[corner]), image = texture.getImage();
  if (!image) throw new SyntaxError("the image of its texture is missing");
  return { mesh: { vertices, faces, uvs, faceUvs }, texture: await decodeTexture(image, "its texture") };
}

/** The one texture that all faces have. */
function onlyOne<T>(used: ReadonlySet<T | null>): T {
  const [first] = used;
  if (used.size === 1 && first != null) return first;
  const textures = [...used].filter((texture) => texture !== null).length;
  throw new SyntaxError(
    textures === 0
      ? "its materials have no texture (map_Kd, base colour)"
      : `all its faces must have one texture, it has ${textures}${
        used.has(null) ? " and faces without" : ""
      }: bake them into one`,
  );
}

/** Colours of an image in [0, 1], grey as three equal channels, without alpha. */
async function decodeTexture(bytes: Uint8Array, name: string): Promise<FloatImage> {
  const { data, height, width, channels } = await decodeByteImage(bytes, name);
  const isGrey = channels < 3, colours = new Float32Array(height * width * 3); // [h, w, 3]
  colours.forEach((_, i) => {
    const texel = Math.floor(i / 3) * channels;
    colours[i] = data[texel + (isGrey ? 0 : i % 3)] / 255;
  });
  return { data: colours, height, width, channels: 3 };
}
