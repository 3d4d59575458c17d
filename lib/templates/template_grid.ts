/**
 * Images of templates and other meshes for people: seen from several sides, parts in colours.
 *
 * @module
 */
import { type FloatArray, type FloatImage, floatImage } from "../core/arrays.ts";
import { imageGrid } from "../core/image_grid.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { computeVertexNormals } from "../mesh/vertex_normals.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { rasterize } from "../rendering/rasterize.ts";
import { turntableRotation } from "../rendering/turntable_rotation.ts";
import type { Template } from "./template_file.ts";

/** Azimuth (0 shows the front, 90 the right side) and elevation of a view, degrees. */
export type GridView = readonly [number, number];

/** What is drawn: coordinates within the unit cube. */
export interface LabelledSurface {
  /** Positions, `[V, 3]`. */
  readonly vertices: FloatArray;
  /** Corners, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Part of each vertex, `[V]`. */
  readonly partLabels: ArrayLike<number>;
  /** Whether faces are drawn whichever way they are wound. */
  readonly twoSided?: boolean;
}

/** Side, front quarter, front, rear quarter. */
const FOUR_VIEWS: readonly GridView[] = [[90, 0], [35, 15], [0, 5], [145, 25]];
/** Front quarter and side: where a class is told at once. */
const TWO_VIEWS: readonly GridView[] = [[40, 18], [90, 0]];
/** Samples along each side of a pixel. */
const SUPERSAMPLE = 3;
/** Colours of the parts, by their index. */
const PART_COLOURS = [[0.79, 0.36, 0.28], [0.3, 0.3, 0.34], [0.4, 0.65, 0.9], [0.95, 0.8, 0.3], [
  0.5,
  0.75,
  0.45,
]];
/** Towards the light on the screen. */
const LIGHT = [-0.4, 0.6, 0.69] as const;

/**
 * Draws templates on white, a row for each, seen from four sides, faces shaded and their edges drawn thin.
 *
 * @param templates What to draw
 * @param cell Rows and columns of one view
 * @returns Colours in [0, 1], `[T · cell, 4 · cell, 3]`
 */
export function drawTemplateGrid(templates: readonly Template[], cell: number): FloatImage {
  return drawSurfaces(templates.map((template) => [surfaceOf(template)]), FOUR_VIEWS, cell);
}

/**
 * Draws all classes on white: a row for each class, its templates side by side, each seen from two sides.
 *
 * @param classes Templates of each class
 * @param cell Rows and columns of one view
 * @returns Colours in [0, 1], `[C · cell, 2 · T · cell, 3]`
 */
export function drawClassGrid(classes: readonly (readonly Template[])[], cell: number): FloatImage {
  return drawSurfaces(classes.map((templates) => templates.map(surfaceOf)), TWO_VIEWS, cell);
}

/**
 * Draws rows of meshes on white, each seen from several sides.
 *
 * @param rows Meshes of each row
 * @param views From where; by default four sides
 * @param cell Rows and columns of one view
 * @returns Colours in [0, 1], `[R · cell, longest row · views · cell, 3]`
 */
export function drawSurfaces(
  rows: readonly (readonly LabelledSurface[])[],
  views: readonly GridView[] = FOUR_VIEWS,
  cell: number = 240,
): FloatImage {
  const longest = Math.max(...rows.map((surfaces) => surfaces.length));
  const tiles = rows.flatMap((surfaces) =>
    Array.from({ length: longest }, (_, s) => views.map((view) => drawView(surfaces[s], view, cell))).flat()
  );
  return imageGrid(tiles, { columns: longest * views.length, gap: 0 });
}

/** What is drawn of a template. */
export function surfaceOf({ vertices, partLabels }: Template): LabelledSurface {
  return { vertices, faces: sphereTopology().faces, partLabels };
}

/** One view on white; white alone where there is no mesh. */
function drawView(
  surface: LabelledSurface | undefined,
  [azimuth, elevation]: GridView,
  cell: number,
): FloatImage {
  const tile = floatImage(cell, cell, 3);
  tile.data.fill(1);
  if (!surface) return tile;
  const { faces, twoSided = false } = surface;
  const rotation = turntableRotation(-azimuth, elevation);
  const screen = projectVertices(surface.vertices, {
    rotation,
    scale: 0.92,
    translation: [0, 0],
    perspective: Infinity,
  });
  const normals = computeVertexNormals(screen, faces); // [V, 3]
  const fine = cell * SUPERSAMPLE;
  const drawnFaces = twoSided ? new Uint8Array(faces.length / 3).fill(1) : null; // [F]
  const { faceIndex, barycentric } = rasterize(screen, faces, fine, fine, undefined, { drawnFaces });
  for (let i = 0; i < fine * fine; i++) {
    if (faceIndex[i] < 0) continue;
    const weights = barycentric.subarray(3 * i, 3 * i + 3);
    const colour = shade(surface, faces.subarray(3 * faceIndex[i], 3 * faceIndex[i] + 3), weights, normals);
    const pixel = Math.floor(i / fine / SUPERSAMPLE) * cell + Math.floor(i % fine / SUPERSAMPLE);
    for (let c = 0; c < 3; c++) {
      tile.data[3 * pixel + c] -= (1 - colour[c]) / (SUPERSAMPLE * SUPERSAMPLE);
    }
  }
  return tile;
}

function shade(
  { partLabels, twoSided }: LabelledSurface,
  corners: Int32Array,
  weights: FloatArray,
  normals: FloatArray,
): number[] {
  const nearest = weights.indexOf(Math.max(...weights));
  let facing = 0;
  LIGHT.forEach((value, axis) => {
    for (let k = 0; k < 3; k++) facing += value * weights[k] * normals[3 * corners[k] + axis];
  });
  const edge = Math.min(...weights) < 0.05 ? 0.85 : 1;
  const light = edge * (0.5 + 0.55 * Math.max(0, twoSided ? Math.abs(facing) : facing));
  return PART_COLOURS[partLabels[corners[nearest]] % PART_COLOURS.length].map((value) =>
    Math.min(1, value * light)
  );
}
