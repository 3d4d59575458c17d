/**
 * The case of the networks' building blocks, each on a small map.
 *
 * @module
 */
import { floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { copyMirrored } from "../../lib/gan/uv_batches.ts";
import { writeInput } from "../../lib/networks/reconstruct_images.ts";
import { affineNorm, plainInstanceNorm } from "../../lib/networks/layers/norms.ts";
import { padMap } from "../../lib/networks/layers/padding.ts";
import { positionalPlanes } from "../../lib/networks/layers/positional_planes.ts";
import { applyPoleRule, mirrorHalf } from "../../lib/networks/layers/reflection.ts";
import { spectralNormalize } from "../../lib/networks/layers/spectral_norm.ts";
import { upsampleBilinear, upsampleNearest } from "../../lib/networks/layers/upsample.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { transposeArray } from "../../lib/core/transpose_array.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import type { CaseData } from "./case_data.ts";
import type { Check } from "./check.ts";
import { chooseBackend } from "./network_cases.ts";
import {
  channelsLast,
  checkOutput,
  inTorchOrder,
  ruleInputs,
  ruleValues,
  saltOf,
  weightValues,
} from "./network_rule.ts";

/** Beginning of the names of inputs. */
const at = (data: CaseData) => `${saltOf(data)}/primitives/`;
/** Shape of the map that most of it is done with, `[B, C, H, W]`. */
const shapeOf = (data: CaseData) => ruleInputs(data, (data.entry.inputs as { x: string }).x)[0].shape;

/** Padding, reflection, up-sampling, planes, mirroring, norms and the spectral norm. */
export async function primitivesCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  return [...mapChecks(data), ...mirrorChecks(data), ...normChecks(data), ...spectralChecks(data)];
}

const inputMap = (data: CaseData): Tensor4D =>
  channelsLast(ruleValues(`${at(data)}x`, shapeOf(data).reduce((a, b) => a * b)), shapeOf(data));

function mapChecks(data: CaseData): Check[] {
  const x = inputMap(data), [B, C, H, W] = shapeOf(data);
  // Our padding adds rows of zeros too; the stored one widens only.
  const wide = (amount: number, kind: "circularX" | "replicateX"): Tensor4D =>
    tf.slice(padMap(x, amount, kind), [0, amount, 0, 0], [B, H, W + 2 * amount, C]);
  const maps: Record<string, Tensor4D> = {
    circpad1: wide(1, "circularX"),
    circpad2: wide(2, "circularX"),
    replicate2: wide(2, "replicateX"),
    symmetrize: mirrorHalf(x),
    adjust_poles: applyPoleRule(x),
    up_nearest: upsampleNearest(x),
    up_bilinear: upsampleBilinear(x),
    avg_pool2: tf.avgPool(x, 2, 2, "valid"),
  };
  for (const side of [32, 64, 128]) {
    maps[`pos_emb_${side}`] = tf.tensor4d(positionalPlanes(side), [1, side, side, 4]);
  }
  return Object.entries(maps).map(([name, map]) => checkOutput(data, name, inTorchOrder(map)));
}

function mirrorChecks(data: CaseData): Check[] {
  const texture = { data: Float32Array.from(ruleValues(`${at(data)}m`, 4 * 8 * 8)), shape: [4, 8, 8] };
  const mirrored = new Float32Array(4 * 8 * 8); // [H, W, C]
  copyMirrored(transposeArray(texture, [1, 2, 0]).data, mirrored, 8, 4);
  const back = transposeArray({ data: mirrored, shape: [8, 8, 4] }, [2, 0, 1]).data;
  const [, , height, width] = shapeOf(data), size = height * width;
  const images = inputMap(data).dataSync<"float32">();
  const flipped = new Float32Array(2 * 3 * size); // [B, C, H, W]
  for (const b of [0, 1]) {
    const image = {
      ...floatImage(height, width, 3),
      data: images.subarray(b * 3 * size, (b + 1) * 3 * size),
    };
    const out = new Float32Array(size * 4); // [H, W, 4]
    writeInput({ id: "", classIndex: 0, image, mask: floatImage(height, width, 1) }, b === 0, out);
    for (let c = 0; c < 3; c++) {
      for (let i = 0; i < size; i++) flipped[(b * 3 + c) * size + i] = out[i * 4 + c];
    }
  }
  return [checkOutput(data, "mirror_tex", back), checkOutput(data, "random_flip_mask_1_0", flipped)];
}

function normChecks(data: CaseData): Check[] {
  const parameters = new Parameters(new Prng(1, "parity"));
  const batch = affineNorm(parameters, "bn", 3)(inputMap(data), null, true);
  const instance = plainInstanceNorm()(inputMap(data), null, true);
  const state = (name: string) => parameters.buffers.get(`bn.running_${name}`)!.dataSync();
  const checks = [
    checkOutput(data, "bn_y", inTorchOrder(batch)),
    checkOutput(data, "bn_mean", state("mean")),
    checkOutput(data, "bn_var", state("var")),
    checkOutput(data, "in_y", inTorchOrder(instance)),
  ];
  parameters.dispose();
  return checks;
}

/** A convolution with a spectral norm: three training passes, the gradient of a fourth, one evaluation. */
function spectralChecks(data: CaseData): Check[] {
  const checks: Check[] = [];
  const weights = weightValues(`${saltOf(data)}/sn.weight_orig`, "sn.weight_orig", [5, 3, 3, 3], "gan");
  const kernel = transposeArray({ data: Float32Array.from(weights), shape: [5, 3, 3, 3] }, [2, 3, 1, 0]);
  const start = ruleValues(`${saltOf(data)}/sn.weight_u`, 5).map((value) =>
    (value < 0 ? -1 : 1) / Math.sqrt(5)
  );
  const weight = tf.variable(tf.tensor(kernel.data, [3, 3, 3, 5]));
  const u = tf.variable(tf.tensor1d(Float32Array.from(start))), v = tf.variable(tf.zeros([27]));
  const x = channelsLast(ruleValues(`${at(data)}sn_x`, 75), [1, 3, 5, 5]);
  const run = (training: boolean): Tensor4D =>
    tf.conv2d(x, spectralNormalize(weight, u, v, training) as Tensor4D, 1, "valid");
  for (const pass of [1, 2, 3]) {
    checks.push(checkOutput(data, `sn_y${pass}`, inTorchOrder(run(true))));
    checks.push(checkOutput(data, `sn_u${pass}`, u.dataSync()));
    const order = { data: v.dataSync<"float32">(), shape: [3, 3, 3] }; // [H, W, C]
    checks.push(checkOutput(data, `sn_v${pass}`, transposeArray(order, [2, 0, 1]).data));
  }
  const { gradients } = computeGradients(() => tf.sum(tf.square(run(true))), new Map([["w", weight]]));
  const gradient: Tensor = tf.transpose(gradients.w, [3, 2, 0, 1]);
  checks.push(checkOutput(data, "sn_grad_after4", gradient.dataSync()));
  checks.push(checkOutput(data, "sn_eval", inTorchOrder(run(false))));
  tf.dispose([weight, u, v]);
  return checks;
}
