/**
 * Cases of adversarial losses and of the reconstruction's own terms, with gradients, on the fastest backend.
 *
 * @module
 */
import {
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
  type Tensor3D,
  type Tensor4D,
  tf,
} from "../../lib/core/tensor.ts";
import { ganLoss, type GanLossKind, type GanLossRole } from "../../lib/gan/gan_losses.ts";
import { symmetryLossTensor, templateLoss } from "../../lib/reconstruction/losses.ts";
import { partTables, writePartTarget } from "../../lib/reconstruction/part_tables.ts";
import { selectParts } from "../../lib/reconstruction/training_step.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close, largestOf } from "./check.ts";
import { chooseBackend } from "./network_cases.ts";
import { channelsLast, checkLoss, entryOf, inTorchOrder, ruleValues, saltOf } from "./network_rule.ts";

const VALUES = { absolute: 1e-6, relative: 1e-5 };
const ROLES: Readonly<Record<string, GanLossRole>> = { g: "generator", d_real: "real", d_fake: "fake" };

/** A gradient may be 10 times as far off as float32 is, or 1e-5 of its largest entry. */
function gradient(data: CaseData, name: string, actual: ArrayLike<number>): Check {
  const expected = data.floats(name);
  const noise = 10 * (entryOf(data).arrays[name].f32_dev ?? 0);
  return close(name, actual, expected, { absolute: Math.max(noise, 1e-5 * largestOf(expected)) });
}

function valueAndGradients(loss: (...inputs: Tensor[]) => Scalar, inputs: Tensor[]): [number, Tensor[]] {
  const { value, grads } = tf.valueAndGrads(loss)(inputs);
  return [value.dataSync()[0], grads];
}

/**
 * All kinds of adversarial loss, with and without mask and weights. Of kinds other than hinge the original forgets the
 * weights but still divides by their sum, where ours weigh; so its weighted value is compared with our plain mean times
 * the number of maps over that sum.
 */
export async function ganLossCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const shapes = data.entry.shapes as number[][], scales = data.entry.weights as number[];
  const at = `${saltOf(data)}/ganloss/`;
  const predictions = shapes.map((shape, i) => {
    const size = shape.reduce((a, b) => a * b);
    return channelsLast(ruleValues(`${at}p${i}`, size).map((value) => 1.7 * value), shape);
  });
  const masks = shapes.map((shape, i) => {
    const size = shape.reduce((a, b) => a * b);
    const values = ruleValues(`${at}m${i}`, size).map((value) => (value + 1) / 2);
    return channelsLast(values.map((value) => value < 0.25 ? 0 : value), shape);
  });
  const checks: Check[] = [];
  for (const key of Object.keys(entryOf(data).scalars!)) {
    const [kind, role, mask, weight] = key.split("/");
    const isWeighted = weight === "w", isForgotten = isWeighted && kind !== "hinge";
    const weights = isWeighted && !isForgotten ? scales : scales.map(() => 1);
    const loss = (...scores: Tensor[]) => {
      const pairs = scores.map((prediction, i) => ({ prediction: prediction as Tensor4D, mask: masks[i] }));
      const value = ganLoss(kind as GanLossKind, ROLES[role], pairs, weights, mask === "mask");
      return tf.mul(value, isForgotten ? scales.length / scales.reduce((a, b) => a + b) : 1) as Scalar;
    };
    const [value, gradients] = valueAndGradients(loss, predictions);
    checks.push(checkLoss(data, key, value));
    gradients.forEach((one, i) => {
      const name = `grad/${key}/${i}`;
      if (data.has(name)) checks.push(gradient(data, name, inTorchOrder(one)));
    });
  }
  return checks;
}

/** The hinge exactly on its margin. */
export async function hingeTiesCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  return (["real", "fake"] as const).flatMap((role) => {
    const [value, [slope]] = valueAndGradients(
      (y) =>
        ganLoss("hinge", role, [{ prediction: y as Tensor4D, mask: tf.onesLike(y) as Tensor4D }], [1], false),
      [tf.tensor4d([1, 0.5, 2, -1], [1, 1, 4, 1])],
    );
    return [checkLoss(data, `loss_${role}`, value), gradient(data, `grad_${role}`, slope.dataSync())];
  });
}

/** A mask without a texel: NaN there, and here. */
export async function emptyMaskCase(): Promise<Check[]> {
  await chooseBackend();
  const prediction = tf.ones([1, 2, 2, 1]) as Tensor4D, mask = tf.zeros([1, 2, 2, 1]) as Tensor4D;
  return [
    close("loss", ganLoss("hinge", "fake", [{ prediction, mask }], [1], true).dataSync(), [NaN], VALUES),
  ];
}

/** The pull to the templates, and the plane of symmetry. */
export async function reconstructionTermsCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const tensor = (name: string): Tensor =>
    tf.tensor(Float32Array.from(data.floats(name)), [...data.shape(name)]);
  const raw = tensor("raw") as Tensor3D, [images, vertices] = raw.shape;
  const templates = tf.reshape(tensor("templates"), [-1, vertices * 3]) as Tensor2D;
  const mixed = tf.reshape(tf.matMul(tensor("w") as Tensor2D, templates) as Tensor, raw.shape) as Tensor3D;
  const share = tf.minimum(tf.add(tensor("semi_mask"), Number(data.entry.semi_coeff)), 1) as Tensor1D;
  const positive = new Float32Array(vertices);
  data.ints("pos_indices").forEach((vertex) => positive[vertex] = 1);
  const terms = {
    semi: (x: Tensor) => templateLoss(x as Tensor3D, mixed, share),
    symmetry: (x: Tensor) => symmetryLossTensor(x as Tensor3D, tf.tensor1d(positive)),
  };
  return Object.entries(terms).flatMap(([name, term]) => {
    const [value, [slope]] = valueAndGradients((x) => term(x), [raw]);
    return [
      checkLoss(data, name, value),
      gradient(data, `grad_${name}`, slope.dataSync()),
      close(`${name} (images)`, [slope.shape[0]], [images], {}),
    ];
  });
}

/** Targets of the parts, from the tables of a class that has some of them. */
export function partTargetCase(data: CaseData): Check[] {
  const [batch, channels, height, width] = data.shape("seg"), size = height * width;
  const local = channels - 1;
  const parts = data.images("seg"), masks = data.rows("M_mask");
  const target = new Float64Array(batch * local * size); // [B, P + 1, H, W]
  parts.forEach(({ data: values }, b) => {
    // The parts that this class lacks come last in its own numbering; their channels stay empty.
    const present = Array.from(masks[b].keys()).filter((j) => masks[b][j] === 1);
    const tables = partTables([present.slice(1).map((j) => j - 1)], local - 1);
    const out = new Float32Array(size * local); // [H · W, P + 1]
    writePartTarget(tables, 0, values, size, out, 0, local);
    present.forEach((channel, j) => {
      for (let i = 0; i < size; i++) target[(b * local + channel) * size + i] = out[i * local + j];
    });
  });
  return [close("seg_real", target, data.floats("seg_real"), VALUES)];
}

/** The parts of a class among all. */
export async function partSelectionCase(data: CaseData): Promise<Check[]> {
  await chooseBackend();
  const parts = channelsLast(data.floats("pred_seg"), data.shape("pred_seg"));
  const selection = tf.tensor3d(
    Float32Array.from(data.floats("M")),
    data.shape("M") as [number, number, number],
  );
  return [close("selected", inTorchOrder(selectParts(parts, selection)), data.floats("selected"), VALUES)];
}
