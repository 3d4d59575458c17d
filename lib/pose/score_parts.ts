/**
 * Scores of all hypotheses by the parts of the object.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { type ChooseJob, type PartsPool, type Scored, weightedScores } from "./choose_job.ts";
import type { SemanticTemplate } from "./files.ts";
import { inferSemantics } from "./infer_semantics.ts";
import { observe, poseOf } from "./observe_image.ts";
import { PARTS_KIND } from "./parts_task.ts";
import { labelledSemantics, selectImages, templatesHaveParts } from "./semantics.ts";

/** Images that later rounds take. */
const ALL_SURE = { sideViewsOnly: false, most: Infinity };

/** Scores of one pass over all images. */
interface Pass extends Pick<Scored, "iou" | "miou" | "scores"> {
  /** Images with an empty part map, ascending. */
  readonly withoutParts: readonly number[];
}

/**
 * Labels the templates' vertices and scores all hypotheses by parts.
 *
 * @param job Data set with parts, templates, hypotheses, settings
 * @returns Scores
 * @throws {UserError} If the template's own labels are asked for and do not fit the data set
 */
export async function scoreByParts(job: ChooseJob): Promise<Scored> {
  const { templates, options, dataset } = job;
  const source = sourceOf(job);
  const own = source === "data" ? null : ownSemantics(job);
  const shared = {
    faces: shareArray(sphereTopology().faces),
    templates: templates.map((template) => shareArray(template.vertices)),
    imageResolution: options.imageResolution,
  };
  const workers = Math.min(options.workers ?? defaultWorkerCount(), Math.max(1, dataset.length));
  const pool = await WorkerPool.start(PARTS_KIND, shared, workers);
  try {
    const passes = (own ? 1 : 0) + (source === "template" ? 0 : options.rounds);
    let before = 0, total = passes * dataset.length;
    const first = own && await scoreAll(pool, own, true, { before, total }, job);
    let known = first?.iou ?? null;
    if (own && first && source === "template") return scoredOf(first, own, [], job);
    if (first) before += dataset.length;
    const start = first?.scores ?? job.before;
    let hypotheses = start ? { ...job.hypotheses, iou: start } : job.hypotheses;
    for (let round = 1;; round++) {
      const selected = selectImages(
        hypotheses,
        options.vAgrThreshold,
        round > 1 || job.before ? ALL_SURE : {},
      );
      total += selected.length;
      const counts = { before, total };
      const semantics = await inferSemantics(pool, selected, counts, { ...job, hypotheses });
      before += selected.length;
      const isLabelled = semantics.imageCounts.some((count) => count > 0);
      const pass = await scoreAll(pool, semantics, isLabelled, { before, total }, job, known);
      known = pass.iou;
      before += dataset.length;
      if (round >= options.rounds) {
        return scoredOf(pass, semantics, selected.map(({ image }) => image), job);
      }
      hypotheses = { ...job.hypotheses, iou: pass.scores };
    }
  } finally {
    pool.close();
  }
}

function sourceOf({ templates, options, dataset }: ChooseJob): "data" | "template" | "seeded" {
  if (options.semantics !== "auto") return options.semantics;
  return templatesHaveParts(templates, dataset.partNames) ? "seeded" : "data";
}

function ownSemantics({ templates, dataset }: ChooseJob): SemanticTemplate {
  if (!templatesHaveParts(templates, dataset.partNames)) {
    throw new UserError(
      `Cannot take the parts of the template: the data set "${dataset.name}" has the parts ` +
        `${dataset.partNames.join(", ")}, the template has ${templates[0].partNames.join(", ") || "none"}. ` +
        `Infer them from the data instead (semantics = data).`,
    );
  }
  return labelledSemantics(templates, dataset.partNames);
}

/** Scores all hypotheses of all images; by their silhouettes, whose IoUs may be known, if no template has labels. */
async function scoreAll(
  pool: PartsPool,
  semantics: SemanticTemplate,
  isLabelled: boolean,
  { before, total }: { before: number; total: number },
  job: ChooseJob,
  known: Float32Array | null = null,
): Promise<Pass> {
  const { templates, hypotheses, callbacks } = job;
  const { N, H } = hypotheses;
  const iou = known ?? new Float32Array(N * H), miou = new Float32Array(N * H); // [N, H]
  const size = semantics.probabilities.length / templates.length; // V · C
  const colours = templates.map((_, t) => semantics.probabilities.slice(t * size, (t + 1) * size));
  const withoutParts: number[] = [];
  let done = before;
  await pool.run(N, async (i) => {
    const poses = Array.from({ length: H }, (_, h) => poseOf(hypotheses, i, h));
    const { mask, parts } = await observe(job, i);
    return { kind: "score", poses, mask: known ? null : mask, parts, colours } as const;
  }, {
    signal: callbacks.signal,
    what: "The choice of poses",
    shared: true,
    keep: false,
    onResult: (i, result) => {
      if (!known) iou.set(result.iou, i * H);
      if (result.miou.some(Number.isNaN)) withoutParts.push(i);
      for (let h = 0; h < H; h++) {
        miou[i * H + h] = isLabelled ? result.miou[h] || 0 : iou[i * H + h];
      }
      callbacks.onProgress?.({ done: ++done, total });
    },
  });
  withoutParts.sort((a, b) => a - b);
  return {
    iou,
    miou,
    scores: weightedScores(miou, iou, job),
    withoutParts,
  };
}

function scoredOf(
  { withoutParts, ...scores }: Pass,
  semantics: SemanticTemplate,
  semanticImages: readonly number[],
  { dataset, callbacks }: ChooseJob,
): Scored {
  if (withoutParts.length > 0) {
    const names = withoutParts.slice(0, 10).map((i) => dataset.records[i].id).join(", ");
    callbacks.onMessage?.(
      `${withoutParts.length} images have an empty part map and no score for parts: ${names}` +
        `${withoutParts.length > 10 ? ", …" : ""}`,
    );
  }
  return { ...scores, semantics, semanticImages };
}
