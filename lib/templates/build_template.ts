/**
 * The built-in templates: parametric shapes wrapped by the sphere topology.
 *
 * @module
 */
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { birdShape } from "./bird_shape.ts";
import { carShape } from "./car_shape.ts";
import type { ParametricShape } from "./parametric_shape.ts";
import { shrinkWrap, type ShrinkWrapOptions } from "./shrink_wrap.ts";
import type { Template } from "./template_file.ts";

/** A built-in template before it is wrapped. */
export interface TemplateRecipe {
  /** Name within its category. */
  readonly name: string;
  /** Makes the solid. */
  readonly shape: () => ParametricShape;
}

/** The built-in templates of each category; `singletpl` uses the first one. */
export const TEMPLATE_RECIPES: Readonly<Record<string, readonly TemplateRecipe[]>> = {
  car: [
    { name: "saloon", shape: () => carShape() },
  ],
  bird: [
    { name: "songbird", shape: () => birdShape() },
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
  const partLabels = new Uint8Array(wrapped.length / 3); // [V]
  for (let i = 0; i < partLabels.length; i++) {
    partLabels[i] = shape.partAt(wrapped[3 * i], wrapped[3 * i + 1], wrapped[3 * i + 2]);
  }
  const vertices = Float32Array.from(normalizeTemplate(wrapped), (value) => Math.round(value / GRID) * GRID);
  return { name, category: shape.category, vertices, partLabels, partNames: shape.partNames };
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
