/**
 * Binary glTF: one self-contained file with mesh, normals and texture; free of files, so that it runs in browsers too.
 *
 * @module
 */
import { Accessor, Document, TextureInfo, WebIO } from "@gltf-transform/core";
import type { FloatImage } from "../core/arrays.ts";
import type { MeshArrays } from "./mesh_arrays.ts";

/** Makes the bytes of a PNG from values in [0, 1]. */
export type ImageEncoder = (image: FloatImage) => Uint8Array | Promise<Uint8Array>;

/** Options of {@linkcode encodeGlbWith}. */
export interface GlbOptions {
  /** Name of the mesh and its material. */
  name?: string;
  /**
   * How texture columns lie: true for maps of symmetric models (column j at u = (j + ½)/W), false for the others
   * (column j at u = j/W).
   */
  symmetric?: boolean;
  /**
   * Axes and texels of the mesh: `object` has z up and texel rows that reach the border, as the sphere's maps do; `file` is
   * written as it is: y up, texel centres at half texels, as any mesh of a glTF or OBJ file has them.
   */
  convention?: MeshConvention;
  /** What else the file tells about itself, such as the seed that made it; stands in its `asset.extras`. */
  extras?: Readonly<Record<string, GlbExtra>>;
}

/** Axes and texels of a mesh that is written: those of our objects, or those of files. */
export type MeshConvention = "object" | "file";

/** A fact in a file's `asset.extras`. */
export type GlbExtra = string | number | boolean | null;

/** Corners that share position and texture coordinate, as one list of vertices. */
export interface WeldedMesh {
  /** Positions, Y up, `[N, 3]`. */
  readonly positions: Float32Array;
  /** Unit normals, smooth across texture seams, `[N, 3]`. */
  readonly normals: Float32Array;
  /** Texture coordinates of glTF (v downwards, texel centres at half pixels), `[N, 2]`. */
  readonly uvs: Float32Array;
  /** Vertex of each corner, `[F, 3]`. */
  readonly indices: Uint16Array | Uint32Array;
}

/**
 * Encodes a mesh as binary glTF: Y up, base colour texture embedded as PNG (sRGB), metallic 0, rough 1.
 *
 * @param encodeImage Makes the PNG of the texture
 * @param mesh Mesh in the object frame (z up), or as a file has it (`convention`)
 * @param texture Image of the uv square in [0, 1], `[H, W, 3]`, row 0 at v = 1
 * @param options See {@linkcode GlbOptions}
 */
export async function encodeGlbWith(
  encodeImage: ImageEncoder,
  mesh: MeshArrays,
  texture: FloatImage,
  { name = "mesh", symmetric = true, convention = "object", extras = {} }: GlbOptions = {},
): Promise<Uint8Array> {
  const welded = convention === "file"
    ? weldFileMesh(mesh)
    : weldMesh(mesh, texture.height, texture.width, symmetric);
  const document = new Document();
  const asset = document.getRoot().getAsset();
  asset.generator = "texmesh";
  if (Object.keys(extras).length > 0) asset.extras = extras;
  const buffer = document.createBuffer();
  const accessor = (array: Float32Array | Uint16Array | Uint32Array, type: "SCALAR" | "VEC2" | "VEC3") =>
    document.createAccessor().setType(Accessor.Type[type]).setArray(array as Float32Array<ArrayBuffer>)
      .setBuffer(buffer);

  const image = document.createTexture(name).setMimeType("image/png");
  image.setImage(await encodeImage(texture) as Uint8Array<ArrayBuffer>);
  const material = document.createMaterial(name).setMetallicFactor(0).setRoughnessFactor(1)
    .setBaseColorTexture(image);
  material.getBaseColorTextureInfo()?.setWrapS(TextureInfo.WrapMode.REPEAT)
    .setWrapT(TextureInfo.WrapMode[convention === "file" ? "REPEAT" : "CLAMP_TO_EDGE"])
    .setMagFilter(TextureInfo.MagFilter.LINEAR)
    .setMinFilter(TextureInfo.MinFilter.LINEAR_MIPMAP_LINEAR);

  const primitive = document.createPrimitive()
    .setAttribute("POSITION", accessor(welded.positions, "VEC3"))
    .setAttribute("NORMAL", accessor(welded.normals, "VEC3"))
    .setAttribute("TEXCOORD_0", accessor(welded.uvs, "VEC2"))
    .setIndices(accessor(welded.indices, "SCALAR"))
    .setMaterial(material);
  const node = document.createNode(name).setMesh(document.createMesh(name).addPrimitive(primitive));
  document.getRoot().setDefaultScene(document.createScene(name).addChild(node));
  return await new WebIO().writeBinary(document);
}

