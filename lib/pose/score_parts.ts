/**
 * Scores of all hypotheses by the parts of the object.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { defaultWorkerCount, shareArray, WorkerPool } from "../core/worker_pool.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { Template } from "../templates/template_file.ts";
import type { ChooseOptions } from "./choose_options.ts";
import { type Hypotheses, OBJECT_CHANNEL, type SemanticTemplate } from "./files.ts";
import type { ObservedParts } from "./part_kernels.ts";
import {
  type CollectTask,
  PARTS_KIND,
  type PartsResult,
  type ScoreTask,
  type TemplatePose,
} from "./parts_task.ts";
import {
  labelledSemantics,
  partProbabilities,
  type SelectedPicture,
  selectPictures,
  templateOf,
  templatesHaveParts,
} from "./semantics.ts";

type Pool = WorkerPool<CollectTask | ScoreTask, PartsResult>;

/** Scores of all hypotheses. */
export interface Scored {
  /** Overlap of each hypothesis' silhouette, `[N, H]`. */
  readonly iou: Float32Array;
  /** Overlap of each hypothesis' parts (of the silhouette where there are no parts), `[N, H]`. */
  readonly scores: Float32Array;
  /** Parts of the templates; `null` where the data set has none. */
  readonly semantics: SemanticTemplate | null;
  /** Numbers of the pictures that the parts were inferred from. */
  readonly semanticPictures: readonly number[];
}

/** All that the choice needs. */
export interface ChooseJob {
  /** The pictures. */
  readonly dataset: Dataset;
  /** The templates of step 1. */
  readonly templates: readonly Template[];
  /** Result of step 1. */
  readonly hypotheses: Hypotheses;
  /** Settings. */
  readonly options: Required<ChooseOptions>;
  /** Progress, sentences, signal. */
  readonly callbacks: StageCallbacks;
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
  const shared = {
    faces: shareArray(sphereTopology().faces),
    templates: templates.map((template) => shareArray(template.vertices)),
    imageResolution: options.imageResolution,
  };
  const workers = Math.min(options.workers ?? defaultWorkerCount(), Math.max(1, dataset.length));
  const pool = await WorkerPool.start(PARTS_KIND, shared, workers);
  try {
    const selected = options.semantics === "data"
      ? selectPictures(job.hypotheses, options.vAgrThreshold)
      : [];
    const semantics = options.semantics === "data"
      ? await inferSemantics(pool, selected, job)
      : ownSemantics(job);
    const scored = await scoreAll(pool, semantics, selected.length, job);
    return { ...scored, semantics, semanticPictures: selected.map(({ picture }) => picture) };
  } finally {
    pool.close();
  }
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

async function inferSemantics(
  pool: Pool,
  selected: readonly SelectedPicture[],
  job: ChooseJob,
): Promise<SemanticTemplate> {
  const { dataset, templates, hypotheses, options, callbacks } = job;
  const C = 1 + dataset.partNames.length, V = templates[0].vertices.length / 3;
  let done = 0;
  const results = await pool.run(selected.length, async (k) => {
    const { picture, hypothesis } = selected[k];
    const { parts } = await observe(job, picture);
    return { kind: "collect", pose: poseOf(hypotheses, picture, hypothesis), parts } as const;
  }, {
    signal: callbacks.signal,
    what: "The choice of poses",
    onResult: () => callbacks.onProgress?.({ done: ++done, total: selected.length + dataset.length }),
  });
  const probabilities = new Float32Array(templates.length * V * C); // [T, V, C]
  const pictureCounts = templates.map((template, t) => {
    const sums = new Float64Array(V * C); // [V, C]
    const own = selected.flatMap((picture, k) => picture.template === t ? [results[k].sums] : []);
    for (const part of own) for (let i = 0; i < sums.length; i++) sums[i] += part[i];
    probabilities.set(partProbabilities(sums, C, options.symmetric), t * V * C);
    if (own.length === 0) {
      callbacks.onMessage?.(
        `No picture has a sure enough side view to label the template "${template.name}": its poses are scored by the ` +
          `overlap of silhouettes.`,
      );
    }
    return own.length;
  });
  callbacks.onMessage?.(`Parts were inferred from ${pictureCounts.join(" + ")} pictures.`);
  return { probabilities, channelNames: [OBJECT_CHANNEL, ...dataset.partNames], pictureCounts };
}

async function scoreAll(
  pool: Pool,
  semantics: SemanticTemplate,
  before: number,
  job: ChooseJob,
): Promise<Pick<Scored, "iou" | "scores">> {
  const { dataset, templates, hypotheses, options, callbacks } = job;
  const { N, H } = hypotheses;
  const iou = new Float32Array(N * H), scores = new Float32Array(N * H); // [N, H]
  const size = semantics.probabilities.length / templates.length; // V · C
  const colours = templates.map((_, t) => semantics.probabilities.slice(t * size, (t + 1) * size));
  const withoutParts: number[] = [];
  let done = before;
  await pool.run(N, async (i) => {
    const poses = Array.from({ length: H }, (_, h) => poseOf(hypotheses, i, h));
    return { kind: "score", poses, ...await observe(job, i), colours } as const;
  }, {
    signal: callbacks.signal,
    what: "The choice of poses",
    onResult: (i, result) => {
      iou.set(result.iou, i * H);
      if (result.miou.some(Number.isNaN)) withoutParts.push(i);
      for (let h = 0; h < H; h++) {
        const isLabelled = options.semantics === "template" ||
          semantics.pictureCounts[templateOf(hypotheses, i, h)] > 0;
        scores[i * H + h] = isLabelled ? result.miou[h] || 0 : result.iou[h];
      }
      callbacks.onProgress?.({ done: ++done, total: before + N });
    },
  });
  if (withoutParts.length > 0) {
    const names = withoutParts.sort((a, b) => a - b).map((i) => dataset.records[i].id);
    callbacks.onMessage?.(
      `${names.length} pictures have an empty part map and score 0: ${names.slice(0, 10).join(", ")}` +
        `${names.length > 10 ? ", …" : ""}`,
    );
  }
  return { iou, scores };
}

/** Mask and parts of a picture, the background channel left out. */
async function observe(
  { dataset, options }: ChooseJob,
  picture: number,
): Promise<{ mask: Float32Array; parts: ObservedParts }> {
  const { mask, parts } = await dataset.sample(picture, options.imageResolution);
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

/** Hypothesis `h` of picture `i`. */
function poseOf(hypotheses: Hypotheses, i: number, h: number): TemplatePose {
  const at = i * hypotheses.H + h;
  return {
    rotation: hypotheses.rotation.slice(4 * at, 4 * at + 4),
    scale: hypotheses.scale[at],
    translation: hypotheses.translation.slice(2 * at, 2 * at + 2),
    perspective: hypotheses.perspective[at],
    template: templateOf(hypotheses, i, h),
  };
}
