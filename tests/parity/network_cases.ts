/**
 * Cases of whole networks: outputs, states after a training pass, losses and gradients.
 *
 * @module
 */
import type { BackendName } from "../../lib/backend/options.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor2D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { Discriminators, type Score } from "../../lib/gan/discriminators.ts";
import { discriminatorWeights, ganLoss } from "../../lib/gan/gan_losses.ts";
import { Generator } from "../../lib/gan/generator.ts";
import type { NormKind } from "../../lib/networks/layers/norms.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { type PredictionType, reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import type { CaseData } from "./case_data.ts";
import type { Check } from "./check.ts";
import {
  cellMask,
  channelsLast,
  checkColourGradient,
  checkDirection,
  checkLoss,
  checkOutput,
  checkStates,
  entryOf,
  inTorchOrder,
  loadRuleWeights,
  oneHot,
  parameterInTorchOrder,
  type RuleInput,
  ruleInputs,
  ruleValues,
  saltOf,
} from "./network_rule.ts";

const THREADS = 2;

let backend: BackendName | "auto" = "auto";

/** Sets the backend that {@link chooseBackend} makes active; `auto` is the fastest. */
export function setParityBackend(wanted: BackendName | "auto"): void {
  backend = wanted;
}

/** Makes the backend of the parity run active. */
export async function chooseBackend(): Promise<void> {
  await useBackend({ backend, threads: THREADS });
}

/** Colours times the mask, and the mask, `[B, S, S, 3]` and `[B, S, S, 1]`; of steps with the number of the step. */
export function maskedImage(
  [colour, alpha]: readonly RuleInput[],
  step: number | "" = "",
): { colours: Tensor4D; mask: Tensor4D } {
  const [batch, , side] = alpha.shape;
  const mask = channelsLast(cellMask(`${alpha.name}${step}`, batch, side, alpha.cell), alpha.shape);
  return { colours: tf.mul(ruleMap(colour, step), mask), mask };
}

/** A map of values by the rule, channels last. */
export function ruleMap({ name, shape }: RuleInput, step: number | "" = ""): Tensor4D {
  return channelsLast(ruleValues(`${name}${step}`, shape.reduce((a, b) => a * b)), shape);
}

/** Σ of mean(output · g), g by the rule. */
function weightedSum(data: CaseData, outputs: ReadonlyMap<string, Tensor4D>): Scalar {
  const terms = [...outputs].map(([name, output]) => {
    const [B, H, W, C] = output.shape;
    const factors = channelsLast(ruleValues(`${saltOf(data)}/${data.name}/g/${name}`, output.size), [
      B,
      C,
      H,
      W,
    ]);
    return tf.mean(tf.mul(output, factors));
  });
  return tf.addN(terms) as Scalar;
}

function checkGradients(
  data: CaseData,
  prefix: string,
  parameters: Parameters,
  gradients: Readonly<Record<string, Tensor>>,
): Check[] {
  const names = Object.keys(entryOf(data).arrays).filter((name) =>
    name.startsWith(prefix) && parameters.trainable.has(name.slice(prefix.length))
  );
  return names.map((name) => {
    const own = name.slice(prefix.length);
    const gradient = gradients[own] ?? tf.zerosLike(parameters.trainable.get(own)!);
    return checkDirection(data, name, parameterInTorchOrder(parameters, own, gradient));
  });
}

/** Checks outputs and, of a training pass, states, the loss and its gradients. */
function checkPass(
  data: CaseData,
  parameters: Parameters,
  run: (training: boolean) => ReadonlyMap<string, Tensor4D>,
): Check[] {
  const checks: Check[] = [];
  tf.tidy(() => {
    if (entryOf(data).mode === "eval") {
      run(false).forEach((output, name) => checks.push(checkOutput(data, name, inTorchOrder(output))));
      return;
    }
    const { loss, gradients } = computeGradients(() => {
      const outputs = run(true);
      outputs.forEach((output, name) => checks.push(checkOutput(data, name, inTorchOrder(output))));
      return weightedSum(data, outputs);
    }, parameters.trainable);
    checks.push(checkLoss(data, "L", loss.dataSync()[0]), ...checkStates(data, parameters));
    checks.push(...checkGradients(data, "grad/", parameters, gradients));
  });
  return checks;
}

