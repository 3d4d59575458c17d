/**
 * An image and its hypotheses as the workers of step 2 take them.
 *
 * @module
 */
import type { ChooseJob } from "./choose_job.ts";
import type { Hypotheses } from "./files.ts";
import type { ObservedParts } from "./part_kernels.ts";
import type { TemplatePose } from "./parts_task.ts";
import { templateOf } from "./semantics.ts";
import { poseInRow } from "../rendering/cameras.ts";

/** Mask and parts of an image, the background channel left out. */
export async function observe(
  { dataset, options }: ChooseJob,
  image: number,
): Promise<{ mask: Float32Array; parts: ObservedParts }> {
  const { mask, parts } = await dataset.sample(image, options.imageResolution, "probabilities");
  const channels = 1 + dataset.partNames.length;
  const pixels = mask.height * mask.width;
  const map = new Float32Array(pixels * channels); // [S, S, C]
  if (parts !== null) {
    for (let i = 0; i < pixels; i++) {
      for (let c = 0; c < channels; c++) map[i * channels + c] = parts.data[i * (channels + 1) + 1 + c];
    }
  }
  return { mask: Float32Array.from(mask.data), parts: { map, channels } };
}

/** Hypothesis `h` of image `i`. */
export function poseOf(hypotheses: Hypotheses, i: number, h: number): TemplatePose {
  const at = i * hypotheses.H + h;
  return { ...poseInRow(hypotheses, at), template: templateOf(hypotheses, i, h) };
}
