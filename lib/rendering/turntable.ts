/**
 * Turntables: images of a mesh from all around, for people.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../core/arrays.ts";
import { type AnimationOptions, writeAnimation } from "../io/animation.ts";
import { writePng } from "../io/image_file.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { projectVertices } from "./cameras.ts";
import { renderImage, type RenderImageOptions } from "./render_image.ts";
import { turntableRotation } from "./turntable_rotation.ts";
import { boundingBox } from "../mesh/bounding_box.ts";

/** Options of a turntable. */
export interface TurntableOptions extends RenderImageOptions {
  /** Number of images for one turn, from 1. */
  frames?: number;
  /** Azimuth of the first image in degrees: 0 shows the front, 90 the object's left side. */
  start?: number;
  /** Azimuths of the images, in place of a turn; null for a turn. */
  azimuths?: readonly number[] | null;
  /** Height of the viewer in degrees, −90 to 90; positive looks from above. */
  elevation?: number;
  /** Logit ζ of the perspective depth; `Infinity` is orthographic. */
  perspective?: number;
  /** Share of the image's side that what is fitted takes, above 0 and up to 1. */
  fill?: number;
  /**
   * What is fitted into the images: the ball around the object, so that it turns about one point, or its largest view, each
   * view in the middle of its image.
   */
  fit?: "ball" | "views";
}

/**
 * Renders the images of one turn, one after another: nothing is rendered before it is asked for.
 *
 * @param mesh Mesh in the object frame
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Number of images, viewer, size, sampling and light
 * @returns Images on a transparent background, `[S, S, 4]` in [0, 1]
 * @throws {RangeError} If an option is out of range
 */
export function* renderTurntable(
  mesh: Mesh,
  texture: FloatImage | null,
  {
    frames = 48,
    start = 0,
    azimuths,
    elevation = 15,
    perspective = 1.5,
    fill = 0.95,
    fit = "ball",
    light = 0.5,
    ...image
  }: TurntableOptions = {},
): Generator<FloatImage, void, undefined> {
  checkOptions({ frames, start, elevation, fill });
  const turn = azimuths ?? Array.from({ length: frames }, (_, frame) => start + 360 * frame / frames);
  const vertices = centred(mesh.vertices), radius = radiusOf(vertices);
  const scale = fit === "ball" ? scaleFor(radius, perspective, fill) : 1 / radius;
  const project = (azimuth: number) => {
    const rotation = turntableRotation(azimuth, elevation);
    return projectVertices(vertices, { rotation, scale, translation: [0, 0], perspective });
  };
  const half = fit === "ball"
    ? 0
    : Math.max(...turn.map((azimuth) => screenBox(project(azimuth)).half), 1e-6);
  for (const azimuth of turn) {
    const screen = project(azimuth);
    if (fit === "views") centreView(screen, fill / half);
    yield renderImage({ ...mesh, vertices: screen }, texture, { ...image, light });
  }
}

/**
 * Writes the images of one turn as `frame_000.png` and so on.
 *
 * @param folder Existing folder
 * @param mesh Mesh in the object frame
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Number of images, viewer, size, sampling and light
 * @returns Paths of the images
 * @throws {UserError} If a file cannot be written
 */
export async function writeTurntableImages(
  folder: string,
  mesh: Mesh,
  texture: FloatImage | null,
  options: TurntableOptions = {},
): Promise<string[]> {
  const paths: string[] = [];
  for (const image of renderTurntable(mesh, texture, options)) {
    const path = `${folder}/frame_${String(paths.length).padStart(3, "0")}.png`;
    await writePng(path, image);
    paths.push(path);
  }
  return paths;
}

/**
 * Writes one turn as an animated image.
 *
 * @param path Target file, `.webp` or `.gif`
 * @param mesh Mesh in the object frame
 * @param texture Colours in [0, 1], `[h, w, 3]`; null is grey
 * @param options Number of images, viewer, size, sampling, light, and speed
 * @throws {UserError} If the path has another end or the file cannot be written
 */
export async function writeTurntable(
  path: string,
  mesh: Mesh,
  texture: FloatImage | null,
  options: TurntableOptions & AnimationOptions = {},
): Promise<void> {
  const { framesPerSecond, loops, quality, ...turntable } = options;
  const frames = [...renderTurntable(mesh, texture, turntable)];
  await writeAnimation(path, frames, { framesPerSecond, loops, quality });
}

function checkOptions(options: { frames: number; start: number; elevation: number; fill: number }): void {
  const { frames, start, elevation, fill } = options;
  const rules: [string, boolean, string][] = [
    ["frames", Number.isInteger(frames) && frames >= 1, "an integer from 1"],
    ["start", Number.isFinite(start), "an angle in degrees"],
    ["elevation", Math.abs(elevation) <= 90, "-90 to 90 degrees"],
    ["fill", fill > 0 && fill <= 1, "above 0 and up to 1"],
  ];
  for (const [name, holds, rule] of rules) {
    if (holds) continue;
    const value = options[name as keyof typeof options];
    throw new RangeError(`Cannot render a turntable: ${name} must be ${rule}, current value is ${value}`);
  }
}

/** Vertices moved so that the middle of their box is the origin, `[V, 3]`. */
function centred(vertices: FloatArray): Float64Array {
  const { low, high } = boundingBox(vertices);
  return Float64Array.from(vertices, (value, i) => value - (low[i % 3] + high[i % 3]) / 2);
}

/** Largest distance from the origin. */
function radiusOf(vertices: Float64Array): number {
  let radius = 1e-12;
  for (let i = 0; i < vertices.length; i += 3) {
    radius = Math.max(radius, Math.hypot(vertices[i], vertices[i + 1], vertices[i + 2]));
  }
  return radius;
}

/** Scale at which the ball around the vertices takes its share of the image, its nearest point magnified most. */
function scaleFor(radius: number, perspective: number, fill: number): number {
  const depth = 1 + Math.exp(perspective);
  let size = fill; // radius times scale
  for (let i = 0; i < 40; i++) size = fill * (depth - size / 2) / (depth + size / 2);
  if (perspective === Infinity) size = fill;
  return size / radius;
}

/** Middle of the box of screen positions, and half of its larger side. */
function screenBox(screen: FloatArray): { middle: [number, number]; half: number } {
  const { low, high } = boundingBox(screen);
  return {
    middle: [(low[0] + high[0]) / 2, (low[1] + high[1]) / 2],
    half: Math.max(high[0] - low[0], high[1] - low[1]) / 2,
  };
}

/** Moves screen positions to the middle of the image and scales them. */
function centreView(screen: FloatArray, scale: number): void {
  const { middle: [x, y] } = screenBox(screen);
  for (let o = 0; o < screen.length; o += 3) {
    screen[o] = (screen[o] - x) * scale;
    screen[o + 1] = (screen[o + 1] - y) * scale;
    screen[o + 2] *= scale;
  }
}
