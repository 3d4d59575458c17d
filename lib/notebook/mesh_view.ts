/**
 * A mesh that turns in the output of a notebook: one frame with its own WebGL program, which asks no other host, so that it
 * works in JupyterLab, VS Code and exported pages.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { weldMesh } from "../io/glb_encoder.ts";
import { encodePng } from "../io/image_file.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { escapeHtml } from "../report/html.ts";
import { MESH_VIEW_PROGRAM } from "./_mesh_view_program.ts";
import { boundingBox } from "../mesh/bounding_box.ts";

/** Options of `meshView`. */
export interface MeshViewOptions {
  /** Side of the view in pixels. */
  size?: number;
  /** Turns a second while nobody drags; 0 stands still. */
  speed?: number;
  /** Whether texture columns lie as on a template with mirror symmetry. */
  symmetric?: boolean;
}

/** Grey of a mesh without a texture. */
const GREY = 0.7;

/**
 * HTML of a frame in which a mesh turns until it is dragged.
 *
 * @param mesh Mesh in the object frame (z up)
 * @param texture Colours in [0, 1], `[H, W, 3]`; null is grey
 * @param options Size, speed and kind of texture
 * @returns An `iframe` with everything that it needs
 */
export async function meshView(
  mesh: Mesh,
  texture: FloatImage | null,
  { size = 320, speed = 0.12, symmetric = true }: MeshViewOptions = {},
): Promise<string> {
  const image = texture ?? floatImage(2, 2, 3);
  if (!texture) image.data.fill(GREY);
  const { positions, normals, uvs, indices } = weldMesh(mesh, image.height, image.width, symmetric);
  const arrays = { positions: scaled(positions), normals, uvs, indices: Uint16Array.from(indices) };
  if (positions.length / 3 > 65536) {
    throw new RangeError(`Cannot show more than 65536 vertices: current value is ${positions.length / 3}`);
  }
  const base64 = Object.entries(arrays).map((
    [name, { buffer }],
  ) => [name, new Uint8Array(buffer as ArrayBuffer).toBase64()]);
  const data = { ...Object.fromEntries(base64), speed, texture: (await encodePng(image)).toBase64() };
  const page =
    `<!doctype html><style>html,body{margin:0;overflow:hidden}canvas{touch-action:none;cursor:grab}</style>` +
    `<canvas width="${2 * size}" height="${2 * size}" style="width:${size}px;height:${size}px"></canvas>` +
    `<script>const data=${JSON.stringify(data)};${MESH_VIEW_PROGRAM}</script>`;
  return `<iframe srcdoc="${escapeHtml(page)}" width="${size}" height="${size}" ` +
    `style="border:0" title="A mesh that can be turned by dragging"></iframe>`;
}

/** Positions around the middle of the mesh, the farthest at a distance of 1. */
function scaled(positions: Float32Array): Float32Array {
  const { low, high } = boundingBox(positions);
  const moved = positions.map((value, i) => value - (low[i % 3] + high[i % 3]) / 2);
  let farthest = 0;
  for (let v = 0; v < moved.length; v += 3) {
    farthest = Math.max(farthest, Math.hypot(moved[v], moved[v + 1], moved[v + 2]));
  }
  return moved.map((value) => value / (farthest || 1));
}
