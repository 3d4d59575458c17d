/** Trains a generator of one's own in the GAN, on textures of one's own: deno run -A examples/own_generator.ts */
import { floatImage, Prng, trainGan, useBackend } from "@texmesh/texmesh";
import { type GeneratorMaker, generatorOptions, memoryUvDataset } from "@texmesh/texmesh/gan";
import { writePng } from "@texmesh/texmesh/io";
import { Parameters } from "@texmesh/texmesh/reconstruction";
import * as tf from "@tensorflow/tfjs";

const R = 64, [epochs = "20"] = Deno.args, random = new Prng(1, "example");
const objects = Array.from({ length: 16 }, () => { // bands of colour on spheres
  const texture = floatImage(R, R, 3), [phase, hue] = [random.uniform(0, 6), random.uniform(0, 6)];
  const colour = (t: number) => Math.sin(phase + Math.floor(t / 3 / R) / 8 + Math.sin(hue + 2 * (t % 3)));
  texture.data.forEach((_, t) => texture.data[t] = 0.8 * colour(t));
  return { texture };
});

/** Two matrices: from the latent code to 8 × 8 colours and 8 × 8 displacements, enlarged. */
const makeGenerator: GeneratorMaker = (networks, prng) => {
  const options = generatorOptions(networks), parameters = new Parameters(prng), Z = options.latentLength;
  const [colours, map] = ["colours", "map"].map((name) => parameters.normal(name, [Z, 192], 0.1));
  const enlarge = (latent: tf.Tensor2D, weights: tf.Tensor, side: number) => {
    const small = tf.reshape(tf.matMul(latent, weights as tf.Tensor2D), [-1, 8, 8, 3]);
    return tf.image.resizeBilinear(small as tf.Tensor4D, [side, side]);
  };
  const generate = (z: tf.Tensor2D) => ({
    texture: tf.tanh(enlarge(z, colours, R)),
    map: enlarge(z, map, 32),
  });
  return { options, parameters, generate, dispose: () => parameters.dispose() };
};

await useBackend();
const sizes = { preset: "demo", textureResolution: R, batchSize: 4, components: 0 } as const;
const options = { ...sizes, lrG: 5e-3, epochs: Number(epochs) };
const dataset = memoryUvDataset("bands", objects);
const { generator, iterations } = await trainGan(dataset, options, {}, { makeGenerator });
const { texture } = generator.generate(tf.randomNormal([6, 64], 0, 1, "float32", 1), null, false);
const data = tf.concat(tf.unstack(texture), 1).dataSync<"float32">().map((value) => (value + 1) / 2);
await writePng("own_generator.png", { data, height: R, width: 6 * R, channels: 3 });
console.log(`${iterations} steps of a generator with ${generator.parameters.count} parameters`);
