import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { ganLoss } from "../../lib/gan/gan_losses.ts";
import type { GanParts, GeneratorMaker } from "../../lib/gan/own_parts.ts";
import { generatorOptions } from "../../lib/gan/make_generator.ts";
import { loadGenerator } from "../../lib/gan/files.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inFolderOnWasm, runIn, trainIn } from "../gan/_run.ts";

const OPTIONS = { preset: "demo", textureResolution: 64, batchSize: 2, epochs: 1, evaluateFreq: 9 } as const;

/** A generator of plain matrices, from the latent code to colours and displacements of 8 × 8. */
const plainGenerator: GeneratorMaker = (networks, prng) => {
  const options = generatorOptions(networks), parameters = new Parameters(prng), Z = options.latentLength;
  const toColours = parameters.normal("colours", [Z, 192], 0.1),
    toMap = parameters.normal("map", [Z, 192], 0.01);
  return {
    options,
    parameters,
    generate: (latent) => {
      const maps = (weights: tf.Variable, side: number) => {
        const small = tf.reshape(tf.matMul(latent, weights as tf.Tensor2D), [-1, 8, 8, 3]) as Tensor4D;
        return tf.image.resizeBilinear(small, [side, side]);
      };
      return { texture: tf.tanh(maps(toColours, options.textureResolution)), map: maps(toMap, 32) };
    },
    dispose: () => parameters.dispose(),
  };
};

async function train(parts: GanParts, then?: (folder: string) => Promise<void>) {
  const figures: number[] = [];
  await inFolderOnWasm(async (folder) => {
    const onScalars = (_: number, scalars: Readonly<Record<string, number>>) =>
      void figures.push(...Object.values(scalars));
    await trainIn(toyDataset(6, 64), runIn(folder), OPTIONS, { onScalars }, parts);
    await then?.(`${folder}/run`);
  });
  return figures;
}

slowTest(
  "a GAN with parts of one's own is the paper's where the loss is, and another where it is not",
  async () => {
    const paper = await train({});
    assertEquals(await train({ loss: (...given) => ganLoss("hinge", ...given) }), paper);
    assert((await train({ loss: (...given) => ganLoss("ls", ...given) }))[0] !== paper[0]);
  },
);

slowTest(
  "a GAN with parts of one's own trains another generator, whose checkpoints load with it and no other",
  async () => {
    const figures = await train({ makeGenerator: plainGenerator }, async (folder) => {
      const { generator, dispose } = await loadGenerator(folder, "latest", plainGenerator);
      assertEquals([...generator.parameters.trainable.keys()], ["colours", "map"]);
      dispose();
      await assertRejectsWith(() => loadGenerator(folder, "latest"), UserError, "entry", folder);
    });
    assert(figures.every(Number.isFinite));
  },
);
