/**
 * The section about generated objects: the grid of images, and a few exported meshes from around.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { join } from "@std/path";
import * as v from "valibot";
import type { FloatImage } from "../core/arrays.ts";
import { ganFolder, outputFolder } from "../core/paths.ts";
import { heldOutFile, readEvaluations, readGanSettings } from "../gan/files.ts";
import { readJson } from "../io/json_file.ts";
import { readImage } from "../io/image_file.ts";
import { readObj } from "../io/obj.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { NEAREST_GRID } from "../gan/files.ts";
import { hasRun } from "../training/run_settings.ts";
import { htmlParagraph, htmlTable } from "./html.ts";
import { htmlFloatImage, IMAGE_BACKGROUND } from "./float_image.ts";
import { exists } from "../io/exists.ts";
import { readIfThere } from "./read_if_there.ts";
import type { ReportContext } from "./report_request.ts";
import { renderViews } from "./render_views.ts";
import { imageGrid } from "../core/image_grid.ts";
import { overColour } from "../core/over_colour.ts";

const REFERENCE = v.object({
  distance: v.number(),
  precision: v.nullable(v.number()),
  recall: v.nullable(v.number()),
  coarseRecall: v.nullable(v.number()),
});

/** What is shown of the figures of `evaluate_gan`. */
const HELD_OUT = v.object({
  label: v.string(),
  whichEpoch: v.string(),
  generatorSteps: v.number(),
  heldOut: v.number(),
  start: v.number(),
  now: v.object({
    combined: v.number(),
    precision: v.nullable(v.number()),
    recall: v.nullable(v.number()),
    diversity: v.number(),
    realDiversity: v.nullable(v.number()),
  }),
  coarseRecall: v.nullable(v.number()),
  photographs: REFERENCE,
  objects: v.nullable(REFERENCE),
  secondJudge: v.nullish(
    v.object({ label: v.string(), now: REFERENCE, photographs: REFERENCE, objects: v.nullable(REFERENCE) }),
  ),
  nearest: v.nullable(v.object({ generated: v.number(), training: v.number() })),
  samples: v.number(),
  faulty: v.number(),
  worstFolded: v.number(),
});
/** Image grid that the export writes. */
const GRID_FILE = "samples.png";
/** Widest shown grid in pixels. */
const GRID_WIDTH = 1100;
/** Exported meshes whose views are rendered. */
const MOST_MESHES = 8;
const SIZE = 144;

/** The grid of images from the poses of photographs, and exported meshes from three sides. */
export async function generatedSection({ name }: ReportContext): Promise<string> {
  const folder = outputFolder(name);
  const path = join(folder, GRID_FILE);
  const figures = await figureTables(name);
  if (!await exists(path)) {
    return figures +
      htmlParagraph(`No object has been generated yet: there is no ${path} (train_gan, export).`);
  }
  return figures + await gridOf(path, "Generated objects, each from the pose of a photograph.") +
    await gridOf(
      join(folder, "interpolation.png"),
      "Latent interpolation between generated objects: each row from one object to the next.",
    ) + await meshViews(name, folder);
}

/** Distances of all evaluated checkpoints, and the figures on photographs that the run has not seen. */
async function figureTables(name: string): Promise<string> {
  const { entries } = await readEvaluations(ganFolder(name));
  const fixed = (value: number | null | undefined, digits = 2) =>
    typeof value === "number" ? value.toFixed(digits) : "–";
  const header = ["checkpoint", "metric", "combined", "texture-only", "mesh-only", "KID", "precision"];
  const rows = entries.map((entry) => [
    `${entry.whichEpoch}, epoch ${entry.epoch}`,
    `${entry.label}, ${entry.recipe.samples} of ${entry.recipe.realImages} images, σ ${entry.recipe.truncationSigma}`,
    ...[entry.combined, entry.textureOnly, entry.meshOnly].map((value) => fixed(value)),
    ...[fixed(entry.kernel, 4), `${fixed(entry.precision)} / ${fixed(entry.recall)}`],
  ]);
  const heldOut = await readIfThere(heldOutFile(ganFolder(name)), readHeldOut);
  return (rows.length > 0 ? htmlTable([...header.slice(0, -1), "precision / recall"], rows) : "") +
    (heldOut ?? "") + await gridOf(
      join(ganFolder(name), NEAREST_GRID),
      "Generated objects, and below each the object of the training that it is nearest to.",
    );
}

