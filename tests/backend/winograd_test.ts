import { assert, assertEquals } from "@std/assert";
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { compileStep } from "../../lib/backend/compile_step.ts";
import type { Precision } from "../../lib/backend/native/step_settings.ts";
import { conv2d } from "../../lib/backend/ops/conv2d.ts";
import { winogradConvolution } from "../../lib/backend/ops/winograd/convolution.ts";
import { filterMatrices, type Matrix } from "../../lib/backend/ops/winograd/matrices.ts";
import { chooseTiling } from "../../lib/backend/ops/winograd/tiling.ts";
import * as transforms from "../../lib/backend/ops/winograd/transforms.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { assertAllClose, worstDifference } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { nativeTest } from "./native_library.ts";

/** Rounding errors go with the largest values of a result. */
const toleranceOf = (values: ArrayLike<number>) => ({
  absolute: 1e-5 * Array.from(values).reduce((most, value) => Math.max(most, Math.abs(value)), 0),
});
const prng = new Prng(1, "Winograd");

function normals(...shape: number[]): Tensor {
  return tf.tensor(prng.normals(shape.reduce((product, length) => product * length, 1)), shape);
}

function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => row.reduce((sum, coefficient, i) => sum + coefficient * vector[i], 0));
}

/** A tiling for maps of h × w blocks. */
function tilingOf(tile: number, taps: number, stride: number, [h, w]: [number, number]): transforms.Tiling {
  const tiles = [h, w].map((length) => Math.ceil((length - taps + 1) / tile)) as [number, number];
  const matrices = filterMatrices(tile, taps);
  return { matrices, stride, batch: 2, blocks: [h, w], tiles, inChannels: 3, outChannels: 4 };
}

/** All tiles, both strides; maps whose last tiles are whole and cut off. */
const TILINGS = [[2, 2], [3, 2], [4, 2], [2, 3], [3, 3], [4, 3], [2, 5]].flatMap(([tile, taps]) =>
  [1, 2].flatMap((stride) => {
    const whole = 2 * tile + taps - 1;
    return [
      tilingOf(tile, taps, stride, [whole, tile + taps - 1]),
      tilingOf(tile, taps, stride, [whole - 1, taps]),
    ];
  })
);

function describe({ matrices: { tile, taps }, stride, blocks }: transforms.Tiling): string {
  return `tiles of ${tile} with ${taps} taps, stride ${stride}, ${blocks.join(" x ")} blocks`;
}

function exampleOf(
  { matrices: { taps }, stride: s, batch, blocks: [h, w], inChannels, outChannels }: transforms.Tiling,
) {
  const x = normals(batch, h * s, w * s, inChannels) as Tensor4D;
  const kernel = tf.div(normals(taps * s, taps * s, inChannels, outChannels), 10) as Tensor4D;
  const dy = normals(batch, h - taps + 1, w - taps + 1, outChannels) as Tensor4D;
  return { x, kernel, dy };
}

for (const [tile, taps] of [[2, 2], [3, 2], [4, 2], [5, 2], [2, 3], [4, 3], [2, 5]]) {
  Deno.test(`${tile} outputs of ${taps} taps come out of ${tile + taps - 1} products`, () => {
    const { input, filter, output } = filterMatrices(tile, taps);
    const values = Array.from({ length: tile + taps - 1 }, (_, i) => 3 * i * i - 7 * i + 1);
    const weights = Array.from({ length: taps }, (_, i) => 5 - 4 * i);
    const factors = times(filter, weights),
      products = times(input, values).map((value, i) => value * factors[i]);
    const expected = Array.from(
      { length: tile },
      (_, i) => weights.reduce((sum, weight, j) => sum + weight * values[i + j], 0),
    );
    assertAllClose(times(output, products), expected, { absolute: 1e-10 });
  });
}

Deno.test("tiles that are too small or too large are refused", () => {
  for (const [tile, taps] of [[1, 3], [3, 1], [5, 3]]) {
    assertThrowsWith(() => filterMatrices(tile, taps), RangeError, `${tile} and ${taps}`);
  }
});

