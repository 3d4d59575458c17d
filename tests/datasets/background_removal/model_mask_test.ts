import { assert, assertAlmostEquals, assertEquals, assertStringIncludes } from "@std/assert";
import { Prng } from "../../../lib/core/prng.ts";
import { UserError } from "../../../lib/core/errors.ts";
import { alikePatches } from "../../../lib/datasets/background_removal/alike_patches.ts";
import { withoutBorderLevel } from "../../../lib/datasets/background_removal/border_level.ts";
import { ColourVotes } from "../../../lib/datasets/background_removal/colour_votes.ts";
import { findMainObject } from "../../../lib/datasets/background_removal/find_main_object.ts";
import { maskOfObject } from "../../../lib/datasets/background_removal/model_mask.ts";
import {
  backgroundRemoverOnDemand,
  openBackgroundRemover,
} from "../../../lib/datasets/background_removal/background_remover.ts";
import type { FoundObject } from "../../../lib/datasets/background_removal/object_odds.ts";
import { otsuThreshold } from "../../../lib/datasets/background_removal/otsu.ts";
import type { ByteImage } from "../../../lib/io/byte_image.ts";
import { assertFacts, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { encodeOnnx, type OnnxGraph } from "../../helpers/onnx_builder.ts";
import { onnxTest } from "../../helpers/onnx_test.ts";
import { inFolder, inProject } from "../../helpers/temporary_folder.ts";

/** A reddish disc before greenish noise, and its true mask. */
function disc(side: number): { image: ByteImage; mask: Uint8Array } {
  const data = new Uint8Array(side * side * 3),
    mask = new Uint8Array(side * side),
    random = new Prng(3, "disc");
  for (let p = 0; p < side * side; p++) {
    const x = p % side / side - 0.5, y = Math.floor(p / side) / side - 0.45;
    mask[p] = x * x + y * y < 0.06 ? 1 : 0;
    const noise = 30 * random.next();
    data.set(mask[p] ? [180 + noise, 60 + noise, 50] : [60 + noise, 110 + noise, 70], 3 * p);
  }
  return { image: { data, height: side, width: side, channels: 3 }, mask };
}

/** What a coarse model would tell of a disc: means of cells of a grid, moved a little. */
function coarse(mask: Uint8Array, side: number, cells: number, low = 0.1, high = 0.8) {
  const data = new Float32Array(cells * cells), share = (cells / side) ** 2;
  for (let p = 0; p < mask.length; p++) {
    const i = Math.floor(Math.floor(p / side) * cells / side), j = Math.floor(p % side * cells / side);
    data[i * cells + j] += share * (mask[p] ? high : low);
  }
  return { data, height: cells, width: cells };
}

function iou(a: Uint8Array, b: ArrayLike<number>): number {
  let both = 0, either = 0;
  a.forEach((value, p) => {
    both += value & b[p];
    either += value | b[p];
  });
  return both / either;
}

Deno.test("Otsu's threshold lies between two heaps of values", () => {
  const values = Float32Array.from({ length: 1000 }, (_, k) => k % 4 === 0 ? 0.7 + k / 1e4 : 0.1 + k / 1e4);
  const threshold = otsuThreshold(values);
  assert(threshold > 0.2 && threshold < 0.7, `${threshold}`);
  assertEquals(otsuThreshold(Float32Array.of(2, 2)), 2);
});

Deno.test("colours vote near them only, and say nothing of colours that nobody has", () => {
  const lab = new Float32Array(40 * 40 * 3), belief = new Float32Array(40 * 40);
  for (let p = 0; p < 1600; p++) {
    const isLeft = p % 40 < 20;
    lab.set([50, isLeft ? 40 : -40, 0], 3 * p); // red on the left, green on the right
    belief[p] = Math.floor(p / 40) < 20 ? (isLeft ? 1 : -1) : 0;
  }
  const votes = new ColourVotes(lab, 40, 40, belief, { place: 0.5 });
  assert(votes.at(50, 40, 0, 10, 10) > 3);
  assert(votes.at(50, -40, 0, 10, 30) < -3);
  assertAlmostEquals(votes.at(50, 0, 0, 10, 20), 0, 0.05);
});

Deno.test("patches are told apart by features where belief is weak or wrong", () => {
  const random = new Prng(5, "patches"), count = 120, features = 8;
  const truth = Array.from({ length: count }, (_, n) => n % 3 === 0 ? 1 : -1);
  const data = Float32Array.from(
    { length: count * features },
    (_, k) => (k % features < 2 ? truth[Math.floor(k / features)] : 0) + 0.5 * random.normal(),
  );
  const belief = Float32Array.from(truth, (t, n) => n % 10 === 0 ? -0.3 * t : n % 2 === 0 ? 0.9 * t : 0);
  const values = alikePatches({ data, rows: 10, columns: 12 }, belief);
  assertEquals([...values].filter((value, n) => Math.sign(value) !== truth[n]).length, 0);
});

Deno.test("the level of the border is taken off, not that of the middle", () => {
  const values = Float32Array.from({ length: 48 * 48 }, (_, p) => {
    const i = Math.floor(p / 48), j = p % 48;
    return (i < 24 ? 0.4 : 0.1) + (Math.hypot(i - 24, j - 24) < 10 ? 0.5 : 0);
  });
  const less = withoutBorderLevel(values, 48, 48);
  assert(Math.abs(less[2 * 48 + 24] - less[45 * 48 + 24]) < 0.12); // 0.3 before
  assert(less[24 * 48 + 24] > less[2 * 48 + 24] + 0.3);
});

Deno.test("a coarse map becomes an exact mask where colours tell object and background apart", () => {
  for (const side of [120, 640]) { // as it is, and looked at smaller
    const { image, mask } = disc(side), map = coarse(mask, side, 14);
    const { mask: found } = maskOfObject({ map, threshold: null, patches: null }, image);
    assert(iou(found, mask) > 0.985, `${side}: ${iou(found, mask)}`);
  }
  const { image, mask } = disc(120), random = new Prng(7, "grey");
  const grey = { ...image, data: image.data.map(() => Math.floor(256 * random.next())) };
  const map = coarse(mask, 120, 14),
    found = maskOfObject({ map, threshold: null, patches: null }, grey);
  assert(iou(found.mask, mask) > 0.8 && iou(found.mask, mask) < 0.97); // no colours to go by
});

Deno.test("before a plain background the contour is that of the colours where the model agrees", () => {
  const { mask } = disc(160), data = new Uint8Array(160 * 160 * 3);
  for (let p = 0; p < mask.length; p++) data.set(mask[p] ? [120, 60, 50] : [200, 200, 190], 3 * p);
  const map = coarse(mask, 160, 40), image = { data, height: 160, width: 160, channels: 3 };
  const found = maskOfObject({ map, threshold: null, patches: null }, image);
  assert(iou(found.mask, mask) > 0.995, `${iou(found.mask, mask)}`);
  assertEquals(found.doubt, null);
});

Deno.test("a map that hardly tells anything is doubted", () => {
  const { image } = disc(100), random = new Prng(1, "map");
  const map = { data: Float32Array.from({ length: 400 }, () => random.next()), height: 20, width: 20 };
  const { doubt, sureness } = maskOfObject({ map, threshold: 0.5, patches: null }, image);
  assert(sureness! < 0.8);
  assertFacts(doubt!, "80 %");
});

Deno.test("two models join where they agree; where they do not, the second one's object is taken and doubted", async () => {
  const { image, mask } = disc(120), other = mask.map((_, p) => p % 120 > 90 && p < 40 * 120 ? 1 : 0);
  const finds = (mask: Uint8Array, patches: FoundObject["patches"] = null) => ({
    find: () => Promise.resolve({ map: coarse(mask, 120, 40), threshold: 0.5, patches }),
  });
  const patches = { data: new Float32Array(9), rows: 3, columns: 3 };
  const joined = await findMainObject(finds(mask), finds(mask, patches), image);
  assertEquals([joined.patches, joined.doubt], [patches, undefined]);
  const { map, doubt } = await findMainObject(finds(other), finds(mask), image);
  assertEquals(map, coarse(mask, 120, 40));
  assertFacts(doubt!, "IoU", "0.00");
  assertEquals((maskOfObject({ map, threshold: 0.5, patches: null, doubt }, image)).doubt, doubt);
});

/** Tells how red an image is, as odds, beside an output that is no map. */
const REDNESS: OnnxGraph = {
  input: { name: "image", shape: [1, 3, 56, 56] },
  constants: [
    { name: "weights", shape: [1, 3, 1, 1], values: [60, -60, 0] },
    { name: "axes", shape: [2], values: [2, 3], type: "int64" },
  ],
  nodes: [
    { kind: "Conv", inputs: ["image", "weights"], outputs: ["map"] },
    { kind: "ReduceMean", inputs: ["map"], outputs: ["mean"], attributes: { axes: [2, 3], keepdims: 1 } },
  ],
  outputs: [{ name: "mean", rank: 4 }, { name: "map", rank: 4 }],
};

onnxTest("a model of one's own removes backgrounds, and one without a map is refused", async () => {
  await inFolder(async (folder) => {
    const { image, mask } = disc(120), model = `${folder}/a.onnx`;
    await Deno.writeFile(model, encodeOnnx(REDNESS));
    const remover = await openBackgroundRemover({ model, mean: [0, 0, 0], deviation: [255, 255, 255] });
    assertEquals(remover.sentence, `masks: the model ${model}.`);
    const both = await Promise.all([remover.remove(image), remover.remove(image)]);
    for (const found of both) assert(iou(found.mask, mask) > 0.97);
    await remover.close();
    await Deno.writeFile(model, encodeOnnx({ ...REDNESS, outputs: [REDNESS.outputs[0]] }));
    const other = await openBackgroundRemover({ model });
    await assertRejectsWith(() => other.remove(image), UserError, "mean", "'maskOutput'");
    await other.close();
  });
});

Deno.test("without a model the way of old is taken, and setup is named, once and when it is needed", () =>
  inProject(async () => {
    const told: string[] = [], remover = backgroundRemoverOnDemand({}, (sentence) => told.push(sentence));
    assertEquals(told, []);
    const { image } = disc(60);
    assertEquals((await remover.remove(image)).sureness, null);
    await remover.remove(image);
    assertEquals(told.length, 1);
    assertStringIncludes(told[0], "`deno task setup --vision`");
    await remover.close();
  }));
