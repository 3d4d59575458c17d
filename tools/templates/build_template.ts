/**
 * From a parametric shape to a template: wrapped by the sphere topology, normalised, labelled.
 *
 * @module
 */
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import { shrinkWrap, type ShrinkWrapOptions } from "../../lib/templates/shrink_wrap.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import { boundingBox } from "../../lib/mesh/bounding_box.ts";

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
  return finishTemplate(name, shape, shrinkWrap(shape, sphereTopology(), options));
}

/**
 * Makes a template of vertices that lie on a shape: normalised, labelled.
 *
 * @param name Name within its category
 * @param shape The solid
 * @param wrapped Positions in the shape's own frame, `[V, 3]`
 */
export function finishTemplate(name: string, shape: ParametricShape, wrapped: Float64Array): Template {
  const vertices = Float32Array.from(normalizeTemplate(wrapped), (value) => Math.round(value / GRID) * GRID);
  return {
    name,
    category: shape.category,
    vertices,
    partLabels: labelVertices(wrapped, shape),
    partNames: shape.partNames,
  };
}

/**
 * The part that most of a vertex's surroundings have: points of its faces near to it, and itself.
 *
 * @param vertices Positions in the shape's own frame, `[V, 3]`
 * @param shape The solid
 * @returns Index of each vertex's part, `[V]`
 */
export function labelVertices(vertices: Float64Array, shape: ParametricShape): Uint8Array {
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
  const { low, high } = boundingBox(vertices);
  const centred = vertices.map((value, i) => i % 3 === 0 ? value : value - (low[i % 3] + high[i % 3]) / 2);
  const largest = centred.reduce((max, value) => Math.max(max, Math.abs(value)), 0);
  return centred.map((value) => value / largest);
}
