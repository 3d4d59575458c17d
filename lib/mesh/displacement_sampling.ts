/**
 * Where each vertex reads the displacement map, and how what it reads turns into a shift.
 *
 * @module
 */
import type { SphereTopology } from "./sphere_topology.ts";

/** Vertices as a linear function of the map: vertex = template + frame · (weighted mean of four texels). */
export interface DisplacementSampling {
  /** Texels that each vertex reads, row · W + column, `[V, 4]`. */
  readonly texels: Int32Array;
  /** Their weights, `[V, 4]`. */
  readonly weights: Float64Array;
  /** Rows: the shift by one unit of each map channel, `[V, 3, 3]`; mirror and mirror plane are part of it. */
  readonly frames: Float64Array;
}

const memoised = new WeakMap<SphereTopology, Map<string, DisplacementSampling>>();

/**
 * The sampling of a displacement map. Built once for each size.
 *
 * A symmetric sphere samples column coordinate uW − ½ on its side x ≥ 0 and mirrors the other side; otherwise every
 * vertex samples uW. The columns wrap around; rows go from v = 1 in row 0 to v = 0 in row H − 1.
 *
 * @param topology The sphere
 * @param height Rows of the map, H
 * @param width Columns of the map, W
 * @param symmetric Whether the two sides mirror each other
 * @returns Texels, weights and frames of each vertex
 */
export function displacementSampling(
  topology: SphereTopology,
  height: number,
  width: number,
  symmetric: boolean,
): DisplacementSampling {
  let ofTopology = memoised.get(topology);
  if (!ofTopology) memoised.set(topology, ofTopology = new Map());
  const key = `${height}x${width}:${symmetric}`;
  let sampling = ofTopology.get(key);
  if (!sampling) ofTopology.set(key, sampling = build(topology, height, width, symmetric));
  return sampling;
}

function build(
  topology: SphereTopology,
  height: number,
  width: number,
  symmetric: boolean,
): DisplacementSampling {
  const { negativeIndices, positiveIndices, samplePositions, symmetryMask, tangentFrames } = topology;
  const vertexCount = samplePositions.length / 2;
  const source = Int32Array.from({ length: vertexCount }, (_, i) => i); // [V]
  if (symmetric) negativeIndices.forEach((negative, i) => source[negative] = positiveIndices[i]);

  const texels = new Int32Array(vertexCount * 4); // [V, 4]
  const weights = new Float64Array(vertexCount * 4); // [V, 4]
  const frames = new Float64Array(vertexCount * 9); // [V, 3, 3]
  for (let i = 0; i < vertexCount; i++) {
    const from = source[i];
    const column = (samplePositions[2 * from] + 1) / 2 * width - (symmetric ? 0.5 : 0);
    const row = Math.min(Math.max((samplePositions[2 * from + 1] + 1) / 2, 0), 1) * (height - 1);
    const left = Math.floor(column);
    const top = Math.floor(row);
    const columns = [(left + width) % width, (left + 1 + width) % width];
    const rows = [top, Math.min(top + 1, height - 1)];
    const right = column - left;
    const down = row - top;
    for (let corner = 0; corner < 4; corner++) {
      texels[4 * i + corner] = rows[corner >> 1] * width + columns[corner & 1];
      weights[4 * i + corner] = (corner >> 1 ? down : 1 - down) * (corner & 1 ? right : 1 - right);
    }
    frames.set(tangentFrames.subarray(9 * from, 9 * from + 9), 9 * i);
    if (!symmetric) continue;
    const signX = (from === i ? 1 : -1) * symmetryMask[3 * i];
    for (let channel = 0; channel < 3; channel++) frames[9 * i + 3 * channel] *= signX;
  }
  return { texels, weights, frames };
}