/** The figures of `evaluate_gan`, and generated objects beside the nearest of the training. */
async function readHeldOut(path: string): Promise<string> {
  const figures = await readJson(path, HELD_OUT, "figures of the GAN");
  const { label, start, now, photographs, objects, nearest, heldOut, samples } = figures;
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  const fixed = (value: number | null, digits = 2) => value === null ? "–" : value.toFixed(digits);
  const reference = (what: string, { distance, precision, recall, coarseRecall }: typeof photographs) => [
    ...[what, fixed(distance, 1), fixed(precision), fixed(recall), fixed(coarseRecall)],
  ];
  const checkpoint =
    `generated, after ${figures.generatorSteps} generator steps (checkpoint ${figures.whichEpoch})`;
  const distances = htmlTable(["images", label, "precision", "recall", "recall, coarse"], [
    ["generated, untrained", fixed(start, 1), "–", "–", "–"],
    reference(checkpoint, { ...now, distance: now.combined, coarseRecall: figures.coarseRecall }),
    ...(objects ? [reference("objects of the training in their poses", objects)] : []),
    reference("photographs of the training", photographs),
  ]);
  const { secondJudge: second } = figures;
  const again = second
    ? htmlTable(["images", second.label, "precision", "recall", "recall, coarse"], [
      reference(checkpoint, second.now),
      ...(second.objects ? [reference("objects of the training in their poses", second.objects)] : []),
      reference("photographs of the training", second.photographs),
    ])
    : "";
  const rest = htmlTable([], [
    [
      "diversity as a share of the data's",
      now.realDiversity ? share(now.diversity / now.realDiversity) : "–",
    ],
    ...(nearest
      ? [[
        "distance to the nearest object of the training, and between these",
        `${fixed(nearest.generated)}, ${fixed(nearest.training)}`,
      ]]
      : []),
    [`faces folded over, worst of ${samples} samples`, share(figures.worstFolded)],
    [`samples of ${samples} with values that are not finite`, String(figures.faulty)],
  ]);
  return htmlParagraph(`Held-out evaluation, on ${heldOut} photographs that the run has not seen:`) +
    distances + again + rest;
}

/** A grid of images; nothing if it is not there. */
async function gridOf(path: string, caption: string): Promise<string> {
  const grid = await readIfThere(path, readImage);
  if (!grid) return "";
  const background = grid.channels === 4 ? overColour(grid, IMAGE_BACKGROUND) : grid;
  const factor = Math.max(1, Math.ceil(grid.width / GRID_WIDTH));
  return `<div class="image-grid">${await htmlFloatImage(shrinkImage(background, factor), caption, {
    caption,
  })}</div>`;
}

async function meshViews(name: string, folder: string): Promise<string> {
  const symmetric = await hasRun(ganFolder(name))
    ? (await readGanSettings(ganFolder(name))).networks.symmetric
    : true;
  const cards: string[] = [];
  for (let j = 0; j < MOST_MESHES; j++) {
    const path = join(folder, `mesh_${j}`);
    if (!await exists(`${path}.obj`) || !await exists(`${path}.png`)) continue;
    const mesh = await readExportedMesh(`${path}.obj`);
    if (!mesh) continue;
    const views = renderViews(mesh, await readTexture(`${path}.png`), { size: SIZE, symmetric });
    const strip = imageGrid(views, { columns: views.length, gap: 0 });
    const image = await htmlFloatImage(strip, `mesh_${j} from three sides`);
    cards.push(
      `<article class="card">${image}<div class="text"><div class="title">mesh_${j}</div></div></article>`,
    );
  }
  if (cards.length === 0) return "";
  return htmlParagraph(`Exported meshes in ${folder}, from three sides:`) +
    `<div class="cards wide">${cards.join("\n")}</div>`;
}

/** Mesh of an exported file in the object frame; null if it does not have the vertices of the sphere topology. */
async function readExportedMesh(path: string): Promise<Mesh | null> {
  const { vertices } = readObj(await Deno.readTextFile(path));
  const topology = sphereTopology();
  if (vertices.length !== topology.vertices.length) return null;
  const turned = new Float32Array(vertices.length); // [V, 3], y up to z up
  for (let o = 0; o < vertices.length; o += 3) {
    turned.set([vertices[o], -vertices[o + 2], vertices[o + 1]], o);
  }
  return { ...topology, vertices: turned };
}

async function readTexture(path: string): Promise<FloatImage> {
  const image = await readImage(path);
  return image.channels === 4 ? overColour(image) : image;
}