for (const tiling of TILINGS) {
  Deno.test(`transforms and their transposes fit each other: ${describe(tiling)}`, async () => {
    await useBackend({ backend: "cpu" });
    const { x, dy } = exampleOf(tiling), productCount = tiling.matrices.input.length ** 2;
    const rows = tiling.batch * tiling.tiles[0] * tiling.tiles[1];
    const matrices = (columns: number) => Array.from({ length: productCount }, () => normals(rows, columns));
    const inner = (a: Tensor[], b: Tensor[]) =>
      a.reduce((sum, one, i) => sum + tf.sum(tf.mul(one, b[i])).dataSync()[0], 0);
    const tiles = transforms.tileBlocks(transforms.takeBlocks(x, tiling), tiling);
    const back = matrices(transforms.blockChannels(tiling));
    const unfolded = transforms.unfoldRows(transforms.unfoldColumns(back, tiling), tiling);
    assertAllClose([inner(tiles, back)], [inner([x], [unfolded])], { absolute: 2e-4, relative: 1e-5 });
    const products = matrices(tiling.outChannels);
    const joined = transforms.joinRows(transforms.joinColumns(products, tiling), tiling);
    const untiled = transforms.untileColumns(transforms.untileRows(dy, tiling), tiling);
    assertAllClose([inner(products, untiled)], [inner([joined], [dy])], { absolute: 2e-4, relative: 1e-5 });
  });
}

function direct(x: Tensor4D, kernel: Tensor4D, stride: number): Tensor4D {
  return tf.conv2d(x, kernel, stride, "valid");
}

/** The convolution and its gradients. */
function evaluate(
  run: (x: Tensor4D, kernel: Tensor4D) => Tensor4D,
  { x, kernel, dy }: ReturnType<typeof exampleOf>,
) {
  const gradients = tf.grads((a, b) => run(a as Tensor4D, b as Tensor4D))([x, kernel], dy);
  return [run(x, kernel), ...gradients].map((one) => one.dataSync());
}

function viaTiles(tiling: transforms.Tiling, precision: Precision = "float32") {
  return (x: Tensor4D, kernel: Tensor4D) =>
    winogradConvolution(activeNativeBackend()!, x, kernel, tiling, precision);
}

for (const tiling of TILINGS.filter((_, i) => i % 4 === 1 || i % 4 === 2)) {
  nativeTest(
    `a convolution by ${describe(tiling)} equals the plain one, and so do its gradients`,
    async () => {
      await useBackend({ backend: "native", threads: 2 });
      const example = exampleOf(tiling);
      const expected = evaluate((x, kernel) => direct(x, kernel, tiling.stride), example);
      evaluate(viaTiles(tiling), example).forEach((values, i) => {
        assertAllClose(
          values,
          expected[i],
          toleranceOf(expected[i]),
          ["maps", "gradient of maps", "gradient of kernel"][i],
        );
      });
    },
    tiling.matrices.tile === 4 && tiling.matrices.taps === 3 && tiling.stride === 2 ? "" : "slow",
  );
}

nativeTest("an error of 1 % in any matrix is found by that comparison", async () => {
  await useBackend({ backend: "native", threads: 2 });
  for (const [i, which] of (["input", "filter", "output"] as const).entries()) {
    const tiling = { ...tilingOf(4, 3, 1, [9, 6]), outChannels: 5 + i }, example = exampleOf(tiling); // compiled again
    const planted = tiling.matrices[which].map((row, k) =>
      row.map((value) => k === 1 ? value * 1.01 : value)
    );
    const wrong = { ...tiling, matrices: { ...tiling.matrices, [which]: planted } };
    const expected = evaluate((x, kernel) => direct(x, kernel, 1), example);
    const shares = evaluate(viaTiles(wrong), example)
      .map((values, k) => worstDifference(values, expected[k], toleranceOf(expected[k])).share);
    assert(shares.some((share) => share > 10), `${which}: ${shares}`);
  }
}, "slow");

