/**
 * The section about generated objects: the sheet of pictures, and a few exported meshes from around.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { join } from "@std/path";
import * as v from "valibot";
import type { FloatImage } from "../core/arrays.ts";
import { ganFolder, outputFolder } from "../core/paths.ts";
import { judgementFile, readEvaluations } from "../gan/evaluate_gan.ts";
import { readGanSettings } from "../gan/sampling.ts";
import { readJson } from "../io/json_file.ts";
import { readImage } from "../io/image_file.ts";
import { readObj } from "../io/obj.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { hasRun } from "../training/run_settings.ts";
import { htmlParagraph, htmlTable } from "./html.ts";
import { htmlPicture, PICTURE_GROUND } from "./picture.ts";
import { isThere, readIfThere } from "./read_if_there.ts";
import type { ReportContext } from "./report_request.ts";
import { spinPictures } from "./spin.ts";
import { overColour, tileImages } from "./tile.ts";

/** What is shown of the figures of `evaluate_gan`. */
const JUDGEMENT = v.object({
  label: v.string(),
  whichEpoch: v.string(),
  generatorSteps: v.number(),
  heldOut: v.number(),
  start: v.number(),
  now: v.object({ combined: v.number(), diversity: v.number(), realDiversity: v.nullable(v.number()) }),
  photographs: v.number(),
  samples: v.number(),
  faulty: v.number(),
  worstFolded: v.number(),
});
/** Sheet that the export writes. */
const SHEET = "samples.png";
/** Widest shown sheet in pixels. */
const SHEET_WIDTH = 1100;
/** Exported meshes that are shown from around. */
const MOST_MESHES = 8;
const SIZE = 144;

/** The sheet of pictures from the poses of photographs, and exported meshes from three sides. */
export async function generatedSection({ name }: ReportContext): Promise<string> {
  const folder = outputFolder(name);
  const path = join(folder, SHEET);
  const figures = await figureTables(name);
  if (!await isThere(path)) {
    return figures +
      htmlParagraph(`No object has been generated yet: there is no ${path} (train_gan, export).`);
  }
  const sheet = await readImage(path);
  const ground = sheet.channels === 4 ? overColour(sheet, PICTURE_GROUND) : sheet;
  const factor = Math.max(1, Math.ceil(sheet.width / SHEET_WIDTH));
  const caption = "Generated objects, each from the pose of a photograph.";
  return figures +
    `<div class="sheet">${await htmlPicture(shrinkImage(ground, factor), caption, { caption })}</div>` +
    await wayBetween(folder) + await meshesFromAround(name, folder);
}

/** Distances of all evaluated checkpoints, and the figures on photographs that the run has not seen. */
async function figureTables(name: string): Promise<string> {
  const { entries } = await readEvaluations(ganFolder(name));
  const fixed = (value: number | null | undefined, digits = 2) =>
    typeof value === "number" ? value.toFixed(digits) : "–";
  const header = ["checkpoint", "distance", "combined", "texture-only", "mesh-only", "kernel", "precision"];
  const rows = entries.map((entry) => [
    `${entry.whichEpoch}, epoch ${entry.epoch}`,
    `${entry.label}, ${entry.recipe.samples} of ${entry.recipe.realImages} pictures, σ ${entry.recipe.truncationSigma}`,
    ...[entry.combined, entry.textureOnly, entry.meshOnly].map((value) => fixed(value)),
    ...[fixed(entry.kernel, 4), `${fixed(entry.precision)} / ${fixed(entry.recall)}`],
  ]);
  const judged = await readIfThere(judgementFile(ganFolder(name)), readJudgement);
  return (rows.length > 0 ? htmlTable([...header.slice(0, -1), "precision / recall"], rows) : "") +
    (judged ? htmlParagraph("On photographs that the run has not seen:") + htmlTable([], judged) : "");
}

/** Rows of the figures of `evaluate_gan`. */
async function readJudgement(path: string): Promise<string[][]> {
  const figures = await readJson(path, JUDGEMENT, "figures of the GAN");
  const { label, start, now, photographs, heldOut, samples } = figures;
  const share = (value: number) => `${(100 * value).toFixed(1)} %`;
  return [
    [`${label} of ${heldOut} photographs at the start`, start.toFixed(2)],
    [
      `after ${figures.generatorSteps} generator steps (checkpoint ${figures.whichEpoch})`,
      now.combined.toFixed(2),
    ],
    ["of the photographs of the training", photographs.toFixed(2)],
    [
      "diversity as a share of the data's",
      now.realDiversity ? share(now.diversity / now.realDiversity) : "–",
    ],
    [`faces folded over, worst of ${samples} samples`, share(figures.worstFolded)],
    [`samples of ${samples} with values that are no numbers`, String(figures.faulty)],
  ];
}

/** The steps between objects, if they were exported. */
async function wayBetween(folder: string): Promise<string> {
  const sheet = await readIfThere(join(folder, "interpolation.png"), readImage);
  if (!sheet) return "";
  const ground = sheet.channels === 4 ? overColour(sheet, PICTURE_GROUND) : sheet;
  const factor = Math.max(1, Math.ceil(sheet.width / SHEET_WIDTH));
  const caption = "The way between generated objects: each row from one object to the next.";
  return `<div class="sheet">${await htmlPicture(shrinkImage(ground, factor), caption, { caption })}</div>`;
}

async function meshesFromAround(name: string, folder: string): Promise<string> {
  const symmetric = await hasRun(ganFolder(name))
    ? (await readGanSettings(ganFolder(name))).networks.symmetric
    : true;
  const cards: string[] = [];
  for (let j = 0; j < MOST_MESHES; j++) {
    const path = join(folder, `mesh_${j}`);
    if (!await isThere(`${path}.obj`) || !await isThere(`${path}.png`)) continue;
    const mesh = await readExportedMesh(`${path}.obj`);
    if (!mesh) continue;
    const views = spinPictures(mesh, await readTexture(`${path}.png`), { size: SIZE, symmetric });
    const strip = tileImages(views, { columns: views.length, gap: 0 });
    const picture = await htmlPicture(strip, `mesh_${j} from three sides`);
    cards.push(
      `<article class="card">${picture}<div class="text"><div class="title">mesh_${j}</div></div></article>`,
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
  const picture = await readImage(path);
  return picture.channels === 4 ? overColour(picture) : picture;
}
