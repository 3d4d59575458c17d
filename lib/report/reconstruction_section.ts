/**
 * The section about reconstructions: photograph, predicted mask, same view, new views, texture.
 *
 * @module
 */
import { reconstructionFolder, refinedFolder } from "../core/paths.ts";
import { throwIfStopped } from "../core/progress.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import { loadReconstruction, type TrainedReconstruction } from "../reconstruction/files.ts";
import { type PosedReconstruction, reconstructImage } from "../reconstruction/reconstruct_image.ts";
import { readRefinedObject, refinedFile, type RefinedObject } from "../refinement/files.ts";
import { REFINEMENT_WORDS } from "../refinement/refinement.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { LEAST_HARD_SIZE } from "../rendering/hard_silhouette.ts";
import { checkpointFile, hasCheckpoint } from "../training/checkpoint.ts";
import { type Card, htmlCardList } from "./card_list.ts";
import { escapeHtml, htmlParagraph } from "./html.ts";
import { htmlFloatImage } from "./float_image.ts";
import { type PosedPhotograph, posedPhotograph, readPoseFiles } from "./posed_photographs.ts";
import { exists } from "../io/exists.ts";
import { readIfThere } from "./read_if_there.ts";
import { reconstructionTiles, TILE_LEGEND } from "./reconstruction_tiles.ts";
import { type ReportContext, spread } from "./report_request.ts";
import { imageGrid } from "../core/image_grid.ts";

const BY_IOU = "by IoU, lowest first";

/** A row for each photograph with a pose: crop, predicted mask, reconstruction from the same view and from others, texture. */
export async function reconstructionSection(context: ReportContext): Promise<string> {
  const { name, whichEpoch, mostImages, refine, callbacks } = context;
  const folder = reconstructionFolder(name), isTrained = await hasCheckpoint(folder, whichEpoch);
  const refined = await refinedObjectsFolder(context, isTrained);
  if (!isTrained && refined === null) {
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
  const trained = isTrained ? await loadReconstruction(folder, whichEpoch) : null;
  try {
    const shown = refined === null ? posed : await shownPhotographs(posed, refined, trained !== null);
    const cards: Card[] = [];
    for (const row of spread(shown.length, mostImages)) {
      throwIfStopped(callbacks.signal, "The report");
      cards.push(await cardOf(files.dataset, shown[row], trained, refined));
    }
    const what = REFINEMENT_WORDS[refined === null ? "none" : refine];
    return overview(cards, shown.length, what, trained !== null) + htmlCardList(cards, {
      id: "reconstructions",
      orders: [{ label: BY_IOU, ascending: true }],
      kinds: ["trained on", "not trained on"],
      className: "rows",
    });
  } finally {
    trained?.network.dispose();
  }
}

/** Folder of the refined objects that are shown; null if predictions are, or there are none. */
async function refinedObjectsFolder(
  { name, dataset, mode, refine }: ReportContext,
  isTrained: boolean,
): Promise<string | null> {
  if (refine === "none") return null;
  const folder = refinedFolder(dataset, mode, isTrained ? name : null, refine === "full");
  return await exists(folder) ? folder : null;
}

/** Photographs of which something can be shown: those that were refined, and with a network the others too. */
async function shownPhotographs(
  posed: readonly PosedPhotograph[],
  folder: string,
  all: boolean,
): Promise<PosedPhotograph[]> {
  const isShown = await Promise.all(posed.map(({ id }) => all || exists(refinedFile(folder, id))));
  return posed.filter((_, k) => isShown[k]);
}

/** What is shown of a photograph. */
interface Shown extends Pick<PosedReconstruction, "screen" | "vertices" | "texture"> {
  readonly iou: number;
  readonly symmetric: boolean;
  readonly note: string;
}

async function cardOf(
  dataset: Dataset,
  posed: PosedPhotograph,
  trained: TrainedReconstruction | null,
  refined: string | null,
): Promise<Card> {
  const object = refined === null
    ? null
    : await readIfThere(refinedFile(refined, posed.id), readRefinedObject);
  const shown = object
    ? refinedShown(object)
    : await predictedShown(dataset, posed, trained!, refined === null ? "" : ", as predicted");
  const tiles = await reconstructionTiles(dataset, posed.index, shown, shown.symmetric);
  const image = await htmlFloatImage(
    imageGrid(tiles, { columns: tiles.length, gap: 0 }),
    `${posed.id}: ${TILE_LEGEND}`,
  );
  const isTrainedOn = posed.kept !== false, note = isTrainedOn || trained === null ? "" : ", not trained on";
  return {
    html: `${image}<div class="text line"><span class="title">${escapeHtml(posed.id)}</span>` +
      `<span>IoU ${shown.iou.toFixed(3)}${shown.note}${note}</span></div>`,
    sortBy: { [BY_IOU]: shown.iou },
    kind: isTrainedOn ? "trained on" : "not trained on",
  };
}

function refinedShown({ vertices, pose, texture, iou }: RefinedObject): Shown {
  const screen = Float32Array.from(projectVertices(vertices, pose));
  return { screen, vertices, texture, iou, symmetric: true, note: "" };
}

async function predictedShown(
  dataset: Dataset,
  { index, pose }: PosedPhotograph,
  trained: TrainedReconstruction,
  note: string,
): Promise<Shown> {
  const { imageResolution, symmetric } = trained.network.config;
  const sample = await dataset.sample(index, imageResolution);
  const result = await reconstructImage(trained, sample, pose);
  const { mask } = await dataset.sample(index, Math.max(LEAST_HARD_SIZE, imageResolution));
  return { ...result, iou: hardIou(result.screen, mask), symmetric, note };
}

function overview(cards: readonly Card[], total: number, what: string, isTrained: boolean): string {
  const meanOf = (part: readonly Card[]) =>
    (part.reduce((sum, { sortBy }) => sum + sortBy[BY_IOU]!, 0) / Math.max(1, part.length)).toFixed(3);
  const [trained, others] = ["trained on", "not trained on"].map((kind) =>
    cards.filter((card) => card.kind === kind)
  );
  const means = others.length === 0 || !isTrained
    ? `mean IoU ${meanOf(cards)}`
    : `mean IoU ${meanOf(trained)} of those that were trained on, ${meanOf(others)} of the others`;
  const which = cards.length < total
    ? `${cards.length} of ${total} photographs, spread evenly`
    : "All photographs";
  return htmlParagraph(
    `${which} with a pose; ${means}. Shown are ${what}. From left to right: ${TILE_LEGEND}.`,
  );
}
