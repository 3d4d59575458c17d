/**
 * The section about reconstructions: photograph, predicted mask, same view, new views, texture.
 *
 * @module
 */
import { reconstructionFolder } from "../core/paths.ts";
import { throwIfStopped } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { hardOverlap } from "../metrics/hard_overlap.ts";
import { loadReconstruction, type TrainedReconstruction } from "../reconstruction/files.ts";
import { reconstructImage } from "../reconstruction/reconstruct_image.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import { checkpointFile, hasCheckpoint } from "../training/checkpoint.ts";
import { type Card, htmlCardList } from "./card_list.ts";
import { escapeHtml, htmlParagraph } from "./html.ts";
import { htmlPicture } from "./picture.ts";
import { type PosedPhotograph, posedPhotograph, readPoseFiles } from "./posed_photographs.ts";
import { reconstructionTiles, TILE_LEGEND } from "./reconstruction_tiles.ts";
import { type ReportContext, spread } from "./report_request.ts";
import { tileImages } from "./tile.ts";

const BY_IOU = "by IoU, lowest first";

/** A row for each photograph with a pose: crop, predicted mask, reconstruction from the same view and from others, texture. */
export async function reconstructionSection(context: ReportContext): Promise<string> {
  const { name, whichEpoch, mostPictures, callbacks } = context;
  const folder = reconstructionFolder(name);
  if (!await hasCheckpoint(folder, whichEpoch)) {
    return htmlParagraph(
      `No reconstruction network has been trained yet: there is no ${
        checkpointFile(folder, whichEpoch)
      } (reconstruct).`,
    );
  }
  const files = await readPoseFiles(context);
  const posed = files.dataset.records.flatMap((_, index) => posedPhotograph(files, index) ?? []);
  if (posed.length === 0) {
    return htmlParagraph(
      "Poses have not been estimated yet, so there is no view to show reconstructions from.",
    );
  }
  const trained = await loadReconstruction(folder, whichEpoch);
  try {
    const cards: Card[] = [];
    for (const row of spread(posed.length, mostPictures)) {
      throwIfStopped(callbacks.signal, "The report");
      cards.push(await cardOf(files.dataset, posed[row], trained));
    }
    return overview(cards, posed.length) + htmlCardList(cards, {
      id: "reconstructions",
      orders: [{ label: BY_IOU, ascending: true }],
      kinds: ["trained on", "not trained on"],
      className: "rows",
    });
  } finally {
    trained.network.dispose();
  }
}

async function cardOf(
  dataset: Dataset,
  posed: PosedPhotograph,
  trained: TrainedReconstruction,
): Promise<Card> {
  const sample = await dataset.sample(posed.index, trained.network.config.imageResolution);
  const result = await reconstructImage(trained, sample, posed.pose);
  const { mask } = await dataset.sample(posed.index, Math.max(LEAST_HARD_SIZE, sample.mask.width));
  const overlap = hardOverlap(result.screen, mask);
  const { symmetric } = trained.network.config;
  const tiles = await reconstructionTiles(dataset, posed.index, result, symmetric);
  const picture = await htmlPicture(
    tileImages(tiles, { columns: tiles.length, gap: 0 }),
    `${sample.id}: ${TILE_LEGEND}`,
  );
  const isTrainedOn = posed.kept !== false, note = isTrainedOn ? "" : ", not trained on";
  return {
    html: `${picture}<div class="text line"><span class="title">${escapeHtml(sample.id)}</span>` +
      `<span>IoU ${overlap.toFixed(3)}${note}</span></div>`,
    sortBy: { [BY_IOU]: overlap },
    kind: isTrainedOn ? "trained on" : "not trained on",
  };
}

function overview(cards: readonly Card[], total: number): string {
  const meanOf = (part: readonly Card[]) =>
    (part.reduce((sum, { sortBy }) => sum + sortBy[BY_IOU]!, 0) / Math.max(1, part.length)).toFixed(3);
  const [trained, others] = ["trained on", "not trained on"].map((kind) =>
    cards.filter((card) => card.kind === kind)
  );
  const means = others.length === 0
    ? `mean IoU ${meanOf(cards)}`
    : `mean IoU ${meanOf(trained)} of those that were trained on, ${meanOf(others)} of the others`;
  const which = cards.length < total
    ? `${cards.length} of ${total} photographs, spread evenly`
    : "All photographs";
  return htmlParagraph(
    `${which} with a pose; ${means}. From left to right: ${TILE_LEGEND}.`,
  );
}
