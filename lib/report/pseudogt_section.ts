/**
 * The section about pseudo-ground-truth: textures in UV space with what the photographs show of them.
 *
 * @module
 */
import { shrinkImage } from "../core/shrink_image.ts";
import { join } from "@std/path";
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { cacheFolder, poseMetadataFile, pseudoGroundTruthFolder } from "../core/paths.ts";
import { readPoseMetadata, readUvSample, type UvSample, uvSampleFile } from "../pseudogt/files.ts";
import { escapeHtml, htmlDefinitions, htmlParagraph } from "./html.ts";
import { htmlFloatImage } from "./float_image.ts";
import { exists } from "../io/exists.ts";
import { readIfThere } from "./read_if_there.ts";
import { type ReportContext, spread } from "./report_request.ts";

/** Most textures that are shown. */
const MOST_TEXTURES = 16;
/** Largest side of a shown texture. */
const SIZE = 160;

/** A few textures; what a photograph does not show is see-through. */
export async function pseudoGroundTruthSection(context: ReportContext): Promise<string> {
  const { dataset, mode } = context;
  const run = await exists(poseMetadataFile(dataset, mode, context.name)) ? context.name : null;
  const metadata = await readIfThere(poseMetadataFile(dataset, mode, run), readPoseMetadata);
  const resolution = await largestResolution(context, run);
  if (!metadata || resolution === null) {
    return htmlParagraph("No pseudo-ground-truth has been made yet (generate_pseudogt).");
  }
  const folder = pseudoGroundTruthFolder(dataset, resolution, mode, run);
  const figures: string[] = [];
  const rows = spread(metadata.ids.length, Math.min(MOST_TEXTURES, context.mostImages));
  for (const row of rows) {
    if (!await exists(uvSampleFile(folder, row))) continue;
    figures.push(await figureOf(await readUvSample(uvSampleFile(folder, row))));
  }
  if (figures.length === 0) {
    return htmlParagraph(`The pseudo-ground-truth has poses only: there is no texture in ${folder}.`);
  }
  return htmlParagraph(
    `${figures.length} of ${metadata.ids.length} textures of ${resolution} × ${resolution} texels. The checks show ` +
      `through where the photograph does not show the object.`,
  ) + `<div class="cards small checks">${figures.join("\n")}</div>`;
}

async function figureOf(sample: UvSample): Promise<string> {
  const alpha = sample.alpha.data;
  const seen = Array.from(alpha).reduce((sum, value) => sum + value, 0) / alpha.length;
  const factor = Math.max(1, Math.round(sample.texture.width / SIZE));
  const image = await htmlFloatImage(shrinkTexture(sample, factor), `Texture of ${sample.id}`);
  return `<article class="card">${image}<div class="text"><div class="title">${escapeHtml(sample.id)}</div>` +
    `${htmlDefinitions([["seen", `${(100 * seen).toFixed(0)} %`]])}</div></article>`;
}

/** Colours (not multiplied by alpha) and alpha in [0, 1], `[R / factor, R / factor, 4]`. */
function shrinkTexture({ texture, alpha }: UvSample, factor: number): FloatImage {
  const colours = shrinkImage(texture, factor), weights = shrinkImage(alpha, factor);
  const out = floatImage(colours.height, colours.width, 4);
  weights.data.forEach((weight, i) => {
    for (let c = 0; c < 3; c++) {
      out.data[4 * i + c] = colours.data[3 * i + c] / Math.max(weight, 1e-3) / 2 + 0.5;
    }
    out.data[4 * i + 3] = weight;
  });
  return out;
}

/** Side of the finest textures that the data set has; null if it has none. */
async function largestResolution(
  { dataset, mode }: ReportContext,
  run: string | null,
): Promise<number | null> {
  const sides: number[] = [];
  if (!await exists(cacheFolder(dataset))) return null;
  for await (const { name } of Deno.readDir(cacheFolder(dataset))) {
    const side = Number(name.match(/^pseudogt_(\d+)x/)?.[1] ?? NaN);
    if (join(cacheFolder(dataset), name) === pseudoGroundTruthFolder(dataset, side, mode, run)) {
      sides.push(side);
    }
  }
  return sides.length === 0 ? null : Math.max(...sides);
}
