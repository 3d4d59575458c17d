/**
 * Part probabilities of the templates' vertices, from images.
 *
 * @module
 */
import type { ChooseJob, PartsPool } from "./choose_job.ts";
import { OBJECT_CHANNEL, type SemanticTemplate } from "./files.ts";
import { observe, poseOf } from "./observe_image.ts";
import { partProbabilities, type SelectedImage } from "./semantics.ts";

/**
 * Labels the templates' vertices by the part maps of images with sure poses.
 *
 * @param pool Workers
 * @param selected The images with their hypotheses, by template
 * @param counts Units of progress that are done before, and all
 * @param job Data set with parts, templates, hypotheses, settings
 * @returns Probabilities; templates without an image get those of all images, and are named in a message
 */
export async function inferSemantics(
  pool: PartsPool,
  selected: readonly SelectedImage[],
  { before, total }: { before: number; total: number },
  job: ChooseJob,
): Promise<SemanticTemplate> {
  const { dataset, templates, hypotheses, options, callbacks } = job;
  const C = 1 + dataset.partNames.length, V = templates[0].vertices.length / 3;
  let done = before;
  const all = new Float64Array(V * C); // [V, C], for templates without an image: the topology is the same
  const sumsOf = templates.map(() => new Float64Array(V * C)), counts = templates.map(() => 0);
  const inTurn = inOrder<Float64Array>((k, sums) => {
    const { template } = selected[k];
    counts[template]++;
    for (const target of [all, sumsOf[template]]) {
      for (let i = 0; i < sums.length; i++) target[i] += sums[i];
    }
  });
  await pool.run(selected.length, async (k) => {
    const { image, hypothesis } = selected[k];
    const { parts } = await observe(job, image);
    return { kind: "collect", pose: poseOf(hypotheses, image, hypothesis), parts } as const;
  }, {
    signal: callbacks.signal,
    what: "The choice of poses",
    shared: true,
    keep: false,
    onResult: (k, { sums }) => {
      inTurn(k, sums);
      callbacks.onProgress?.({ done: ++done, total });
    },
  });
  const probabilities = new Float32Array(templates.length * V * C); // [T, V, C]
  templates.forEach((template, t) => {
    const sums = counts[t] > 0 ? sumsOf[t] : all;
    probabilities.set(partProbabilities(sums, C, options.symmetric), t * V * C);
    if (counts[t] === 0) {
      callbacks.onMessage?.(
        `No image is sure enough to label the template "${template.name}": ` +
          (selected.length > 0
            ? `it takes the parts of the other templates.`
            : `its poses are scored by the IoU of silhouettes.`),
      );
    }
  });
  callbacks.onMessage?.(`Parts were inferred from ${counts.join(" + ")} images.`);
  return { probabilities, channelNames: [OBJECT_CHANNEL, ...dataset.partNames], imageCounts: counts };
}

/** Hands on values in the order of their numbers, from 0, whatever the order in which they come. */
function inOrder<T>(use: (k: number, value: T) => void): (k: number, value: T) => void {
  const waiting = new Map<number, T>();
  let next = 0;
  return (k, value) => {
    waiting.set(k, value);
    for (; waiting.has(next); next++) {
      use(next, waiting.get(next)!);
      waiting.delete(next);
    }
  };
}
