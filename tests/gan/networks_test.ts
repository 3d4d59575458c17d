import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { Discriminators } from "../../lib/gan/discriminators.ts";
import { Generator } from "../../lib/gan/generator.ts";
import type { GeneratorOptions } from "../../lib/gan/generator_options.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const PAPER: GeneratorOptions = {
  textureResolution: 128,
  width: 1,
  symmetric: true,
  latentLength: 64,
  classes: 0,
  norm: "batch",
};
const TINY: GeneratorOptions = { ...PAPER, textureResolution: 64, width: 1 / 16 };
const prng = () => new Prng(1, "test");

function generatorCount(options: Partial<GeneratorOptions>): number {
  const generator = new Generator({ ...PAPER, ...options }, prng());
  const count = generator.parameterCount;
  generator.dispose();
  return count;
}

function discriminatorCount(textureResolution: number, count: number, classes = 0): number {
  const networks = new Discriminators({ textureResolution, count, classes, width: 1, norm: "none" }, prng());
  const parameterCount = networks.parameterCount;
  networks.dispose();
  return parameterCount;
}

Deno.test("Generator has the original's number of parameters at width 1", async () => {
  await tf.setBackend("cpu");
  assertEquals(generatorCount({}), 9_082_758);
  assertEquals(generatorCount({ textureResolution: 512 }), 11_575_174);
  assertEquals(generatorCount({ textureResolution: 512, classes: 13 }), 13_050_566);
});

Deno.test("Discriminators have the original's number of parameters at width 1", async () => {
  await tf.setBackend("cpu");
  assertEquals(discriminatorCount(128, 2), 3_458_882);
  assertEquals(discriminatorCount(512, 2), 3_454_274);
  assertEquals(discriminatorCount(512, 3), 6_233_347);
  assertEquals(discriminatorCount(512, 3, 13), 6_249_987);
});

Deno.test("Generator makes even-reflected textures in (−1, 1) and, at first, maps of zeros", async () => {
  await tf.setBackend("cpu");
  for (const textureResolution of [64, 128]) {
    const generator = new Generator({ ...TINY, textureResolution }, prng());
    const { texture, map } = generator.generate(tf.tensor2d(prng().normals(128), [2, 64]), null, true);
    assertEquals(texture.shape, [2, textureResolution, textureResolution, 3]);
    assertEquals(map.shape, [2, 32, 32, 3]);
    const values = texture.dataSync(), W = textureResolution;
    assert(values.every((value) => Math.abs(value) < 1));
    assert(map.dataSync().every((value) => value === 0));
    for (let j = 0; j < W; j++) {
      assertEquals(values[3 * j], values[3 * ((W / 2 - 1 - j + W) % W)]);
    }
    generator.dispose();
  }
});

Deno.test("Generator with classes makes another texture for another class", async () => {
  await tf.setBackend("cpu");
  const generator = new Generator({ ...TINY, classes: 3 }, prng());
  const latent = tf.tensor2d(new Float32Array(2 * 64).fill(0.5), [2, 64]);
  const oneHot = tf.tensor2d([1, 0, 0, 0, 1, 0], [2, 3]);
  const values = generator.generate(latent, oneHot, false).texture.dataSync();
  const half = values.length / 2;
  assert(values.subarray(0, half).some((value, i) => Math.abs(value - values[half + i]) > 1e-4));
  assertThrowsWith(() => generator.generate(latent, null, false), TypeError, "classes", "null");
  generator.dispose();
});

Deno.test("Discriminators score a whole batch as its parts, on the grids of their masks", async () => {
  await tf.setBackend("cpu");
  const networks = new Discriminators(
    { textureResolution: 64, width: 1 / 16, count: 2, classes: 0, norm: "none" },
    prng(),
  );
  const values = (shape: [number, number, number, number], stream: string) =>
    tf.tensor4d(new Prng(1, stream).normals(shape[0] * shape[1] * shape[2] * shape[3]), shape);
  const input = {
    texture: values([2, 64, 64, 3], "t"),
    alpha: tf.ones([2, 64, 64, 1]) as ReturnType<typeof tf.tensor4d>,
    map: values([2, 32, 32, 3], "m"),
  };
  const row = (i: number) => ({
    texture: tf.slice(input.texture, [i, 0, 0, 0], [1, -1, -1, -1]),
    alpha: tf.slice(input.alpha, [i, 0, 0, 0], [1, -1, -1, -1]),
    map: tf.slice(input.map, [i, 0, 0, 0], [1, -1, -1, -1]),
  });
  const both = networks.discriminate(input, null, false);
  assertEquals(both.map(({ prediction }) => prediction.shape), [[2, 8, 8, 1], [2, 8, 8, 1]]);
  assertEquals(both.map(({ mask }) => mask.shape), [[2, 8, 8, 1], [2, 8, 8, 1]]);
  const parts = [0, 1].map((i) => networks.discriminate(row(i), null, false));
  both.forEach(({ prediction }, d) => {
    const joined = tf.concat([parts[0][d].prediction, parts[1][d].prediction], 0);
    assert(tf.max(tf.abs(tf.sub(prediction, joined))).dataSync()[0] < 1e-5);
  });
  networks.dispose();
});

Deno.test("impossible builds are refused with the allowed values", () => {
  assertThrowsWith(
    () => new Generator({ ...PAPER, textureResolution: 100 }, prng()),
    RangeError,
    "texture resolution",
    "64, 128, 256, 512, 1024",
    100,
  );
  const discriminators = (textureResolution: number, count: number) => () =>
    new Discriminators({ textureResolution, count, width: 1, classes: 0, norm: "none" }, prng());
  assertThrowsWith(discriminators(128, 3), RangeError, 3, "texture resolution", 512, 128);
  assertThrowsWith(discriminators(512, 4), RangeError, 2, 3, 4);
});
