/**
 * An image of what the network has learned: photographs beside renders of their predictions.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../core/arrays.ts";
import { imageGrid } from "../core/image_grid.ts";
import { Prng } from "../core/prng.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import type { Sample } from "../datasets/dataset.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import type { ReconstructionModel } from "../networks/reconstruction_network.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { renderImage } from "../rendering/render_image.ts";
import type { TrainingData } from "./training_data.ts";

/**
 * One row per photograph: photograph on white, rendered texture, true parts, rendered parts, shaded mesh. Columns that do not
 * apply are left out.
 *
 * @param network Network in training
 * @param data Photographs
 * @param rows Which of them
 * @returns Colours in [0, 1], tiles 2 pixels apart on black
 */
export async function drawTrainingImage(
  network: ReconstructionModel,
  data: TrainingData,
  rows: readonly number[],
): Promise<FloatImage> {
  const samples = await data.samples(rows);
  const predictions = await reconstructImages(network, samples, data.presence);
  const palette = partPalette(network.config.partChannels);
  const { imageResolution: size, symmetric } = network.config;
  const topology = sphereTopology();
  const tiles = samples.map((sample, b) => {
    const { vertices, texture, parts } = predictions[b];
    const mesh = { ...topology, vertices: projectVertices(vertices, data.pose(rows[b])) };
    const draw = (surface: FloatImage | null, light: number): FloatImage =>
      onWhite(renderImage(mesh, surface, { size, supersample: 1, symmetric, light }));
    const row = [photographOnWhite(sample)];
    if (texture) row.push(draw(toUnitColours(texture), 0));
    if (parts) {
      row.push(truePartsOnWhite(sample, palette));
      row.push(draw(mixPalette(parts, palette, 0), 0));
    }
    row.push(draw(null, 0.7));
    return row;
  });
  return imageGrid(tiles.flat(), { columns: tiles[0].length, gap: 2, background: 0 });
}

/** Distinct colours: blue for the object without part, then seeded ones, each far from those before. */
export function partPalette(count: number): number[][] {
  const prng = new Prng(1, "reconstruction", "palette");
  const colours = [[0, 0, 1]];
  while (colours.length < count) {
    const candidates = Array.from({ length: 200 }, () => [prng.next(), prng.next(), prng.next()]);
    const room = (colour: number[]): number =>
      Math.min(...colours.map((other) => Math.hypot(...colour.map((value, c) => value - other[c]))));
    colours.push(candidates.reduce((best, colour) => room(colour) > room(best) ? colour : best));
  }
  return colours.slice(0, count);
}

function photographOnWhite({ image, mask }: Sample): FloatImage {
  const result = floatImage(image.height, image.width, 3);
  for (let i = 0; i < mask.data.length; i++) {
    for (let c = 0; c < 3; c++) {
      // colours are multiplied by the mask, and so is their middle grey
      result.data[i * 3 + c] = (image.data[i * 3 + c] + mask.data[i]) / 2 + 1 - mask.data[i];
    }
  }
  return result;
}

function truePartsOnWhite(sample: Sample, palette: number[][]): FloatImage {
  if (!sample.parts) return photographOnWhite(sample);
  const result = mixPalette(sample.parts, palette, 1);
  for (let i = 0; i < sample.mask.data.length; i++) {
    for (let c = 0; c < 3; c++) result.data[i * 3 + c] += sample.parts.data[i * sample.parts.channels];
  }
  return result;
}

/** Colours of soft part maps, mixed linearly; channels before `first` are left out. */
function mixPalette(
  parts: FloatImage,
  palette: number[][],
  first: number,
): FloatImage & { data: Float32Array } {
  const { data, height, width, channels } = parts;
  const result = floatImage(height, width, 3);
  for (let i = 0; i < height * width; i++) {
    for (let j = first; j < channels; j++) {
      const share = data[i * channels + j];
      for (let c = 0; c < 3; c++) result.data[i * 3 + c] += share * palette[j - first][c];
    }
  }
  return result;
}

function onWhite({ data, height, width }: FloatImage): FloatImage {
  const result = floatImage(height, width, 3);
  for (let i = 0; i < height * width; i++) {
    const alpha = data[i * 4 + 3];
    for (let c = 0; c < 3; c++) result.data[i * 3 + c] = data[i * 4 + c] * alpha + 1 - alpha;
  }
  return result;
}
