/**
 * Milliseconds per image, forward and backward, on one thread: soft silhouette with mean squared error, and the
 * textured image. Each image counts with its fastest repeat, which stands up to other programs on the machine.
 *
 * Usage: `deno run --allow-read --allow-env --allow-write bench/render_bench.ts [--repeats 5] [--json FILE]`. Reads the workload
 * in the folder `TEXMESH_BENCH` (default `../shared/bench`); without it, spheres are rendered and only timed. Bounds
 * are a peer's figures from `peers_measured.json`, measured on a quiet machine: compare on one.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { Prng } from "../lib/core/prng.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { readNpz } from "../lib/io/npz.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../lib/rendering/cameras.ts";
import { normalizeQuaternion } from "../lib/rendering/quaternion.ts";
import { SoftSilhouette } from "../lib/rendering/soft_silhouette.ts";
import { TextureRenderer } from "../lib/rendering/texture_renderer.ts";

/** One figure and what it is held against. */
interface Line {
  name: string;
  measured: number;
  bound: number | null;
  ok: boolean | null;
}

/** Meshes of one shape with the mask that they are compared with. */
interface Group {
  views: Float32Array[]; // [V, 3] each
  target(size: number): Float32Array; // [S, S]
}

const V = 962;
const SIZES = [128, 192, 256];
/** Mean loss over the workload, from two independent implementations. */
const LOSSES: Record<number, number> = { 128: 0.148877, 192: 0.149953, 256: 0.1505 };
const LOSS_TOLERANCE = 2e-6;

const args = parseArgs(Deno.args, { string: ["json", "repeats"] });
const repeats = Math.max(1, Number(args.repeats ?? 5) || 1);
const folder = Deno.env.get("TEXMESH_BENCH") ?? new URL("../../shared/bench", import.meta.url).pathname;
const { mesh, groups, isWorkload } = await loadWorkload(`${folder}/raster_workload.npz`);
const peers = await loadPeers(`${folder}/peers_measured.json`);
const lines: Line[] = [];

for (const size of SIZES) {
  const silhouette = new SoftSilhouette(mesh.faces, V, size);
  let losses = 0, images = 0;
  const ms = fastest((time) => {
    losses = images = 0;
    for (const { views, target } of groups) {
      const mask = target(size), squares = mask.reduce((sum, x) => sum + x * x, 0);
      for (const view of views) {
        time(() => {
          silhouette.forward(view);
          losses += silhouette.meanSquaredError(mask, squares);
          silhouette.backwardMeanSquaredError();
        });
        images++;
      }
    }
  });
  report(`silhouette_${size}_ms`, ms, peers.silhouette[size] ?? null, (a, b) => a <= b);
  if (isWorkload) {
    report(
      `silhouette_${size}_loss`,
      losses / images,
      LOSSES[size],
      (a, b) => Math.abs(a - b) <= LOSS_TOLERANCE,
    );
  }
}
const texture = new Prng(1, "texture").normals(512 * 512 * 3);
for (const size of [256]) {
  const renderer = new TextureRenderer(mesh, size, size, { height: 512, width: 512, channels: 3 });
  const gradientTexture = new Float32Array(texture.length), gradientVertices = new Float32Array(2 * V);
  const ms = fastest((time) => {
    for (const view of groups.flatMap(({ views }) => views)) {
      time(() => {
        const image = renderer.forward(view, texture);
        gradientTexture.fill(0);
        gradientVertices.fill(0);
        renderer.backward(image, gradientTexture, gradientVertices);
      });
    }
  });
  report(`textured_${size}_ms`, ms, peers.textured[size] ?? null, (a, b) => a <= b);
}
if (typeof args.json === "string" && args.json !== "") await writeJsonAtomic(args.json, lines);

/** Mean over the images of each one's fastest repeat, after one round to warm up. */
function fastest(round: (time: (work: () => void) => void) => void): number {
  const best: number[] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    let image = 0;
    round((work) => {
      const start = performance.now();
      work();
      const ms = performance.now() - start;
      if (repeat >= 0) best[image] = Math.min(best[image] ?? Infinity, ms);
      image++;
    });
  }
  return best.reduce((sum, ms) => sum + ms, 0) / best.length;
}

function report(
  name: string,
  measured: number,
  bound: number | null,
  holds: (a: number, b: number) => boolean,
) {
  const ok = bound === null ? null : holds(measured, bound);
  lines.push({ name, measured, bound, ok });
  const verdict = ok === null ? "-" : ok ? "ok" : "short";
  console.log(`${name.padEnd(24)}${measured.toFixed(6)}  ${bound?.toFixed(6) ?? "-"}  ${verdict}`);
}

async function loadWorkload(path: string) {
  const topology = sphereTopology();
  if (!await exists(path)) return { mesh: topology, groups: [spheres()], isWorkload: false };
  const arrays = await readNpz(path);
  const groups = ["bird", "car"].flatMap((shape) =>
    ["ortho", "persp"].map((camera): Group => {
      const all = Float32Array.from(arrays[`${shape}_${camera}`].data as Float32Array); // [40, V, 3]
      return {
        views: Array.from(
          { length: all.length / (3 * V) },
          (_, i) => all.subarray(3 * V * i, 3 * V * (i + 1)),
        ),
        target: (size) =>
          Float32Array.from(arrays[`${shape}_target${size}`].data as Uint8Array, (x) => x / 255),
      };
    })
  );
  const mesh = {
    vertices: groups[0].views[0],
    faces: Int32Array.from(arrays.faces.data as Int32Array),
    uvs: Float32Array.from(arrays.uvs.data as Float32Array),
    faceUvs: Int32Array.from(arrays.face_uvs.data as Int32Array),
  };
  return { mesh, groups, isWorkload: true };
}

/** Spheres in 40 poses, against a disc. */
function spheres(): Group {
  const prng = new Prng(1, "bench");
  const vertices = Float32Array.from(sphereTopology().vertices);
  const views = Array.from({ length: 40 }, () => {
    const rotation = normalizeQuaternion(prng.normals(4));
    return projectVertices(vertices, {
      rotation,
      scale: 0.8,
      translation: [0, 0],
      perspective: 2,
    }) as Float32Array;
  });
  const isInDisc = (size: number) => (_: unknown, o: number) =>
    Math.hypot(2 * (o % size) + 1 - size, 2 * Math.floor(o / size) + 1 - size) < 0.7 * size ? 1 : 0;
  return { views, target: (size) => Float32Array.from({ length: size * size }, isInDisc(size)) };
}

/** A peer's milliseconds per image by size; empty when the file is missing. */
async function loadPeers(path: string) {
  const silhouette: Record<number, number> = {}, textured: Record<number, number> = {};
  if (!await exists(path)) return { silhouette, textured };
  const { head_to_head: rows, results } = JSON.parse(await Deno.readTextFile(path));
  for (const { peer, n, median } of rows) if (peer === "deodr") silhouette[n] = median;
  for (const { peer, ms_per_image: ms } of results) {
    if (peer === "deodr textured") Object.assign(textured, ms);
  }
  return { silhouette, textured };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}
