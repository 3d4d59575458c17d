/**
 * Scores of all hypotheses by the features of a vision model, without part labels.
 *
 * A linear map from features to places on the template is fitted to the best poses so far, and says in turn which
 * hypotheses show the places that the features tell; this is repeated. Where most poses are right the map is right too,
 * as errors in opposite directions cancel in it.
 *
 * @module
 */
import { throwIfStopped } from "../core/progress.ts";
import { type ChooseJob, type Scored, weightedScores } from "./choose_job.ts";
import { placeAgreement, TemplatePlaces } from "./feature_places.ts";
import type { FeatureSource } from "./object_features.ts";
import { poseOf } from "./observe_image.ts";
import { foundPlaces, PlaceProbe } from "./place_probe.ts";
import { indexOfLargest } from "./running_scores.ts";
import { labelledSemantics } from "./semantics.ts";
import { viewDirection } from "./view_direction.ts";

/** Most images that the map is fitted to. */
const IMAGES = 300;
/** Sectors of azimuth whose images count equally, so that frequent views do not draw all others to them. */
const SECTORS = 8;
/** Share of an even distribution that is added to each sector's, so that rare views are not blown up. */
const EVEN_SHARE = 0.2;

/**
 * Scores all hypotheses.
 *
 * @param job Templates, hypotheses, settings; parts of the data set are not looked at
 * @param source Features of the images
 * @returns Scores; the parts are those of the templates' own labels
 * @throws {StoppedError} If the signal was aborted
 */
export async function scoreByFeatures(job: ChooseJob, source: FeatureSource): Promise<Scored> {
  const { templates, hypotheses, options, callbacks } = job;
  const { N, iou } = hypotheses, rounds = options.autoRounds;
  const plain = { ...job, options: { ...options, silhouetteWeight: 0, partsWeight: 0 } };
  const places = new TemplatePlaces(templates), fitted = Math.min(IMAGES, N);
  const images = Array.from({ length: fitted }, (_, k) => Math.floor(k * N / fitted));
  let scores = weightedScores(iou, iou, plain), miou = iou;
  for (let round = 1; round <= rounds; round++) {
    const probe = await fitProbe(images, scores, places, source, job);
    miou = await agreements(probe, places, source, job, { before: (round - 1) * N, total: rounds * N });
    scores = weightedScores(miou, iou, job);
  }
  callbacks.onMessage?.(`Places on the template were learnt from the features of ${fitted} images.`);
  const { partNames } = templates[0];
  const semantics = partNames.length > 0 ? labelledSemantics(templates, partNames) : null;
  return { iou, miou, scores, semantics, semanticImages: images };
}

async function fitProbe(
  images: readonly number[],
  scores: Float32Array,
  places: TemplatePlaces,
  source: FeatureSource,
  { hypotheses, callbacks }: ChooseJob,
): Promise<PlaceProbe> {
  const { H, rotation } = hypotheses, probe = new PlaceProbe(source.dimensions);
  const best = images.map((i) => indexOfLargest(scores.subarray(i * H, (i + 1) * H)));
  const sectors = images.map((i, k) =>
    Math.round(
      viewDirection(rotation.subarray(4 * (i * H + best[k]), 4 * (i * H + best[k]) + 4)).azimuth * SECTORS /
        360,
    ) % SECTORS
  );
  const weights = evenWeights(sectors);
  for (const [k, i] of images.entries()) {
    throwIfStopped(callbacks.signal, "The choice of poses");
    const seen = await source.features(i);
    probe.add(i, seen.features, places.at(poseOf(hypotheses, i, best[k]), seen), weights[k]);
  }
  return probe;
}

/** Weights of mean 1 that let each sector count about equally. */
function evenWeights(sectors: readonly number[]): number[] {
  const counts = new Float64Array(SECTORS).fill(EVEN_SHARE * sectors.length / SECTORS);
  for (const sector of sectors) counts[sector]++;
  const weights = sectors.map((sector) => 1 / counts[sector]);
  const mean = weights.reduce((sum, weight) => sum + weight, 0) / weights.length;
  return weights.map((weight) => weight / mean);
}

/** Agreement of every hypothesis with the places that its image's features tell, `[N, H]`. */
async function agreements(
  probe: PlaceProbe,
  places: TemplatePlaces,
  source: FeatureSource,
  { hypotheses, callbacks }: ChooseJob,
  { before, total }: { before: number; total: number },
): Promise<Float32Array> {
  const { N, H } = hypotheses, maps = probe.solve(), miou = new Float32Array(N * H); // [N, H]
  for (let i = 0; i < N; i++) {
    throwIfStopped(callbacks.signal, "The choice of poses");
    const seen = await source.features(i), found = foundPlaces(maps[i % maps.length], seen.features);
    for (let h = 0; h < H; h++) {
      miou[i * H + h] = placeAgreement(found, places.at(poseOf(hypotheses, i, h), seen));
    }
    callbacks.onProgress?.({ done: before + i + 1, total });
  }
  return miou;
}
