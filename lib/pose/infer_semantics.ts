/**
 * Part probabilities of the templates' vertices, from pictures.
 *
 * @module
 */
import type { ChooseJob, PartsPool } from "./choose_job.ts";
import { OBJECT_CHANNEL, type SemanticTemplate } from "./files.ts";
import { observe, poseOf } from "./observe_picture.ts";
import { partProbabilities, type SelectedPicture } from "./semantics.ts";

/**
 * Labels the templates' vertices by the part maps of pictures with sure poses.
 *
 * @param pool Workers
 * @param selected The pictures with their hypotheses, by template
 * @param counts Units of progress that are done before, and all
 * @param job Data set with parts, templates, hypotheses, settings
 * @returns Probabilities; templates without a picture get those of all pictures, and are named in a message
 */
export async function inferSemantics(
  pool: PartsPool,
  selected: readonly SelectedPicture[],
  { before, total }: { before: number; total: number },
  job: ChooseJob,
): Promise<SemanticTemplate> {
  const { dataset, templates, hypotheses, options, callbacks } = job;
  const C = 1 + dataset.partNames.length, V = templates[0].vertices.length / 3;
  let done = before;
  const results = await pool.run(selected.length, async (k) => {
    const { picture, hypothesis } = selected[k];
    const { parts } = await observe(job, picture);
    return { kind: "collect", pose: poseOf(hypotheses, picture, hypothesis), parts } as const;
  }, {
    signal: callbacks.signal,
    what: "The choice of poses",
    shared: true,
    onResult: () => callbacks.onProgress?.({ done: ++done, total }),
  });
  const probabilities = new Float32Array(templates.length * V * C); // [T, V, C]
  const pictureCounts = templates.map((template, t) => {
    const sums = new Float64Array(V * C); // [V, C]
    const own = selected.flatMap((picture, k) => picture.template === t ? [results[k].sums] : []);
    const used = own.length > 0 ? own : results.map(({ sums }) => sums); // the topology is the same in all templates
    for (const part of used) for (let i = 0; i < sums.length; i++) sums[i] += part[i];
    probabilities.set(partProbabilities(sums, C, options.symmetric), t * V * C);
    if (own.length === 0) {
      callbacks.onMessage?.(
        `No picture is sure enough to label the template "${template.name}": ` +
          (results.length > 0
            ? `it takes the parts of the other templates.`
            : `its poses are scored by the overlap of silhouettes.`),
      );
    }
    return own.length;
  });
  callbacks.onMessage?.(`Parts were inferred from ${pictureCounts.join(" + ")} pictures.`);
  return { probabilities, channelNames: [OBJECT_CHANNEL, ...dataset.partNames], pictureCounts };
}
