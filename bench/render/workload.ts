/**
 * What the render bench renders: the workload of the folder `TEXMESH_BENCH`, or spheres where that is missing.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { readNpz } from "../../lib/io/npz.ts";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { normalizeQuaternion } from "../../lib/rendering/quaternion.ts";

/** Views of one shape with the mask that they are compared with. */
export interface Group {
  /** Screen positions, `[V, 3]` each. */
  readonly views: readonly Float32Array[];
  /** The mask at one of the sizes, `[S, S]`. */
  target(size: number): Float32Array;
}

/** Everything that is rendered. */
export interface Workload {
  /** Faces and texture coordinates of all views. */
  readonly mesh: Mesh;
  /** Two shapes under two projections, 40 poses each. */
  readonly groups: readonly Group[];
  /** Texels in [0, 1], `[512, 512, 3]`. */
  readonly texture: Float32Array;
  /** Where it came from; null if it was made up. */
  readonly path: string | null;
}

/** Rows and columns of the texture. */
export const TEXTURE_SIZE = 512;

/**
 * Reads or makes the workload.
 *
 * @param folder Folder with raster_workload.npz
 */
export async function loadWorkload(folder: string): Promise<Workload> {
  const path = `${folder}/raster_workload.npz`;
  if (!await Deno.stat(path).then(() => true, () => false)) return spheres();
  const arrays = await readNpz(path);
  const floats = (name: string) => Float32Array.from(arrays[name].data as Float32Array);
  const integers = (name: string) => Int32Array.from(arrays[name].data as Int32Array);
  const bytes = (name: string) => Float32Array.from(arrays[name].data as Uint8Array, (x) => x / 255);
  const vertices = floats("bird_vertices");
  const groups = ["bird", "car"].flatMap((shape) =>
    ["ortho", "persp"].map((camera): Group => {
      const all = floats(`${shape}_${camera}`), length = vertices.length; // [40, V, 3]
      const count = all.length / length;
      return {
        views: Array.from({ length: count }, (_, i) => all.subarray(length * i, length * (i + 1))),
        target: (size) =>
          size <= 256 ? bytes(`${shape}_target${size}`) : enlarge(bytes(`${shape}_target256`), 256, size),
      };
    })
  );
  const mesh = { vertices, faces: integers("faces"), uvs: floats("uvs"), faceUvs: integers("face_uvs") };
  return { mesh, groups, texture: bytes("texture"), path };
}

/** Repeats the pixels of an image, `[size, size]`. */
function enlarge(image: Float32Array, from: number, size: number): Float32Array {
  const factor = size / from;
  return Float32Array.from(
    { length: size * size },
    (_, o) => image[Math.floor(o / size / factor) * from + Math.floor((o % size) / factor)],
  );
}

/** The template sphere in 40 poses, against a disc. */
function spheres(): Workload {
  const prng = new Prng(1, "bench");
  const { vertices, faces, uvs, faceUvs } = sphereTopology();
  const single = Float32Array.from(vertices);
  const views = Array.from({ length: 40 }, () => {
    const rotation = normalizeQuaternion(prng.normals(4));
    const pose = { rotation, scale: 0.8, translation: [0, 0], perspective: 2 };
    return projectVertices(single, pose) as Float32Array;
  });
  const isInDisc = (size: number) => (_: unknown, o: number) =>
    Math.hypot(2 * (o % size) + 1 - size, 2 * Math.floor(o / size) + 1 - size) < 0.7 * size ? 1 : 0;
  const target = (size: number) => Float32Array.from({ length: size * size }, isInDisc(size));
  const mesh = { vertices: single, faces, uvs: Float32Array.from(uvs), faceUvs };
  const texture = Float32Array.from(prng.normals(TEXTURE_SIZE * TEXTURE_SIZE * 3));
  return { mesh, groups: [{ views, target }], texture, path: null };
}
