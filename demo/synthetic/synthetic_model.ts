/**
 * A random individual of a class: its solid, and the colour of every point of it.
 *
 * @module
 */
import type { ParametricShape } from "../../lib/templates/parametric_shape.ts";
import type { Colour } from "./colours.ts";

/** Colour and shine of a point of a surface. */
export interface Paint {
  /** Colour under white light. */
  readonly colour: Colour;
  /** Strength of highlights, 0 to 1. */
  readonly gloss: number;
}

/** A random individual of a class. */
export interface SyntheticModel {
  /** The solid; `partAt` tells the part of each point. */
  readonly shape: ParametricShape;
  /** Paint of a point of the surface in the shape's frame; `part` is what `partAt` says there. */
  readonly paintAt: (x: number, y: number, z: number, part: number) => Paint;
  /** What was drawn, for the file of annotations. */
  readonly traits: Readonly<Record<string, string | number>>;
}
