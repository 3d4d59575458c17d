/**
 * The high-confidence subset: photographs that are pulled to their template throughout the training.
 *
 * @module
 */

/**
 * Of the photographs of each template, the share with the highest IoU above 0.
 *
 * @param weights Template weights, `[N, T]`; a photograph belongs to the template of its largest weight
 * @param iou IoU of silhouette and mask, `[N]`
 * @param templateCount Templates, T
 * @param fraction Share, 0 to 1
 * @returns 1 for photographs of the subset, else 0, `[N]`; of equal IoUs the first is taken
 */
export function highConfidenceSubset(
  weights: Float32Array,
  iou: Float32Array,
  templateCount: number,
  fraction: number,
): Float32Array {
  const subset = new Float32Array(iou.length);
  const groups: number[][] = Array.from({ length: templateCount }, () => []);
  for (let i = 0; i < iou.length; i++) groups[largest(weights, i * templateCount, templateCount)].push(i);
  for (const group of groups) {
    const count = Math.floor(group.length * fraction);
    const best = group.filter((i) => iou[i] > 0).sort((a, b) => iou[b] - iou[a] || a - b);
    for (const i of best.slice(0, count)) subset[i] = 1;
  }
  return subset;
}

function largest(values: Float32Array, offset: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) if (values[offset + k] > values[offset + best]) best = k;
  return best;
}
