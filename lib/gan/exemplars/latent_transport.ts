/**
 * From latent codes to the objects of the data: directions are divided among exemplars so that each is drawn equally often,
 * a semi-discrete optimal transport (Peyré and Cuturi, "Computational Optimal Transport", 2019, section 5.3).
 *
 * @module
 */
import { Prng } from "../../core/prng.ts";

/** Directions that are drawn to find the biases. */
const DRAWS = 30_000;
/** First step of the biases, and the number of draws after which it has halved. */
const FIRST_STEP = 0.01, HALVED_AFTER = 4000;

/** Rows divided by their lengths, `[K, P]`. */
export function unitRows(rows: Float32Array, length: number): Float32Array {
  const out = new Float32Array(rows.length);
  for (let first = 0; first < rows.length; first += length) {
    let squares = 0;
    for (let i = first; i < first + length; i++) squares += rows[i] ** 2;
    const norm = Math.max(Math.sqrt(squares), 1e-12);
    for (let i = first; i < first + length; i++) out[i] = rows[i] / norm;
  }
  return out;
}

/**
 * Finds biases with which the largest of "cosine + bias" falls on each row equally often, for random directions.
 *
 * @param codes Rows, `[K, P]`
 * @param length P
 * @param seed Seed of the directions
 * @returns Biases, `[K]`
 */
export function transportBiases(codes: Float32Array, length: number, seed: number): Float32Array {
  const directions = unitRows(codes, length), K = codes.length / length;
  const biases = new Float64Array(K), prng = new Prng(seed, "gan", "latent transport");
  for (let draw = 0; draw < DRAWS; draw++) {
    const latent = unitRows(prng.normals(length), length);
    let best = 0, largest = -Infinity;
    for (let k = 0; k < K; k++) {
      let similarity = biases[k];
      for (let i = 0; i < length; i++) similarity += latent[i] * directions[k * length + i];
      if (similarity > largest) [best, largest] = [k, similarity];
    }
    const step = FIRST_STEP / (1 + draw / HALVED_AFTER);
    for (let k = 0; k < K; k++) biases[k] += step / K;
    biases[best] -= step;
  }
  return Float32Array.from(biases);
}
