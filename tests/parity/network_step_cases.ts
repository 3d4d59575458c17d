/**
 * Cases of several training steps in turn.
 *
 * @module
 */
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { GanSteps } from "../../lib/gan/gan_steps.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { Adam } from "../../lib/training/adam.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close } from "./check.ts";
import { chooseBackend, classCount, classesOf, maskedImage, ruleMap } from "./network_cases.ts";
import {
  checkDirection,
  entryOf,
  loadRuleWeights,
  parameterInTorchOrder,
  type RuleInput,
  ruleInputs,
  saltOf,
} from "./network_rule.ts";

const SHARE_OF_FIRST_EPOCHS = 0.999 ** 100;

/** Losses: the first of a run is that of one forward pass, later ones are as far off as float32 drifts. */
function checkStepLoss(data: CaseData, name: string, value: number, isFirst: boolean): Check {
  const { value: expected, f32_dev = 0 } = entryOf(data).scalars![name];
  const allowed = isFirst
    ? { absolute: 1e-6, relative: 1e-5 }
    : { absolute: Math.max(20 * f32_dev, 2e-3 * Math.max(1, Math.abs(expected))) };
  return close(name, [value], [expected], allowed);
}

function checkWeights(data: CaseData, prefix: string, parameters: Parameters): Check[] {
  const entries = parameters.entries();
  return Object.keys(entryOf(data).arrays)
    .filter((name) => name.startsWith(prefix) && entries.has(name.slice(prefix.length)))
    .map((name) => {
      const own = name.slice(prefix.length);
      return checkDirection(data, name, parameterInTorchOrder(parameters, own, entries.get(own)!));
    });
}

/** Steps of generator and discriminators. */
export async function ganStepsCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const { config, batch, inputs } = entryOf(data);
  const R = Number(config.texture_resolution);
  const model = new GanModel({
    preset: "paper",
    textureResolution: R,
    symmetric: Boolean(config.symmetric_g),
    latentDim: Number(config.latent_dim),
    classes: classCount(config),
    normG: config.norm_g as "batch",
    normD: config.norm_d as "none",
    numDiscriminators: Number(config.num_discriminators),
    startFromMean: false,
  }, 1);
  loadRuleWeights(model.generator.parameters, "gan", "G./", saltOf(data));
  loadRuleWeights(model.discriminators.parameters, "gan", "D./", saltOf(data));
  model.generator.parameters.copyTo(model.average.parameters);
  const steps = new GanSteps(model, {
    loss: "hinge",
    maskOutput: Boolean(config.mask_output),
    meshRegularization: 0,
  });
  const rates = [data.entry.lr_g, data.entry.lr_d].map((rate) => tf.scalar(Number(rate))) as [Scalar, Scalar];
  const emaDecay = tf.scalar(SHARE_OF_FIRST_EPOCHS) as Scalar;
  const checks: Check[] = [];
  (data.entry.order as string[]).forEach((turn, i) => {
    const places = [...ruleInputs(data, inputs.texture), ...ruleInputs(data, inputs.alpha)];
    const { colours: texture, mask: alpha } = maskedImage(places, i);
    const map = tf.mul(ruleMap(ruleInputs(data, inputs.mesh)[0], i), 0.2) as Tensor4D;
    const latent = tf.tensor2d(Float32Array.from(data.floats(`z${i}`)), [batch, Number(config.latent_dim)]);
    const shared = { latent, oneHot: classesOf(data), alpha };
    const read = (name: string, loss: Scalar) => {
      checks.push(checkStepLoss(data, `${name}_${i}`, loss.dataSync()[0], i === 0));
    };
    if (turn === "g") {
      read("loss_g", steps.generatorStep({ ...shared, learningRate: rates[0], emaDecay }).loss);
    } else {
      const { fake, real } = steps.discriminatorStep({ ...shared, texture, map, learningRate: rates[1] });
      read("loss_d_fake", fake);
      read("loss_d_real", real);
    }
  });
  checks.push(
    ...checkWeights(data, "G/", model.generator.parameters),
    ...checkWeights(data, "EMA/", model.average.parameters),
    ...checkWeights(data, "D/", model.discriminators.parameters),
  );
  steps.dispose();
  model.dispose();
  return checks;
}

/** Images of the reconstruction's steps: named by the case, with batch, of sizes and cells as in the other cases of its list. */
function stepImages(data: CaseData): RuleInput[] {
  const text = String(entryOf(data).inputs.x);
  const names = [...text.matchAll(/'([^']+)'\+i/g)].map(([, name]) => name);
  const batch = Number(/batch (\d+)/.exec(text)?.[1] ?? entryOf(data).batch);
  const siblings = Object.entries(data.entry.siblings as Record<string, { inputs?: { x?: string } }>);
  const [, model] = siblings.find(([name, { inputs }]) =>
    /^recon_/.test(name) && /cell \d/.test(`${inputs?.x}`)
  )!;
  return ruleInputs(data, model.inputs!.x, 2).map(({ shape, cell }, k) => ({
    name: names[k],
    shape: [batch, ...shape.slice(1)],
    cell,
  }));
}

/** Steps of the reconstruction network on given targets. */
export async function reconstructionStepsCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const { config, inputs } = entryOf(data);
  const R = Number(config.texture_res), parts = Number(config.num_parts);
  const network = new ReconstructionNetwork(
    reconstructionConfig("paper", { textureResolution: R, partChannels: parts }),
    new Prng(1, "parity"),
  );
  loadRuleWeights(network.parameters, "reconstruction", "", saltOf(data));
  const optimizer = new Adam(network.parameters.trainable);
  const rate = tf.scalar(Number(data.entry.lr)) as Scalar;
  const checks: Check[] = [];
  for (let i = 0; i < Number(data.entry.steps); i++) {
    tf.tidy(() => {
      const { colours, mask } = maskedImage(stepImages(data), i);
      const image = tf.concat([colours, mask], 3);
      const targets: Tensor[] = [
        tf.mul(ruleMap(ruleInputs(data, inputs.mesh_t)[0], i), 0.1),
        ruleMap(ruleInputs(data, inputs.tex_t)[0], i),
        tf.mul(tf.add(ruleMap(ruleInputs(data, inputs.seg_t)[0], i), 1), 0.5),
      ];
      const { loss, gradients } = computeGradients(() => {
        const { displacementMap, texture, parts } = network.predict({ image }, true);
        const errors = [displacementMap, texture!, parts!].map((output, k) =>
          tf.mean(tf.square(tf.sub(output, targets[k])))
        );
        return tf.mul(tf.addN(errors), 10) as Scalar;
      }, network.parameters.trainable);
      optimizer.apply(gradients, rate);
      checks.push(checkStepLoss(data, `loss_${i}`, loss.dataSync()[0], i === 0));
    });
  }
  checks.push(...checkWeights(data, "", network.parameters));
  optimizer.dispose();
  network.dispose();
  return checks;
}
