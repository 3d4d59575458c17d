/**
 * One check for the shapes of all arguments of a public operation.
 *
 * @module
 */

/** What can be checked: something with a shape (tensor, `NdArray`), or a flat typed array. */
export type Shaped = { readonly shape: readonly number[] } | { readonly length: number };

/** Axis lengths of a pattern: a number is required as it is, a letter stands for one length everywhere. */
export type ShapePattern = readonly (string | number)[];

/**
 * Checks arguments against shape patterns and returns the letters' values.
 *
 * A flat typed array has a length only; at most one letter of its pattern may still be open, and is solved from the
 * length. Order the entries so that letters are known before flat arrays need them.
 *
 * @param action What the caller does, for the message ("rasterise a mesh")
 * @param args Each argument's value and pattern, such as `[vertices, ["V", 3]]`
 * @returns Length of each letter
 * @throws {TypeError} If a shape does not match its pattern
 */
export function checkShapes(
  action: string,
  args: Readonly<Record<string, readonly [Shaped, ShapePattern]>>,
): Record<string, number> {
  const letters: Record<string, number> = {};
  for (const [name, [value, pattern]] of Object.entries(args)) {
    const matches = "shape" in value
      ? matchShape(value.shape, pattern, letters)
      : matchLength(value.length, pattern, letters);
    if (!matches) {
      const found = "shape" in value ? `[${value.shape.join(", ")}]` : `${value.length} values`;
      throw new TypeError(
        `Cannot ${action}: ${name} must be ${describe(pattern, letters)}, current value is ${found}`,
      );
    }
  }
  return letters;
}

function matchShape(
  shape: readonly number[],
  pattern: ShapePattern,
  letters: Record<string, number>,
): boolean {
  if (shape.length !== pattern.length) return false;
  return pattern.every((axis, i) =>
    (typeof axis === "number" ? axis : letters[axis] ??= shape[i]) === shape[i]
  );
}

function matchLength(length: number, pattern: ShapePattern, letters: Record<string, number>): boolean {
  const open = pattern.filter((axis): axis is string =>
    typeof axis === "string" && letters[axis] === undefined
  );
  const known = pattern.reduce<number>(
    (product, axis) => product * (typeof axis === "number" ? axis : letters[axis] ?? 1),
    1,
  );
  if (open.length === 0) return length === known;
  if (open.length > 1 || known === 0 || length % known !== 0) return false;
  letters[open[0]] = length / known;
  return true;
}

function describe(pattern: ShapePattern, letters: Record<string, number>): string {
  const axes = pattern.map((axis) =>
    typeof axis === "string" && letters[axis] !== undefined ? `${axis}=${letters[axis]}` : axis
  );
  return `[${axes.join(", ")}]`;
}
