/**
 * The built-in templates: parametric shapes wrapped by the sphere topology.
 *
 * @module
 */
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { type BirdParameters, birdShape } from "./bird_shape.ts";
import { type CarParameters, carShape } from "./car_shape.ts";
import type { ParametricShape } from "./parametric_shape.ts";
import { shrinkWrap, type ShrinkWrapOptions } from "./shrink_wrap.ts";
import type { Template } from "./template_file.ts";

/** A built-in template before it is wrapped. */
export interface TemplateRecipe {
  /** Name within its category. */
  readonly name: string;
  /** Makes the solid. */
  readonly shape: () => ParametricShape;
  /** How it is wrapped, where the defaults are not best. */
  readonly wrap?: ShrinkWrapOptions;
}

/** Shapes without thin limbs may spread their vertices faster, which makes them more even. */
const COMPACT: ShrinkWrapOptions = { inflation: 1.5, morphSteps: 120, spreadSteps: 120, smoothing: 0.5 };

const HATCHBACK: CarParameters = {
  roofHeight: 0.68,
  beltHeight: 0.43,
  bonnetHeight: 0.36,
  bootHeight: 0.42,
  halfWidth: 0.46,
  wheelRadius: 0.155,
  screenFoot: -0.46,
  roofFront: -0.1,
  roofRear: 0.58,
  rearFoot: 0.93,
};

const UPRIGHT: BirdParameters = {
  pitchRadians: 0.75,
  neckLength: 0.24,
  neckRadians: 1.15,
  headRadius: 0.16,
  beakLength: 0.2,
  tailLength: 0.36,
  tailRadians: 0.5,
  legLength: 0.22,
};

/** The built-in templates of each category; `singletpl` uses the first one. */
export const TEMPLATE_RECIPES: Readonly<Record<string, readonly TemplateRecipe[]>> = {
  car: [
    { name: "saloon", shape: () => carShape(), wrap: COMPACT },
    { name: "hatchback", shape: () => carShape(HATCHBACK), wrap: COMPACT },
  ],
  bird: [
    { name: "songbird", shape: () => birdShape() },
    { name: "upright", shape: () => birdShape(UPRIGHT) },
  ],
};

/** Coordinates are whole multiples of this, so that the last bits of a machine's functions leave no trace. */
const GRID = 2 ** -16;

/**
 * Wraps the template sphere around a shape and normalises it: centred in y and z, longest half extent 1.
 *
 * @param name Name within its category
 * @param shape The solid
 * @param options Steps of the wrapping
 * @returns A template with a part label for each vertex
 */
export function buildTemplate(
  name: string,
  shape: ParametricShape,
  options: ShrinkWrapOptions = {},
): Template {
  const wrapped = shrinkWrap(shape, sphereTopology(), options); // [V, 3]
  const vertices = Float32Array.from(normalizeTemplate(wrapped), (value) => Math.round(value / GRID) * GRID);
  return {
    name,
    category: shape.category,
    vertices,
    partLabels: labelVertices(wrapped, shape),
    partNames: shape.partNames,
  };
}

/** The part that most of a vertex's surroundings have: points of its faces near to it, and itself, `[V]`. */
function labelVertices(vertices: Float64Array, shape: ParametricShape): Uint8Array {
  const { faces } = sphereTopology();
  const partCount = shape.partNames.length;
  const votes = new Uint8Array(vertices.length / 3 * partCount); // [V, P]
  const place = (index: number) => vertices.subarray(3 * index, 3 * index + 3);
  for (let f = 0; f < faces.length; f += 3) {
    for (let corner = 0; corner < 3; corner++) {
      const [a, b, c] = [0, 1, 2].map((k) => place(faces[f + (corner + k) % 3]));
      const [x, y, z] = [0, 1, 2].map((axis) => 0.6 * a[axis] + 0.2 * (b[axis] + c[axis]));
      votes[faces[f + corner] * partCount + shape.partAt(x, y, z)]++;
    }
  }
  return Uint8Array.from({ length: vertices.length / 3 }, (_, i) => {
    const own = votes.subarray(i * partCount, (i + 1) * partCount);
    const [x, y, z] = place(i);
    own[shape.partAt(x, y, z)] += 2;
    return own.indexOf(Math.max(...own));
  });
}

/**
 * Centres positions in y and z, leaves x, and divides by the largest coordinate.
 *
 * @param vertices Positions, `[V, 3]`
 * @returns Positions with longest half extent 1, `[V, 3]`
 */
export function normalizeTemplate(vertices: Float64Array): Float64Array {
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  vertices.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3], value);
    high[i % 3] = Math.max(high[i % 3], value);
  });
  const centred = vertices.map((value, i) => i % 3 === 0 ? value : value - (low[i % 3] + high[i % 3]) / 2);
  const largest = centred.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return centred.map((value) => value / largest);
}
