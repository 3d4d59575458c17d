import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { tf } from "../../lib/core/tensor.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { dataStart } from "../../lib/gan/data_start.ts";
import { readExemplars } from "../../lib/gan/files.ts";
import { runFolder } from "../../lib/training/run_folder.ts";
import { exemplarArrays, exemplarsOf } from "../../lib/gan/exemplars/exemplars.ts";
import { transportBiases, unitRows } from "../../lib/gan/exemplars/latent_transport.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { generateSamples } from "../../lib/gan/generate_samples.ts";
import { Prng } from "../../lib/core/prng.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { stripedDataset } from "./_dataset.ts";

const OPTIONS = resolveGanOptions({ preset: "demo", textureResolution: 256, exemplars: 4, components: 3 });

Deno.test("a latent code that points to an exemplar makes its texture with all detail, in training a coarse one", async () => {
  await useBackend({ backend: "wasm" });
  const dataset = stripedDataset(8, 256), options = { ...OPTIONS, exemplars: 8 }; // so that each is a donor, too
  const networks = ganNetworks(options, 1, 0, dataset.length);
  assertEquals([networks.exemplars, networks.baseResolution], [8, 128]);
  const model = new GanModel(networks, 1), start = await dataStart(dataset, networks, 1);
  try {
    await model.setStart(start);
    const { codes, donors } = start.exemplars!, P = 3, half = 256 * 128 * 3, D = donors.codes.length / P;
    assertEquals(D, 8);
    const errors = [0, 1, 2, 3].map(async (exemplar) => {
      const latent = new Float32Array(networks.latentDim),
        code = codes.subarray(exemplar * P, (exemplar + 1) * P);
      const k = Array.from({ length: D }, (_, d) => d).find((d) =>
        code.every((value, p) => value === donors.codes[d * P + p])
      )!;
      latent.set(code.map((value) => 100 * value));
      const [{ texture }] = await generateSamples(model.average, [latent], [0]);
      assertEquals([texture.height, texture.width], [256, 256]);
      let error = 0, flat = 0;
      for (let row = 0; row < 256; row++) {
        for (let j = 0; j < 128 * 3; j++) {
          const value = donors.colours[k * half + row * 128 * 3 + j] / 127.5 - 1;
          error += Math.abs(texture.data[(row * 256 + 64) * 3 + j] - value) / half;
          flat += Math.abs(value - (donors.colours[k * half + j % 3] / 127.5 - 1)) / half;
        }
      }
      return error / flat;
    });
    const found = await Promise.all(errors);
    assert(found.filter((error) => error < 0.1).length >= 2, `errors beside those of flat colour: ${found}`);
    const coarse = tf.tidy(() =>
      model.average.generate(tf.zeros([1, networks.latentDim]), null, true).texture.shape
    );
    assertEquals(coarse, [1, 128, 128, 3]);
  } finally {
    model.dispose();
  }
});

Deno.test("exemplars survive their file, and a damaged one is told", () =>
  inFolder(async (folder) => {
    const dataset = stripedDataset(6, 256), networks = ganNetworks(OPTIONS, 1, 0, dataset.length);
    const { exemplars } = await dataStart(dataset, networks, 1);
    await runFolder(folder).writeArrays("exemplars", exemplarArrays(exemplars!));
    assertEquals(await readExemplars(folder), exemplars);
    const { colours: _, ...rest } = exemplarArrays(exemplars!);
    assertThrowsWith(
      () => exemplarsOf(rest, "a file"),
      UserError,
      "a file",
      "[4,3], [4], [4,3], null, [4,16,8]",
    );
  }));

Deno.test("random directions fall on each object equally often, however close some lie", () => {
  const P = 4, K = 6, prng = new Prng(1, "codes"), codes = prng.normals(P * K);
  for (let p = 0; p < P; p++) codes[P + p] = codes[p] + 0.05 * prng.normal(); // two that are nearly the same
  const biases = transportBiases(codes, P, 1), directions = unitRows(codes, P), counts = new Array(K).fill(0);
  for (let draw = 0; draw < 6000; draw++) {
    const latent = unitRows(prng.normals(P), P);
    const similarity = [...biases].map((bias, k) =>
      latent.reduce((sum, value, p) => sum + value * directions[k * P + p], bias)
    );
    counts[similarity.indexOf(Math.max(...similarity))]++;
  }
  for (const count of counts) assertAlmostEquals(count / 1000, 1, 0.35);
});

Deno.test("exemplars need components and even reflections", () => {
  const networksOf = (options: Parameters<typeof resolveGanOptions>[0]) =>
    ganNetworks(resolveGanOptions({ preset: "demo", ...options }), 2, 0, 100);
  assertEquals(networksOf({}).exemplars, 50);
  for (
    const options of [{ symmetricG: false }, { conditionalClass: true }, { components: 0 }, {
      textureOnly: true,
    }]
  ) {
    assertEquals(networksOf(options).exemplars, undefined);
    assertThrowsWith(
      () => networksOf({ ...options, exemplars: 8 }),
      UserError,
      "'exemplars'",
      8,
      "'exemplars: 0'",
    );
  }
});
