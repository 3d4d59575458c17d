/**
 * Constant planes that tell a discriminator where on the UV map it is.
 *
 * @module
 */

/**
 * cos a, sin a, cos b, sin b with a = π·row/R, b = −π + 2π·column/R.
 *
 * @param resolution Side of the map, R
 * @returns Planes, `[1, R, R, 4]`
 */
export function positionalPlanes(resolution: number): Float32Array {
  const planes = new Float32Array(resolution * resolution * 4); // [R, R, 4]
  for (let row = 0, at = 0; row < resolution; row++) {
    const a = Math.PI * row / resolution;
    for (let column = 0; column < resolution; column++, at += 4) {
      const b = -Math.PI + 2 * Math.PI * column / resolution;
      planes.set([Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b)], at);
    }
  }
  return planes;
}