/** The reconstruction network. */
export async function reconstructionCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const { config, inputs } = entryOf(data);
  const network = new ReconstructionNetwork(
    reconstructionConfig("paper", {
      textureResolution: Number(config.texture_res),
      predictionType: config.prediction_type as PredictionType,
      partChannels: Number(config.num_parts),
      classCount: Number(config.num_classes),
      norm: config.norm_g as NormKind,
      symmetric: Boolean(config.symmetric),
      upsampling: config.interpolation_mode as "nearest" | "bilinear",
    }),
    new Prng(1, "parity"),
  );
  loadRuleWeights(network.parameters, "reconstruction", "", saltOf(data));
  const { colours, mask } = maskedImage(ruleInputs(data, inputs.x, 2));
  const image = tf.concat([colours, mask], 3);
  const hasClasses = network.config.classCount > 1;
  const classes = hasClasses ? oneHot(inputs.C as number[], network.config.classCount) : null;
  const rows = inputs.M_rows as number[][];
  const partPresence = hasClasses
    ? tf.tensor2d(
      rows.map((row) => Array.from({ length: network.config.partChannels }, (_, i) => +row.includes(i))),
    )
    : null;
  const checks = checkPass(data, network.parameters, (training) => {
    const { displacementMap, texture, parts } = network.predict({ image, classes, partPresence }, training);
    const outputs = new Map([["mesh", displacementMap]]);
    if (texture) outputs.set("tex", texture);
    if (parts) outputs.set("seg", parts);
    return outputs;
  });
  network.dispose();
  return checks;
}

/** Number of classes to condition on; 0 for none. */
export const classCount = (config: Readonly<Record<string, unknown>>): number =>
  config.conditional_class ? Number((config.n_classes as number[])[0]) : 0;

/** One-hot classes of a case, or null. */
export function classesOf(data: CaseData): Tensor2D | null {
  const { config, inputs } = entryOf(data), count = classCount(config);
  return count > 0 ? oneHot((inputs.c as number[][]).flat(), count) : null;
}

/** Channels of part maps; 0 for none. */
const partCount = (config: Readonly<Record<string, unknown>>): number =>
  config.conditional_semantics ? Number(config.num_parts) : 0;

/** Part maps of a case, one part a square, or null. Those of generators are as large as those that discriminators list. */
function partMapsOf(data: CaseData): Tensor4D | null {
  const { config, batch, inputs } = entryOf(data), count = partCount(config);
  if (count === 0) return null;
  const [{ name, shape: [, , PART_CELLS] }] = ruleInputs(data, inputs.seg);
  const PART_SIDE = Number(/one-hot \[\d+, ?\d+, ?(\d+)/.exec(String(inputs.seg))![1]);
  const drawn = ruleValues(name, batch * count * PART_CELLS ** 2);
  const maps = new Float32Array(batch * count * PART_SIDE ** 2); // [B, P, S, S]
  const cell = PART_SIDE / PART_CELLS, cells = PART_CELLS ** 2;
  for (let b = 0; b < batch; b++) {
    for (let row = 0; row < PART_SIDE; row++) {
      for (let column = 0; column < PART_SIDE; column++) {
        const place = Math.floor(row / cell) * PART_CELLS + Math.floor(column / cell);
        let best = 0;
        const value = (part: number) => drawn[(b * count + part) * cells + place];
        for (let part = 1; part < count; part++) if (value(part) > value(best)) best = part;
        maps[((b * count + best) * PART_SIDE + row) * PART_SIDE + column] = 1;
      }
    }
  }
  return channelsLast(maps, [batch, count, PART_SIDE, PART_SIDE]);
}

/** The generator. */
export async function generatorCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const { config, batch } = entryOf(data);
  const generator = new Generator({
    textureResolution: Number(config.texture_resolution),
    width: 1,
    symmetric: Boolean(config.symmetric_g),
    latentLength: Number(config.latent_dim),
    classes: classCount(config),
    norm: config.norm_g as NormKind,
    parts: partCount(config),
  }, new Prng(1, "parity"));
  loadRuleWeights(generator.parameters, "gan", "", saltOf(data));
  const latent = tf.tensor2d(Float32Array.from(data.floats("z")), [batch, Number(config.latent_dim)]);
  const classes = classesOf(data), parts = partMapsOf(data);
  const checks = checkPass(data, generator.parameters, (training) => {
    const { texture, map } = generator.generate(latent, classes, training, parts);
    return new Map([["tex", texture], ["mesh", map]]);
  });
  generator.dispose();
  return checks;
}

