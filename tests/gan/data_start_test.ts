import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { dataStart } from "../../lib/gan/data_start.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { componentSide, DISPLACEMENT_RESOLUTION } from "../../lib/gan/generator_options.ts";
import { principalComponents } from "../../lib/gan/principal_components.ts";
import { toyDataset } from "./_dataset.ts";

const TEXELS = componentSide({ textureResolution: 64 }) ** 2 * 3, PLACES = DISPLACEMENT_RESOLUTION ** 2 * 3;

Deno.test("components of objects that vary in two ways are these ways, in units of their deviations", () => {
  const prng = new Prng(1, "components"), objects = 60;
  const strong = prng.normals(TEXELS), weak = prng.normals(TEXELS), shape = prng.normals(PLACES);
  const weights = Array.from({ length: objects }, () => [prng.normal(), prng.normal()]);
  const samples = weights.map(([a, b]) => ({
    texture: Float32Array.from(strong, (value, i) => 0.5 + a * value + 0.2 * b * weak[i]),
    map: Float32Array.from(shape, (value) => 0.1 * a * value),
  }));
  const { texture, map } = principalComponents(samples, 3);
  const mean = weights.reduce((sum, [a]) => sum + a / objects, 0);
  const deviation = Math.sqrt(weights.reduce((sum, [a]) => sum + (a - mean) ** 2 / objects, 0));
  assertAlmostEquals(lengthOf(texture, 0, TEXELS) / (deviation * Math.hypot(...strong)), 1, 0.02);
  assertAlmostEquals(lengthOf(map, 0, PLACES) / (0.1 * deviation * Math.hypot(...shape)), 1, 0.02);
  assert(lengthOf(texture, 1, TEXELS) < 0.3 * lengthOf(texture, 0, TEXELS));
  assert(lengthOf(texture, 2, TEXELS) < 1e-4 * lengthOf(texture, 0, TEXELS), "there are only two ways");
});

Deno.test("before the first step a generator makes the mean, and a component for each entry of its code", async () => {
  await useBackend({ backend: "wasm" });
  const dataset = toyDataset(8, 64);
  const options = resolveGanOptions({ preset: "demo", textureResolution: 64, components: 4, exemplars: 0 });
  const networks = ganNetworks(options, 0, 0, dataset.length);
  assertEquals(networks.components, 4);
  const model = new GanModel(networks, 1), start = await dataStart(dataset, networks, 1);
  try {
    await model.setStart(start);
    const latent = new Float32Array(2 * networks.latentDim);
    latent[networks.latentDim + 2] = 0.5; // of the second object, the third component
    const [texture, map] = tf.tidy(() => {
      const code = tf.tensor2d(latent, [2, networks.latentDim]);
      const generated = model.average.generate(code, null, false);
      return [generated.texture, generated.map];
    });
    const made = await texture.data(), places = await map.data();
    for (let i = 0; i < start.texture.length; i++) {
      assertAlmostEquals(made[i], Math.tanh(start.texture[i]), 1e-5);
      const expected = start.texture[i] + 0.5 * start.components!.texture[2 * TEXELS + i];
      assertAlmostEquals(made[start.texture.length + i], Math.tanh(expected), 1e-5);
    }
    for (let i = 0; i < PLACES; i++) {
      const expected = start.map[i] + 0.5 * start.components!.map[2 * PLACES + i];
      assertAlmostEquals(places[PLACES + i], expected, 1e-5);
    }
    tf.dispose([texture, map]);
  } finally {
    model.dispose();
  }
});

function lengthOf(rows: Float32Array, row: number, length: number): number {
  return Math.hypot(...rows.subarray(row * length, (row + 1) * length));
}
