/**
 * How far the likely hypotheses of one image disagree on the rotation.
 *
 * @module
 */

/** Score differences of this size separate likely from unlikely hypotheses. */
export const DISAGREEMENT_TEMPERATURE = 0.01;

/**
 * Expected disagreement of two hypotheses drawn by their scores: v = softmax(score / T), Σ_hk v_h v_k (1 − (q_h·q_k)²).
 *
 * @param scores Score of each hypothesis, `[H]`
 * @param rotations Unit quaternions, `[H, 4]`
 * @param temperature T
 * @returns 0 when all likely hypotheses agree, up to (not including) 1
 */
export function rotationDisagreement(
  scores: ArrayLike<number>,
  rotations: ArrayLike<number>,
  temperature: number = DISAGREEMENT_TEMPERATURE,
): number {
  const count = scores.length;
  let best = -Infinity;
  for (let h = 0; h < count; h++) best = Math.max(best, scores[h]);
  const weights = new Float64Array(count); // [H]
  let sum = 0;
  for (let h = 0; h < count; h++) sum += weights[h] = Math.exp((scores[h] - best) / temperature);
  let expected = 0;
  for (let h = 0; h < count; h++) {
    for (let k = h + 1; k < count; k++) {
      let dot = 0;
      for (let i = 0; i < 4; i++) dot += rotations[4 * h + i] * rotations[4 * k + i];
      expected += 2 * weights[h] * weights[k] * (1 - dot * dot);
    }
  }
  return expected / (sum * sum);
}
