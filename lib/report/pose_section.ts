/**
 * The section about poses: one card a photograph.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { mapConcurrently } from "../datasets/map_concurrently.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { hardIou } from "../metrics/hard_iou.ts";
import { evaluatePoses } from "../pose/evaluate.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { loadTemplates } from "../templates/load_templates.ts";
import type { Template } from "../templates/template_file.ts";
import { throwIfStopped } from "../core/progress.ts";
import { type Card, htmlCardList } from "./card_list.ts";
import { escapeHtml, htmlDefinitions, htmlParagraph, htmlTable } from "./html.ts";
import { otherHypotheses, STRIP_LENGTH, withStrip } from "./hypothesis_strip.ts";
import { poseOverlay } from "./overlay.ts";
import { htmlFloatImage, IMAGE_BACKGROUND } from "./float_image.ts";
import {
  type PosedPhotograph,
  posedPhotograph,
  type PoseFiles,
  type PoseRow,
  readPoseFiles,
} from "./posed_photographs.ts";
import { type ReportContext, spread } from "./report_request.ts";

const BY_IOU = "by IoU, lowest first";

/** Side of a card's image in pixels. */
const SIZE = 192;
/** The contour is drawn this much finer, so that it is smooth. */
const FINER = 2;

/** A card for each photograph: the contour of the template at the chosen pose, and its figures. */
export async function poseSection(context: ReportContext): Promise<string> {
  const files = await readPoseFiles(context);
  if (!files.hypotheses && !files.estimates) {
    return htmlParagraph("Poses have not been estimated yet (pose_step1, pose_step2).");
  }
  const { dataset } = files;
  const templates = await loadTemplates(dataset.category, context.mode);
  const photographs = spread(dataset.length, context.mostPoses)
    .map((index) => posedPhotograph(files, index)).filter((found) => found !== null);
  const cards = await mapConcurrently(photographs, 2, async (photograph): Promise<Card> => {
    throwIfStopped(context.callbacks.signal, "The report");
    return await cardOf(photograph, files, templates);
  });
  return overview(files, cards) + htmlCardList(cards, {
    id: "poses",
    orders: [
      { label: BY_IOU, ascending: true },
      { label: "by part score, lowest first", ascending: true },
      { label: "by disagreement, highest first", ascending: false },
      { label: "by angle error, highest first", ascending: false },
    ],
    kinds: ["kept", "left out"],
  });
}

async function cardOf(
  photograph: PosedPhotograph,
  { dataset, hypotheses }: PoseFiles,
  templates: readonly Template[],
): Promise<Card> {
  const { id, index, partScore, disagreement, angleDegrees, kept, pose } = photograph;
  const template = templateOf(templates, photograph);
  const sample = await dataset.sample(index, SIZE * FINER);
  const { faces } = sphereTopology();
  const iou = hardIou(projectVertices(template.vertices, pose), sample.mask);
  const overlay = poseOverlay(sample, { vertices: template.vertices, faces }, pose, { thickness: FINER });
  const others = hypotheses ? otherHypotheses(hypotheses, index, pose.rotation) : [];
  const small = others.map((other) => {
    const { vertices } = templateOf(templates, other);
    const thickness = FINER * STRIP_LENGTH;
    return shrinkImage(poseOverlay(sample, { vertices, faces }, other.pose, { thickness }), thickness);
  });
  const whole = withStrip(shrinkImage(overlay, FINER), small, IMAGE_BACKGROUND);
  const image = await htmlFloatImage(whole, `${id} with the contour of the template, other hypotheses below`);
  const withParts = dataset.partNames.length > 0;
  const figures: [string, string][] = [["IoU", iou.toFixed(3)]];
  if (withParts && partScore !== null) figures.push(["part score", partScore.toFixed(3)]);
  if (others.length > 0) {
    figures.push([
      "IoU of others",
      others.map((other) =>
        hardIou(projectVertices(templateOf(templates, other).vertices, other.pose), sample.mask).toFixed(
          2,
        )
      ).join(", "),
    ]);
  }
  if (disagreement !== null) figures.push(["disagreement", disagreement.toFixed(3)]);
  if (angleDegrees !== null) figures.push(["angle error", `${angleDegrees.toFixed(1)}°`]);
  if (templates.length > 1) figures.push(["template", template.name]);
  return {
    html: image +
      `<div class="text"><div class="title">${escapeHtml(id)}</div>${htmlDefinitions(figures)}` +
      `${verdict(photograph)}</div>`,
    sortBy: {
      [BY_IOU]: iou,
      "by part score, lowest first": withParts ? partScore : null,
      "by disagreement, highest first": disagreement,
      "by angle error, highest first": angleDegrees,
    },
    kind: kept === null ? undefined : kept ? "kept" : "left out",
  };
}

function templateOf(templates: readonly Template[], { template }: PoseRow): Template {
  return templates[template] ?? templates[0];
}

function verdict({ kept, reason }: PosedPhotograph): string {
  if (kept === null) return `<span class="dim">not chosen yet</span>`;
  return kept ? `<span class="kept">kept</span>` : `<span class="out">left out: ${escapeHtml(reason)}</span>`;
}

/** Figures of all photographs. */
function overview({ dataset, estimates, hypotheses, choice }: PoseFiles, cards: readonly Card[]): string {
  const shown = cards.length;
  const lines = [
    "The red contour is the template at the chosen pose; of a photograph that was left out, at its best pose. The blue " +
    "dot is the template's front.",
    ...(hypotheses
      ? [
        "Below are the best hypotheses of step 1 that look elsewhere, by their IoU; a contour that fits there as well " +
        "is a pose that the silhouette cannot exclude.",
      ]
      : []),
    ...(shown < dataset.length
      ? [`${shown} of ${dataset.length} photographs are shown, spread evenly.`]
      : []),
    ...(hypotheses && !choice ? ["The disagreement is that of the silhouettes' hypotheses (step 1)."] : []),
    ...(estimates ? [] : ["Step 2 (pose_step2) has not been run yet: poses are those of the best IoU."]),
  ];
  if (!estimates) return htmlParagraph(lines.join(" "));
  const row = evaluatePoses(dataset, estimates);
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const rows = [["photographs kept", `${row.images} of ${dataset.length}`]];
  const ious = cards.filter(({ kind }) => kind === "kept").map(({ sortBy }) => sortBy[BY_IOU]!);
  if (ious.length > 0) {
    const mean = ious.reduce((sum, value) => sum + value, 0) / ious.length;
    const which = shown < dataset.length ? " of those shown" : "";
    rows.push([`mean IoU${which}`, mean.toFixed(3)]);
  }
  if (row.geodesicDistance !== null) {
    rows.push(
      ["median angle error", `${row.medianDegrees!.toFixed(1)}°`],
      ["angle errors under 20°", percent(row.under20!)],
      ["angle errors over 90° (flips)", percent(row.flips!)],
      ["mean geodesic distance", row.geodesicDistance.toFixed(4)],
    );
  }
  return htmlTable([], rows) + htmlParagraph(lines.join(" "));
}