nativeTest("in bf16 matrices and their products are rounded to eight bits, and nothing else is", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const tiling = { ...tilingOf(3, 2, 2, [9, 9]), inChannels: 64, outChannels: 32 };
  const example = exampleOf(tiling);
  const expected = evaluate((x, kernel) => direct(x, kernel, 2), example);
  const size = (values: ArrayLike<number>) =>
    Math.sqrt(Array.from(values).reduce((sum, value) => sum + value * value, 0));
  evaluate(viaTiles(tiling, "bf16"), example).forEach((values, i) => {
    const error = size(Array.from(values, (value, k) => value - expected[i][k])) / size(expected[i]);
    assert(error > 1e-3 && error < 8e-3, `relative error ${error}`);
  });
});

const LIMITS = { products: 6, productsPerValue: 80 };

Deno.test("small convolutions, those of one tap, and those that no block fits stay as they are", () => {
  const choose = (input: number[], kernel: number[], stride: number) =>
    chooseTiling(
      input as [number, number, number, number],
      kernel as [number, number, number, number],
      stride,
      LIMITS,
    );
  assertEquals(choose([2, 18, 18, 64], [3, 3, 64, 64], 1), null);
  assertEquals(choose([16, 66, 66, 512], [1, 1, 512, 512], 1), null);
  assertEquals(choose([16, 66, 66, 256], [3, 3, 256, 256], 2), null);
  assertEquals(choose([16, 65, 66, 256], [4, 4, 256, 256], 2), null);
  assertEquals(choose([16, 66, 66, 256], [5, 1, 256, 256], 1), null);
  assertEquals(choose([64, 130, 130, 8], [3, 3, 8, 8], 1), null);
});

Deno.test("large ones are cut into the tiles with the least work within the limit", () => {
  const choose = (products: number) =>
    chooseTiling([16, 66, 66, 128], [4, 4, 128, 256], 2, { ...LIMITS, products })?.matrices.tile;
  assertEquals([3, 4, 5, 6].map(choose), [2, 3, 4, 4]);
});

/** 1.2e9 products. */
const LARGE = { x: [2, 66, 66, 128], kernel: [4, 4, 128, 272] } as const;

nativeTest("a step takes tiles for a large convolution, and its replay equals it bit for bit", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const { binding } = activeNativeBackend()!;
  const [x, kernel] = [normals(...LARGE.x), normals(...LARGE.kernel)] as Tensor4D[];
  const makeStep = () => ({ maps, weights }: { maps: Tensor; weights: Tensor }) => {
    const run = (a: Tensor, b: Tensor) => tf.sum(tf.square(conv2d(a as Tensor4D, b as Tensor4D, 2)));
    const { value, grads } = tf.valueAndGrads(run)([maps, weights]);
    return { value, maps: grads[0], weights: grads[1] };
  };
  const run = (step: ReturnType<typeof makeStep>) => {
    const results = Object.values(step({ maps: x, weights: kernel })),
      values = results.map((one) => one.dataSync());
    tf.dispose(results);
    return values;
  };
  const eager = compileStep(makeStep(), { eager: true }), recorded = compileStep(makeStep());
  const expected = run(eager);
  const before = binding.getNumOfTensors();
  run(eager);
  assertEquals(binding.getNumOfTensors(), before);
  assertEquals(run(recorded), expected);
  for (let i = 0; i < 3; i++) assertEquals(run(recorded), expected);
  recorded.dispose();
  const plain = tf.tidy(() =>
    Object.values(makeStep()({ maps: x, weights: kernel })).map((one) => one.dataSync())
  );
  const isEqual = plain.map((values, i) => values.every((value, k) => value === expected[i][k]));
  assertEquals(isEqual.slice(1), [false, false], "outside of steps the plain convolution is taken");
  plain.forEach((values, i) => {
    assertAllClose(expected[i], values, toleranceOf(values));
  });
  tf.dispose([x, kernel]);
});
