import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { findParts, partPoints } from "../../lib/pose/auto_parts.ts";
import { clusterPoints, nearestCentre } from "../../lib/pose/cluster_points.ts";
import { choosePoses } from "../../lib/pose/step2.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { boatDataset, boatHypotheses, boatImage, boatTemplate, flipped, poseNearView } from "./boat.ts";

const poses = Array.from(
  { length: 12 },
  (_, i) => poseNearView([1, 2, 3, 21, 22, 23][i % 6], [1, 0.01 * i, 0, 0.02]),
);
const plain = boatDataset(poses);
/** Boats whose bow is dark and whose cabin is bright, on paint that differs from image to image. */
const painted = {
  ...plain,
  sample: async (i: number, side: number) => {
    const sample = await plain.sample(i, side);
    const { parts } = boatImage(poses[i], side);
    const paint = 0.1 * (i % 4) - 0.2;
    sample.image.data.forEach((_, k) => {
      const pixel = 4 * Math.floor(k / 3);
      const object = parts[pixel + 1] * paint + parts[pixel + 2] * (paint - 0.6) +
        parts[pixel + 3] * (paint + 0.6);
      sample.image.data[k] = object;
    });
    return sample;
  },
};

Deno.test("clusters find separate groups, and the nearest centre is the group's", () => {
  const prng = new Prng(3, "points");
  const groups = [[0, 0], [5, 0], [0, 5]];
  const points = Float32Array.from(
    { length: 120 },
    (_, k) => groups[Math.floor(k / 2) % 3][k % 2] + 0.1 * prng.normal(),
  );
  const centres = clusterPoints(points, 2, 3, new Prng(1, "centres"));
  const found = groups.map((group) => nearestCentre(Float64Array.from(group), 0, centres, 2));
  assertEquals(new Set(found).size, 3);
  groups.forEach((group, g) =>
    assert(Math.hypot(centres[2 * found[g]] - group[0], centres[2 * found[g] + 1] - group[1]) < 0.1)
  );
});

Deno.test("parts without labels follow the look, not the paint, and are the same every time", async () => {
  const options = { looks: ["saturation"], clusters: 3, resolution: 48 } as const;
  const found = await findParts(painted, options);
  assertEquals(found.partNames, ["cluster 1", "cluster 2", "cluster 3"]);
  const again = await findParts(painted, options);
  const labelled = await found.sample(5, 48), truth = boatImage(poses[5], 48).parts;
  assertEquals(labelled.parts, (await again.sample(5, 48)).parts);
  const { data, channels } = labelled.parts!;
  assertEquals(channels, 5);
  const majority = [1, 2, 3].map((part) => {
    const counts = [0, 0, 0];
    for (let p = 0; p < 48 * 48; p++) {
      if (truth[4 * p + part] === 1) counts.forEach((_, k) => counts[k] += data[channels * p + 2 + k]);
    }
    return Math.max(...counts) / counts.reduce((sum, count) => sum + count, 0);
  });
  assert(majority[1] > 0.8 && majority[2] > 0.8, `${majority}`);
  for (let p = 0; p < 48 * 48; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += data[channels * p + c];
    assert(Math.abs(sum - 1) < 1e-6);
  }
  assert(!partPoints(await painted.sample(0, 16), "saturation").pixels.includes(0), "the corner is outside");
});

Deno.test("hues tell red from green of equal brightness and saturation, and share a pixel with the other kind", async () => {
  const coloured = {
    ...plain,
    sample: async (i: number, side: number) => {
      const sample = await plain.sample(i, side), { parts } = boatImage(poses[i], side);
      for (let p = 0; p < side * side; p++) {
        const red = parts[4 * p + 2] === 1, green = parts[4 * p + 3] === 1; // bow and cabin on grey
        sample.image.data.set(red ? [0.5, -0.5, -0.5] : green ? [-0.5, 0.5, -0.5] : [0, 0, 0], 3 * p);
      }
      return sample;
    },
  };
  const redness = (look: "saturation" | "hue", features: Float32Array, k: number) =>
    features[(look === "hue" ? 4 : 3) * k + 1];
  const sample = await coloured.sample(5, 48), truth = boatImage(poses[5], 48).parts;
  for (const look of ["saturation", "hue"] as const) {
    const { pixels, features } = partPoints(sample, look);
    const mean = (part: number) => {
      const own = [...pixels.keys()].filter((k) => truth[4 * pixels[k] + part] === 1);
      return own.reduce((sum, k) => sum + redness(look, features, k), 0) / own.length;
    };
    const difference = mean(2) - mean(3);
    assert(look === "hue" ? difference > 1 : Math.abs(difference) < 1e-3, `${look}: ${difference}`);
  }
  const found = await findParts(coloured, { clusters: 4, resolution: 48 });
  assertEquals(found.partNames.length, 8);
  const { data, channels } = (await found.sample(5, 48)).parts!;
  const inside = partPoints(sample, "hue").pixels[0];
  assertEquals(
    Array.from(data.subarray(inside * channels + 2, (inside + 1) * channels)).filter((v) => v > 0),
    [
      0.5,
      0.5,
    ],
  );
});

Deno.test("parts without labels tell front from back", async () => {
  const pairs = poses.flatMap((pose, i) => {
    return [3, 8].includes(i) ? [flipped(pose), pose] : [pose, flipped(pose)];
  });
  const hypotheses = boatHypotheses(painted, pairs, (k) => k % 2 === 0 ? 0.9 : 0.8);
  const options = { imageResolution: 48, workers: 0, autoRounds: 2 } as const;
  const messages: string[] = [];
  const choice = await choosePoses(painted, [boatTemplate()], hypotheses, { ...options, parts: "auto" }, {
    onMessage: (sentence) => messages.push(sentence),
  });
  assertEquals(
    Array.from(choice.best),
    pairs.filter((_, k) => k % 2 === 0).map((_, i) => [3, 8].includes(i) ? 1 : 0),
  );
  assert(messages[0].includes("40 clusters"));
  const both = { ...painted, partNames: ["bow", "cabin"], sample: boatDataset(poses, true).sample };
  const joined = await choosePoses(both, [boatTemplate()], hypotheses, {
    ...options,
    parts: "both",
    silhouetteWeight: 1,
  });
  assertEquals(joined.best, choice.best);
  const [own, found] = joined.kinds!; // each counts the silhouette, their sum once
  joined.scores.forEach((score, k) =>
    assertAlmostEquals(score, own.scores[k] + found.scores[k] - joined.iou[k], 1e-6)
  );
  assertEquals(joined.semantics!.channelNames[1], "bow");
});

Deno.test("too few clusters are refused", async () => {
  await assertRejectsWith(() => findParts(painted, { clusters: 1 }), RangeError, "clusters", "2 to 200", 1);
});
