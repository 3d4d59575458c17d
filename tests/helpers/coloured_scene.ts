/**
 * Small scenes of solids in plain colours, for the images of conventions.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { matrixToQuaternion } from "../../lib/rendering/quaternion.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";

/** Point or direction (x, y, z). */
export type Vector = readonly [number, number, number];
/** Colour, RGB in [0, 1]. */
export type Colour = readonly [number, number, number];

/** Colours of the x, y and z axis, and others. */
export const COLOURS = {
  x: [0.85, 0.15, 0.12],
  y: [0.15, 0.62, 0.2],
  z: [0.16, 0.32, 0.85],
  body: [0.78, 0.76, 0.72],
  head: [0.95, 0.75, 0.2],
  dark: [0.25, 0.25, 0.28],
} as const satisfies Record<string, Colour>;

/** A solid in one colour. */
export interface Solid {
  /** Positions, `[V, 3]`. */
  readonly vertices: Float64Array;
  /** Counter-clockwise seen from outside, `[F, 3]`. */
  readonly faces: Int32Array;
  /** Its colour. */
  readonly colour: Colour;
}

/** An ellipsoid. */
export function ellipsoid(centre: Vector, radii: Vector, colour: Colour): Solid {
  const { vertices, faces } = sphereTopology();
  return { vertices: vertices.map((value, i) => centre[i % 3] + radii[i % 3] * value), faces, colour };
}

/** An arrow from one point to another. */
export function arrow(from: Vector, to: Vector, colour: Colour, thickness = 0.03): Solid {
  const along = subtract(to, from);
  const length = Math.hypot(...along);
  const direction = along.map((value) => value / length) as unknown as Vector;
  const helper: Vector = Math.abs(direction[0]) < 0.8 ? [1, 0, 0] : [0, 1, 0];
  const side = unit(cross(direction, helper));
  const other = cross(direction, side);
  const sides = 24;
  const neck = length - 5 * thickness;
  // rings (distance along, radius): start, shaft end, head begin, tip
  const profile = [[0, 0], [0, thickness], [neck, thickness], [neck, 2.6 * thickness], [length, 0]];
  const vertices: number[] = [];
  for (const [distance, radius] of profile) {
    for (let k = 0; k < sides; k++) {
      const [c, s] = [Math.cos(2 * Math.PI * k / sides) * radius, Math.sin(2 * Math.PI * k / sides) * radius];
      for (let axis = 0; axis < 3; axis++) {
        vertices.push(from[axis] + distance * direction[axis] + c * side[axis] + s * other[axis]);
      }
    }
  }
  const faces: number[] = [];
  for (let ring = 0; ring + 1 < profile.length; ring++) {
    for (let k = 0; k < sides; k++) {
      const [a, b] = [ring * sides + k, ring * sides + (k + 1) % sides];
      faces.push(a, b, b + sides, a, b + sides, a + sides);
    }
  }
  return { vertices: Float64Array.from(vertices), faces: Int32Array.from(faces), colour };
}

/** The three axes as arrows. */
export function axes(origin: Vector, length: number): Solid[] {
  const [x, y, z] = origin;
  return [
    arrow(origin, [x + length, y, z], COLOURS.x),
    arrow(origin, [x, y + length, z], COLOURS.y),
    arrow(origin, [x, y, z + length], COLOURS.z),
  ];
}

/** A simple animal in the object frame: yellow head in front (−y), tail behind, red wing on its left (+x). */
export function animal(): Solid[] {
  return [
    ellipsoid([0, 0, 0], [0.26, 0.55, 0.26], COLOURS.body),
    ellipsoid([0, -0.55, 0.28], [0.19, 0.22, 0.19], COLOURS.head),
    ellipsoid([0, -0.78, 0.26], [0.05, 0.14, 0.05], COLOURS.dark),
    ellipsoid([0, 0.62, 0.06], [0.12, 0.3, 0.06], COLOURS.dark),
    ellipsoid([0.3, 0.05, 0.05], [0.06, 0.36, 0.16], COLOURS.x),
    ellipsoid([-0.3, 0.05, 0.05], [0.06, 0.36, 0.16], COLOURS.body),
    arrow([0.12, -0.1, -0.2], [0.12, -0.1, -0.55], COLOURS.dark),
    arrow([-0.12, -0.1, -0.2], [-0.12, -0.1, -0.55], COLOURS.dark),
  ];
}

/** The rotation that sees the object from a place, its z axis up: camera x right, y down, z into the scene. */
export function viewFrom(place: Vector): Float64Array {
  const forward = unit(place.map((value) => -value) as unknown as Vector);
  const right = unit(cross(forward, [0, 0, 1]));
  return Float64Array.of(...right, ...cross(forward, right), ...forward); // rows, [3, 3]
}

/** A pose with a rotation matrix. */
export function poseOf(matrix: ArrayLike<number>, scale = 0.75): Pose {
  return { rotation: matrixToQuaternion(matrix), scale, translation: [0, 0], perspective: 1.5 };
}

/** Renders solids on white, `[S, S, 3]` in [0, 1]. */
export function renderScene(solids: readonly Solid[], pose: Pose, size = 192): FloatImage {
  const vertices: number[] = [];
  const faces: number[] = [];
  const faceUvs: number[] = [];
  const palette = floatImage(2, solids.length, 3); // [2, solids, 3]
  solids.forEach((solid, i) => {
    const first = vertices.length / 3;
    for (const index of solid.faces) faces.push(first + index);
    for (let corner = 0; corner < solid.faces.length; corner++) faceUvs.push(i);
    for (const value of solid.vertices) vertices.push(value);
    for (const row of [0, 1]) palette.data.set(solid.colour, (row * solids.length + i) * 3);
  });
  const mesh = {
    vertices: projectVertices(Float64Array.from(vertices), pose),
    faces: Int32Array.from(faces),
    uvs: Float64Array.from(solids.flatMap((_, i) => [(i + 0.5) / solids.length, 0.5])),
    faceUvs: Int32Array.from(faceUvs),
  };
  return onWhite(renderImage(mesh, palette, { size, supersample: 4, light: 0.7 }));
}

/** An image with alpha on white, `[H, W, 3]`. */
export function onWhite({ data, height, width }: FloatImage): FloatImage {
  const image = floatImage(height, width, 3); // [H, W, 3]
  for (let pixel = 0; pixel < height * width; pixel++) {
    const alpha = data[4 * pixel + 3];
    for (let c = 0; c < 3; c++) image.data[3 * pixel + c] = 1 - alpha + alpha * data[4 * pixel + c];
  }
  return image;
}

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(a: Vector): Vector {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}
