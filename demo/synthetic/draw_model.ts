/**
 * Drawing a synthetic model: detailed mesh, light, antialiased image with exact mask and parts.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { Prng } from "../../lib/core/prng.ts";
import { type Fragments, rasterize } from "../../lib/rendering/rasterize.ts";
import { distanceGradient } from "../../lib/templates/parametric_shape.ts";
import { polygonize } from "../../lib/templates/polygonize.ts";
import { type PerspectiveCamera, projectPerspective } from "./synthetic_camera.ts";
import type { SyntheticModel } from "./synthetic_model.ts";
import { boundingBox } from "../../lib/mesh/bounding_box.ts";

/** Samples per pixel in each direction. */
const SUPERSAMPLE = 2;

/** Floats per vertex: position in the shape's frame, normal, openness to the sky. */
const ATTRIBUTES = 7;

/** A model as a mesh that is ready to be drawn. */
export interface ModelMesh {
  /** Positions in the frame of files: centred, longest half side 1, `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Corners, counter-clockwise from outside, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Position in the shape's frame (3), normal (3) and openness (1), `[V, 7]`. */
  readonly attributes: Float64Array;
  /** Half sides of the box in the frame of files, `[3]`. */
  readonly halfSize: readonly [number, number, number];
}

/**
 * Polygons of a model.
 *
 * @param model The individual
 * @param cellSize Size of the cells of `polygonize`
 */
export function meshModel(model: SyntheticModel, cellSize: number): ModelMesh {
  const { shape } = model;
  const { vertices: places, faces } = polygonize(shape, cellSize);
  const { low, high } = boundingBox(places);
  const attributes = new Float64Array(places.length / 3 * ATTRIBUTES); // [V, 7]
  for (let i = 0, o = 0; i < places.length; i += 3, o += ATTRIBUTES) {
    const [x, y, z] = places.subarray(i, i + 3);
    const [nx, ny, nz] = distanceGradient(shape.distance, x, y, z);
    const open = Math.max(0, shape.distance(x + 0.1 * nx, y + 0.1 * ny, z + 0.1 * nz)) / 0.1;
    attributes.set([x, y, z, nx, ny, nz, 0.35 + 0.65 * Math.min(1, open)], o);
  }
  const half = Math.max(...[0, 1, 2].map((axis) => (high[axis] - low[axis]) / 2));
  const vertices = new Float64Array(places.length); // [V, 3]
  for (let i = 0; i < places.length; i += 3) {
    const [x, y, z] = [0, 1, 2].map((axis) => (places[i + axis] - (low[axis] + high[axis]) / 2) / half);
    vertices.set([x, z, -y], i);
  }
  const halfSize = [0, 2, 1].map((axis) => (high[axis] - low[axis]) / 2 / half) as [number, number, number];
  return { vertices, faces, attributes, halfSize };
}

/** A drawn image with its truth. */
export interface DrawnModel {
  /** 8-bit colours, `[S, S, 3]`. */
  readonly image: Uint8Array;
  /** 255 where at least half of the pixel is covered, `[S, S]`. */
  readonly mask: Uint8Array;
  /** 0 background, 1 + part within the mask, `[S, S]`. */
  readonly parts: Uint8Array;
}

/** Light from the sky and the ground and one sun, in the shape's frame. */
export interface Light {
  /** Direction to the sun, unit length. */
  readonly sun: readonly [number, number, number];
  /** Strength of the sun. */
  readonly strength: number;
  /** Strength of the light from all sides. */
  readonly ambient: number;
}

/** Draws a light: the sun 25 to 75° high. */
export function drawLight(prng: Prng): Light {
  const azimuth = prng.uniform(0, 2 * Math.PI), height = prng.uniform(0.45, 1.3);
  const flat = Math.cos(height);
  return {
    sun: [flat * Math.cos(azimuth), flat * Math.sin(azimuth), Math.sin(height)],
    strength: prng.uniform(0.35, 0.65),
    ambient: prng.uniform(0.5, 0.65),
  };
}

/**
 * Draws a model over a background.
 *
 * @param model The individual
 * @param mesh Its polygons
 * @param camera Where it is seen from
 * @param light How it is lit
 * @param background `[S, S, 3]` in [0, 1]
 * @param reuse Fragments of an earlier call of the same size
 */