/**
 * Gives every pair of vertex and texture coordinate a vertex of its own, turned to Y up by (x, y, z) → (x, z, −y),
 * with texture coordinates that show the texture where our own renderer shows it.
 *
 * @param mesh Mesh in the object frame (z up)
 * @param height Rows of the texture
 * @param width Columns of the texture
 * @param symmetric See {@linkcode GlbOptions.symmetric}
 */
export function weldMesh(mesh: MeshArrays, height: number, width: number, symmetric: boolean): WeldedMesh {
  return weldPairs(
    mesh,
    (values, v) => [values[v], values[v + 2], -values[v + 1]],
    (u, v) => [u + (symmetric ? 0 : 0.5 / width), ((1 - v) * (height - 1) + 0.5) / height],
  );
}

/** Gives every pair of vertex and texture coordinate a vertex of its own; axes stay, v is turned downwards. */
export function weldFileMesh(mesh: MeshArrays): WeldedMesh {
  return weldPairs(mesh, (values, v) => [values[v], values[v + 1], values[v + 2]], (u, v) => [u, 1 - v]);
}

function weldPairs(
  { vertices, faces, uvs, faceUvs }: MeshArrays,
  turn: (values: ArrayLike<number>, at: number) => number[],
  place: (u: number, v: number) => number[],
): WeldedMesh {
  const vertexNormals = areaWeightedNormals(vertices, faces);
  const indexOfPair = new Map<number, number>();
  const positions: number[] = [], normals: number[] = [], coordinates: number[] = [];
  const uvCount = uvs.length / 2;
  const corners = Array.from(faces, (vertex, corner) => {
    const uv = faceUvs[corner], key = vertex * uvCount + uv;
    const known = indexOfPair.get(key);
    if (known !== undefined) return known;
    const index = indexOfPair.size;
    indexOfPair.set(key, index);
    positions.push(...turn(vertices, 3 * vertex));
    normals.push(...turn(vertexNormals, 3 * vertex));
    coordinates.push(...place(uvs[2 * uv], uvs[2 * uv + 1]));
    return index;
  });
  return {
    positions: Float32Array.from(positions), // [N, 3]
    normals: Float32Array.from(normals), // [N, 3]
    uvs: Float32Array.from(coordinates), // [N, 2]
    indices: indexOfPair.size < 65535 ? Uint16Array.from(corners) : Uint32Array.from(corners), // [F, 3]
  };
}

/** Unit normals of the vertices, `[V, 3]`; a vertex without area gets (0, 0, 1). */
function areaWeightedNormals(vertices: MeshArrays["vertices"], faces: Int32Array): Float64Array {
  const normals = new Float64Array(vertices.length); // [V, 3]
  for (let f = 0; f < faces.length; f += 3) {
    const [a, b, c] = [3 * faces[f], 3 * faces[f + 1], 3 * faces[f + 2]];
    const p = [0, 1, 2].map((axis) => vertices[b + axis] - vertices[a + axis]);
    const q = [0, 1, 2].map((axis) => vertices[c + axis] - vertices[a + axis]);
    for (let axis = 0; axis < 3; axis++) {
      const [i, j] = [(axis + 1) % 3, (axis + 2) % 3];
      const component = p[i] * q[j] - p[j] * q[i];
      normals[a + axis] += component;
      normals[b + axis] += component;
      normals[c + axis] += component;
    }
  }
  for (let v = 0; v < normals.length; v += 3) {
    const length = Math.hypot(normals[v], normals[v + 1], normals[v + 2]);
    if (length > 1e-30) { for (let axis = 0; axis < 3; axis++) normals[v + axis] /= length; }
    else normals[v + 2] = 1;
  }
  return normals;
}