/** The discriminators. */
export async function discriminatorCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const { config, batch, inputs, mode } = entryOf(data);
  const R = Number(config.texture_resolution), count = Number(config.num_discriminators);
  const options = {
    textureResolution: R,
    width: 1,
    count,
    classes: classCount(config),
    norm: config.norm_d as "none",
    parts: partCount(config),
  };
  const parts = partMapsOf(data);
  const discriminators = new Discriminators(options, new Prng(1, "parity"));
  const { parameters } = discriminators;
  loadRuleWeights(parameters, "gan", "", saltOf(data));
  const { colours, mask: alpha } = maskedImage(ruleInputs(data, inputs.x, 2));
  const map = tf.mul(ruleMap(ruleInputs(data, inputs.mesh)[0]), 0.2) as Tensor4D;
  const classes = classesOf(data), training = mode === "train", masked = Boolean(config.mask_output);
  const weights = discriminatorWeights(count, R);
  const half = batch / 2;
  const part = (scores: readonly Score[], from: number): Score[] =>
    scores.map(({ prediction, mask }) => ({
      prediction: tf.slice(prediction, [from, 0, 0, 0], [half, -1, -1, -1]),
      mask: tf.slice(mask, [from, 0, 0, 0], [half, -1, -1, -1]),
    }));
  const losses = (scores: readonly Score[]) => ({
    loss_g: ganLoss("hinge", "generator", scores, weights, masked),
    loss_d_fake: ganLoss("hinge", "fake", part(scores, 0), weights, masked),
    loss_d_real: ganLoss("hinge", "real", part(scores, half), weights, masked),
  });
  const checks: Check[] = [];
  const scoresOf = (texture: Tensor4D, shape: Tensor4D, power: boolean) =>
    discriminators.discriminate({ texture, alpha, map: shape, parts }, classes, power);
  const compareOutputs = (scores: readonly Score[]) =>
    scores.forEach(({ prediction, mask }, i) => {
      checks.push(checkOutput(data, `d${i + 1}`, inTorchOrder(prediction)));
      if (masked) checks.push(checkOutput(data, `mask${i + 1}`, inTorchOrder(mask)));
    });
  tf.tidy(() => {
    if (!training) compareOutputs(scoresOf(colours, map, false));
    const { gradients } = computeGradients(() => {
      const scores = scoresOf(colours, map, training), values = losses(scores);
      if (training) compareOutputs(scores);
      for (const [name, loss] of Object.entries(values)) {
        checks.push(checkLoss(data, name, loss.dataSync()[0]));
      }
      return tf.add(values.loss_d_fake, values.loss_d_real);
    }, parameters.trainable);
    if (!training) return;
    checks.push(...checkStates(data, parameters), ...checkGradients(data, "grad_d/", parameters, gradients));
    // One forward pass gave all gradients there; u and v stand now where its power step left them.
    for (const [prefix, loss] of [["grad_g/", "g"], ["grad_d/", "d"]] as const) {
      const [dTexture, dMap] = tf.grads((texture, shape) => {
        const values = losses(scoresOf(texture as Tensor4D, shape as Tensor4D, false));
        return loss === "g" ? values.loss_g : tf.add(values.loss_d_fake, values.loss_d_real);
      })([colours, map]);
      checks.push(checkColourGradient(data, `${prefix}x`, inTorchOrder(dTexture)));
      checks.push(checkDirection(data, `${prefix}mesh`, inTorchOrder(dMap)));
    }
  });
  discriminators.dispose();
  return checks;
}
