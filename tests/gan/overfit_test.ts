import { assert } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { truncatedLatent } from "../../lib/gan/latent.ts";
import { generateSamples } from "../../lib/gan/generate_samples.ts";
import { loadGenerator } from "../../lib/gan/files.ts";
import { toyDataset } from "./_dataset.ts";
import { trainIn } from "./_run.ts";
import { slowTest } from "../helpers/slow_test.ts";

const SAMPLES = 8, RESOLUTION = 64, FAKES = 64;

/** Mean colour of a data set's known texels, `[3]`. */
async function meanColour(): Promise<number[]> {
  const dataset = toyDataset(SAMPLES, RESOLUTION);
  const sum = [0, 0, 0];
  let weight = 0;
  for (let row = 0; row < SAMPLES; row++) {
    const { texture, alpha } = await dataset.sample(row);
    alpha.data.forEach((value, i) => {
      weight += value;
      for (let c = 0; c < 3; c++) sum[c] += texture.data[3 * i + c];
    });
  }
  return sum.map((value) => value / weight);
}

/** Mean absolute difference between the mean texture of fakes and a colour, on the known texels. */
async function distanceTo(colour: readonly number[], folder: string, tag: string): Promise<number> {
  const { generator, dispose } = await loadGenerator(folder, tag);
  const latents = Array.from({ length: FAKES }, (_, i) => truncatedLatent(1, i, 64, 1));
  const fakes = await generateSamples(generator, latents, []);
  dispose();
  let sum = 0, count = 0;
  for (let i = 0; i < RESOLUTION * RESOLUTION; i++) {
    if (i % RESOLUTION >= RESOLUTION * 0.75) continue;
    for (let c = 0; c < 3; c++) {
      const mean = fakes.reduce((total, { texture }) => total + texture.data[3 * i + c], 0) / FAKES;
      sum += Math.abs(mean - colour[c]);
      count++;
    }
  }
  return sum / count;
}

slowTest("the GAN learns the colours of eight samples in 300 steps", async () => {
  await useBackend({ backend: "auto" });
  const folder = await Deno.makeTempDir();
  const run = { folder: `${folder}/run` };
  const options = {
    preset: "demo",
    recipe: "original", // from scratch: a start from the data has the colours already
    textureResolution: RESOLUTION,
    batchSize: 4,
    gRunningAverageAlpha: 0.99,
    checkpointFreq: 1000,
    saveFreq: 1000,
  } as const;
  await trainIn(toyDataset(SAMPLES, RESOLUTION), run, { ...options, epochs: 1 });
  const colour = await meanColour();
  const before = await distanceTo(colour, run.folder, "latest");
  await trainIn(toyDataset(SAMPLES, RESOLUTION), run, { ...options, epochs: 150, continueTrain: true });
  const after = await distanceTo(colour, run.folder, "latest");
  assert(after < before / 2, `mean colours: ${before.toFixed(3)} before, ${after.toFixed(3)} after`);
  await Deno.remove(folder, { recursive: true });
});
