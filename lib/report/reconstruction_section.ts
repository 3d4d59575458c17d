/**
 * The section about reconstructions: photograph, same view, new views.
 *
 * @module
 */
import { reconstructionFolder } from "../core/paths.ts";
import { throwIfStopped } from "../core/progress.ts";
import type { Dataset, Sample } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { iou } from "../metrics/iou.ts";
import { loadReconstruction, type TrainedReconstruction } from "../reconstruction/files.ts";
import { type PosedReconstruction, reconstructImage } from "../reconstruction/reconstruct_image.ts";
import { renderPicture } from "../rendering/render_picture.ts";
import { SoftSilhouette } from "../rendering/soft_silhouette.ts";
import { checkpointFile, hasCheckpoint } from "../training/checkpoint.ts";
import { type Card, htmlCardList } from "./card_list.ts";
import { escapeHtml, htmlParagraph } from "./html.ts";
import { samplePicture } from "./overlay.ts";
import { htmlPicture, PICTURE_GROUND, toUnitColours } from "./picture.ts";
import { type PosedPhotograph, posedPhotograph, readPoseFiles } from "./posed_photographs.ts";
import { type ReportContext, spread } from "./report_request.ts";
import { SPIN_DEFAULTS, spinPictures } from "./spin.ts";
import { overColour, tileImages } from "./tile.ts";

/** Side of a tile in pixels. */
const SIZE = 144;

/** A row for each photograph with a pose: crop, reconstruction from the same view, and from three others. */
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
      orders: [{ label: "by IoU, lowest first", ascending: true }],
      className: "wide",
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
  const overlap = silhouetteIou(result, sample);
  const shown = await dataset.sample(posed.index, SIZE);
  const strip = tileImages([samplePicture(shown), ...views(result, trained.network.config.symmetric)], {
    columns: 2 + SPIN_DEFAULTS.azimuths.length,
    gap: 0,
  });
  const picture = await htmlPicture(
    strip,
    `${sample.id}: photograph, reconstruction from the same view and from three others`,
  );
  const note = posed.kept === false ? ", not trained on" : "";
  return {
    html: `${picture}<div class="text line"><span class="title">${escapeHtml(sample.id)}</span>` +
      `<span>IoU ${overlap.toFixed(3)}${note}</span></div>`,
    sortBy: { "by IoU, lowest first": overlap },
  };
}

/** The reconstruction from the photograph's view and from around it, `[S, S, 3]` each. */
function views({ screen, vertices, texture }: PosedReconstruction, symmetric: boolean) {
  const topology = sphereTopology();
  const colours = texture && toUnitColours(texture);
  const same = renderPicture({ ...topology, vertices: screen }, colours, {
    size: SIZE,
    symmetric,
    light: colours ? 0 : SPIN_DEFAULTS.light,
  });
  const around = spinPictures({ ...topology, vertices }, colours, { size: SIZE, symmetric });
  return [overColour(same, PICTURE_GROUND), ...around];
}

function silhouetteIou({ screen }: PosedReconstruction, { mask }: Sample): number {
  const silhouette = new SoftSilhouette(sphereTopology().faces, screen.length / 3, mask.width);
  silhouette.forward(screen);
  return iou(silhouette.image(), mask.data);
}

function overview(cards: readonly Card[], total: number): string {
  const overlaps = cards.map(({ sortBy }) => Object.values(sortBy)[0] ?? 0);
  const mean = overlaps.reduce((sum, value) => sum + value, 0) / Math.max(1, overlaps.length);
  const which = cards.length < total
    ? `${cards.length} of ${total} photographs, spread evenly`
    : "All photographs";
  const angles = SPIN_DEFAULTS.azimuths.map((azimuth) => `${azimuth}°`).join(", ");
  return htmlParagraph(
    `${which} with a pose; mean IoU ${
      mean.toFixed(3)
    }. From left to right: photograph, reconstruction from the same ` +
      `view, and from ${angles} around it (0° shows the front).`,
  );
}
