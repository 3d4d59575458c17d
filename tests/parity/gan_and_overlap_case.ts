/**
 * The case of adversarial losses and IoUs.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { ganLoss, type GanLossKind, type GanLossRole } from "../../lib/gan/gan_losses.ts";
import { iou, meanIou } from "../../lib/metrics/iou.ts";
import { unbalancedIou } from "../reference/unbalanced_iou.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close } from "./check.ts";

const VALUES = { absolute: 1e-5 };
/** How the recorded names end. */
const ROLES: readonly (readonly [string, GanLossRole])[] = [
  ["d_real", "real"],
  ["d_fake", "fake"],
  ["g", "generator"],
];

/** Adversarial losses of maps of scores, thresholded and soft IoUs. */
export async function ganAndOverlapCase(data: CaseData): Promise<Check[]> {
  tf.env().set("PROD", true); // no advice on the console
  await tf.setBackend("cpu");
  return [...ganChecks(data), ...overlapChecks(data)];
}

function ganChecks(data: CaseData): Check[] {
  const maps: string[] = [];
  while (data.has(`logits${maps.length}`)) maps.push(`${maps.length}`);
  const channelsFirst = (name: string, index: string) =>
    tf.tensor4d(Float32Array.from(data.floats(`${name}${index}`)), data.shape(`${name}${index}`) as Shape4)
      .transpose<Tensor4D>([0, 2, 3, 1]);
  const predictions = maps.map((index) => channelsFirst("logits", index));
  const masks = maps.map((index) => channelsFirst("mask", index));
  const weights = Array.from(data.floats("weights"));
  const checks: Check[] = [];
  for (const kind of ["hinge", "ls", "original", "w"] as GanLossKind[]) {
    for (const [ending, role] of ROLES) {
      const name = `${kind}_${ending}`;
      if (!data.has(name)) continue;
      const loss = (scores: readonly Tensor4D[], scale: readonly number[], masked: boolean) =>
        ganLoss(kind, role, scores.map((prediction, i) => ({ prediction, mask: masks[i] })), scale, masked);
      const plain = loss(predictions, maps.map(() => 1), false);
      checks.push(close(name, plain.dataSync(), data.floats(name), VALUES));
      const masked = `${name}_masked_weighted`;
      if (!data.has(masked)) continue;
      checks.push(close(masked, loss(predictions, weights, true).dataSync(), data.floats(masked), VALUES));
      const gradients = tf.grads((...scores) => loss(scores as Tensor4D[], weights, true))(predictions);
      gradients.forEach((gradient, i) =>
        checks.push(
          close(`${masked}_grad${i}`, gradient.dataSync(), data.floats(`${masked}_grad${i}`), VALUES),
        )
      );
    }
  }
  return checks;
}

function overlapChecks(data: CaseData): Check[] {
  const [, , maskHeight, maskWidth] = data.shape("iou_pred").slice(1);
  const perMask = (name: string) => {
    const values = data.floats(name);
    const size = maskHeight * maskWidth;
    return Array.from({ length: values.length / size }, (_, i) => values.subarray(i * size, (i + 1) * size));
  };
  const target = perMask("iou_target");
  const ious = perMask("iou_pred").map((mask, i) => iou(mask, target[i]));
  const observed = partMaps(data, "miou_target");
  const rendered = partMaps(data, "miou_pred");
  const channels = observed[0].channels;
  const balanced = rendered.map((map, i) => meanIou(map.data, observed[i].data, channels));
  const unbalanced = rendered.map((map, i) => unbalancedIou(map.data, observed[i].data, channels));
  return [
    close("iou", ious, data.floats("iou"), VALUES),
    close("miou_balanced", balanced, data.floats("miou_balanced"), VALUES),
    close("miou_unbalanced", unbalanced, data.floats("miou_unbalanced"), VALUES),
  ];
}

/** Maps of an array `[…, C, H, W]`, channels last. */
function partMaps(data: CaseData, name: string): FloatImage[] {
  const [channels, height, width] = data.shape(name).slice(-3);
  const values = data.floats(name);
  const pixels = height * width;
  return Array.from({ length: values.length / (channels * pixels) }, (_, i) => {
    const map = new Float64Array(pixels * channels); // [H, W, C]
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < pixels; p++) map[p * channels + c] = values[(i * channels + c) * pixels + p];
    }
    return { data: map, height, width, channels };
  });
}

type Shape4 = [number, number, number, number];
