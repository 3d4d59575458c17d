import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { meanIou } from "../../lib/metrics/iou.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { channelTotals, partIou, scatterParts } from "../../lib/pose/part_kernels.ts";
import {
  labelledSemantics,
  partProbabilities,
  selectImages,
  templatesHaveParts,
} from "../../lib/pose/semantics.ts";
import { startViews } from "../../lib/pose/start_views.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { boatTemplate, poseNearView } from "./boat.ts";

const { faces, negativeIndices, positiveIndices } = sphereTopology();
const SIZE = 24, CHANNELS = 3;
const screen = projectVertices(Float64Array.from(boatTemplate().vertices), poseNearView(7));
const fragments = rasterize(screen, faces, SIZE, SIZE);
const prng = new Prng(4, "parts");
const map = Float64Array.from({ length: SIZE * SIZE * CHANNELS }, () => prng.next());
const observed = { map, channels: CHANNELS };

/** Vertex colours at every pixel, 0 outside, in the plainest way. */
function renderColours(colours: Float64Array): Float64Array {
  const image = new Float64Array(SIZE * SIZE * CHANNELS);
  fragments.faceIndex.forEach((face, pixel) => {
    if (face < 0) return;
    for (let k = 0; k < 3; k++) {
      for (let c = 0; c < CHANNELS; c++) {
        image[CHANNELS * pixel + c] += fragments.barycentric[3 * pixel + k] *
          colours[CHANNELS * faces[3 * face + k] + c];
      }
    }
  });
  return image;
}

Deno.test("scattering parts is minus the gradient of the squared error at zero", () => {
  const direction = Float64Array.from({ length: 962 * CHANNELS }, () => prng.normal());
  const lossAt = (step: number) =>
    renderColours(direction.map((value) => step * value)).reduce(
      (sum, value, i) => sum + (value - map[i]) ** 2,
      0,
    );
  const sums = new Float64Array(962 * CHANNELS);
  scatterParts(fragments, faces, observed, sums);
  const expected = -sums.reduce((sum, value, i) => sum + value * direction[i], 0);
  assertAlmostEquals((lossAt(1e-3) - lossAt(-1e-3)) / 2e-3, expected, 1e-6 * Math.abs(expected));
});

Deno.test("part IoU equals the mean IoU of the rendered image", () => {
  const colours = Float64Array.from({ length: 962 * CHANNELS }, () => prng.next());
  const iou = partIou(fragments, faces, colours, observed, channelTotals(observed));
  assertAlmostEquals(iou, meanIou(renderColours(colours), map, CHANNELS), 1e-12);
  const empty = { map: new Float64Array(map.length), channels: CHANNELS };
  assert(Number.isNaN(partIou(fragments, faces, colours, empty, channelTotals(empty))));
});

Deno.test("part probabilities sum to 1, are symmetric, and equal where nothing was seen", () => {
  const sums = new Float64Array(962 * CHANNELS);
  scatterParts(fragments, faces, observed, sums);
  const plain = partProbabilities(sums, CHANNELS, false);
  const symmetric = partProbabilities(sums, CHANNELS, true);
  for (const rows of [plain, symmetric]) {
    for (let v = 0; v < 962; v++) {
      const row = rows.subarray(CHANNELS * v, CHANNELS * (v + 1));
      assertAlmostEquals(row.reduce((sum, value) => sum + value, 0), 1, 1e-6);
    }
  }
  const unseen = sums.findIndex((_, i) => i % CHANNELS === 0 && sums[i] === 0) / CHANNELS;
  assertAlmostEquals(plain[CHANNELS * unseen], 1 / 3, 1e-6);
  negativeIndices.forEach((negative, i) => {
    assertEquals(symmetric[CHANNELS * negative], symmetric[CHANNELS * positiveIndices[i]]);
  });
});

/** Two images with two hypotheses each. */
function hypothesesOf(iou: readonly number[], views: readonly number[]): Hypotheses {
  const N = iou.length / 2, all = startViews();
  return {
    N,
    H: 2,
    T: 1,
    rotation: Float32Array.from(views.flatMap((view) => Array.from(all.subarray(4 * view, 4 * view + 4)))),
    scale: new Float32Array(2 * N),
    translation: new Float32Array(4 * N),
    perspective: new Float32Array(2 * N),
    weights: new Float32Array(2 * N).fill(1),
    iou: Float32Array.from(iou),
    ids: Array.from({ length: N }, (_, i) => `${i}`),
  };
}

Deno.test("parts are learnt from sure side views, best IoU first", () => {
  const [side, front, otherSide] = [2, 12, 22];
  const hypotheses = hypothesesOf(
    [0.8, 0.2, 0.9, 0.2, 0.9, 0.2, 0.85, 0.851, 0, 0],
    [side, front, otherSide, front, front, side, side, otherSide, side, side],
  );
  const selected = selectImages(hypotheses, 0.3);
  assertEquals(selected, [
    { image: 1, hypothesis: 0, template: 0 },
    { image: 0, hypothesis: 0, template: 0 },
  ]); // image 2 is a front view, 3 does not agree, 4 has no IoU
});

Deno.test("a template's own labels become certain probabilities", () => {
  const template = boatTemplate();
  assert(templatesHaveParts([template], ["cabin", "bow"]));
  assert(!templatesHaveParts([template], ["cabin", "mast"]));
  const { probabilities, channelNames } = labelledSemantics([template], ["cabin", "bow"]);
  assertEquals(channelNames, ["object without part", "cabin", "bow"]);
  const channelOf = [0, 2, 1]; // hull, bow, cabin
  template.partLabels.forEach((label, v) => {
    const row = Array.from(probabilities.subarray(3 * v, 3 * v + 3));
    assertEquals(row, [0, 1, 2].map((c) => c === channelOf[label] ? 1 : 0));
  });
});