export function drawModel(
  model: SyntheticModel,
  mesh: ModelMesh,
  camera: PerspectiveCamera,
  light: Light,
  background: FloatImage,
  reuse?: Fragments,
): DrawnModel & { fragments: Fragments } {
  const size = background.height, fine = size * SUPERSAMPLE;
  const screen = projectPerspective(mesh.vertices, camera);
  const fragments = rasterize(screen, mesh.faces, fine, fine, reuse);
  const towards = viewerDirection(camera);
  const partCount = model.shape.partNames.length;
  const votes = new Uint8Array(partCount); // [P]
  const image = new Uint8Array(size * size * 3), mask = new Uint8Array(size * size); // [S, S, 3], [S, S]
  const parts = new Uint8Array(size * size); // [S, S]
  const sum = [0, 0, 0], sample = new Float64Array(ATTRIBUTES);
  for (let pixel = 0; pixel < size * size; pixel++) {
    const row = Math.floor(pixel / size), column = pixel % size;
    let covered = 0;
    sum.fill(0);
    votes.fill(0);
    for (let k = 0; k < SUPERSAMPLE * SUPERSAMPLE; k++) {
      const fineRow = row * SUPERSAMPLE + Math.floor(k / SUPERSAMPLE);
      const at = fineRow * fine + column * SUPERSAMPLE + k % SUPERSAMPLE;
      if (fragments.faceIndex[at] < 0) continue;
      covered++;
      interpolateAttributes(mesh, fragments, at, sample);
      votes[shadeSample(model, light, towards, sample, sum)]++;
    }
    const share = covered / (SUPERSAMPLE * SUPERSAMPLE);
    for (let c = 0; c < 3; c++) {
      const behind = (1 - share) * background.data[3 * pixel + c];
      image[3 * pixel + c] = Math.round(255 * (behind + sum[c] / (SUPERSAMPLE * SUPERSAMPLE)));
    }
    if (share < 0.5) continue;
    mask[pixel] = 255;
    parts[pixel] = 1 + votes.indexOf(Math.max(...votes));
  }
  return { image, mask, parts, fragments };
}

/** Direction to the viewer in the shape's frame: minus the viewing axis, brought from the frame of files. */
function viewerDirection({ matrix: m }: PerspectiveCamera): readonly [number, number, number] {
  return [-m[6], m[8], -m[7]];
}

function interpolateAttributes(mesh: ModelMesh, fragments: Fragments, at: number, out: Float64Array): void {
  const face = 3 * fragments.faceIndex[at];
  out.fill(0);
  for (let corner = 0; corner < 3; corner++) {
    const weight = fragments.barycentric[3 * at + corner];
    const from = ATTRIBUTES * mesh.faces[face + corner];
    for (let k = 0; k < ATTRIBUTES; k++) out[k] += weight * mesh.attributes[from + k];
  }
}

/** Adds a sample's lit colour to `sum` and returns its part. */
function shadeSample(
  model: SyntheticModel,
  light: Light,
  towards: readonly [number, number, number],
  sample: Float64Array,
  sum: number[],
): number {
  const [x, y, z] = sample;
  const length = Math.max(Math.sqrt(sample[3] ** 2 + sample[4] ** 2 + sample[5] ** 2), 1e-9);
  const nx = sample[3] / length, ny = sample[4] / length, nz = sample[5] / length, open = sample[6];
  const part = model.shape.partAt(x, y, z);
  const { colour, gloss } = model.paintAt(x, y, z, part);
  const { sun, strength, ambient } = light;
  const facing = Math.max(0, nx * sun[0] + ny * sun[1] + nz * sun[2]);
  const diffuse = open * (ambient * (0.75 + 0.25 * nz) + strength * facing);
  const hx = sun[0] + towards[0], hy = sun[1] + towards[1], hz = sun[2] + towards[2];
  const middle = Math.max(0, nx * hx + ny * hy + nz * hz) /
    Math.max(Math.sqrt(hx * hx + hy * hy + hz * hz), 1e-9);
  const view = Math.max(0, nx * towards[0] + ny * towards[1] + nz * towards[2]);
  const sheen = gloss * open *
    (0.5 * strength * middle ** 40 + 0.25 * ambient * (1 - view) ** 3 * Math.max(0, nz + 0.3));
  for (let c = 0; c < 3; c++) sum[c] += Math.min(1, colour[c] * diffuse + sheen);
  return part;
}
