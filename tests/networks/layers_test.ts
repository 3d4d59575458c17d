import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor2D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { conv, spectralConv } from "../../lib/networks/layers/convolution.ts";
import { affineNorm, classNorm, conditionalNorm } from "../../lib/networks/layers/norms.ts";
import { padMap } from "../../lib/networks/layers/padding.ts";
import { applyPoleRule, mirrorHalf } from "../../lib/networks/layers/reflection.ts";
import { standardize } from "../../lib/backend/ops/standardize.ts";
import { upsampleBilinear, upsampleNearest } from "../../lib/networks/layers/upsample.ts";
import { residualBlock } from "../../lib/networks/layers/residual_block.ts";
import { leakyRelu } from "../../lib/networks/layers/activations.ts";
import { positionalPlanes } from "../../lib/networks/layers/positional_planes.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";

await tf.setBackend("cpu");

const prng = () => new Prng(1, "test");
const row = (values: number[]): Tensor4D => tf.tensor4d(values, [1, 1, values.length, 1]);
const list = (x: Tensor): number[] => [...x.dataSync()];
const noise = (shape: [number, number, number, number], seed = 2): Tensor4D =>
  tf.tensor4d(new Prng(seed, "noise").normals(shape.reduce((a, b) => a * b, 1)), shape);

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-5): void {
  assertEquals(actual.length, expected.length);
  for (let i = 0; i < actual.length; i++) assertAlmostEquals(actual[i], expected[i], tolerance, `index ${i}`);
}

/** Checks a gradient in float32: a step of 0.001 leaves 0.3 % of rounding, and an error of 1 % fails. */
function checkLayer(f: (x: Tensor4D) => Scalar, x: Tensor4D): void {
  const at = (values: Float64Array) => f(tf.tensor4d(Float32Array.from(values), x.shape)).dataSync()[0];
  const gradient = list(tf.grad((y: Tensor) => f(y as Tensor4D))(x));
  checkGradient(at, Float64Array.from(list(x)), gradient, { epsilon: 1e-3, tolerance: 3e-3, seed: 7 });
}

Deno.test("padding fills zeros, the edge column or the opposite edge", () => {
  assertEquals(list(padMap(row([1, 2, 3]), 1, "zero")).slice(5, 10), [0, 1, 2, 3, 0]);
  assertEquals(list(padMap(row([1, 2, 3]), 2, "replicateX")).slice(14, 21), [1, 1, 1, 2, 3, 3, 3]);
  assertEquals(list(padMap(row([1, 2, 3]), 2, "circularX")).slice(14, 21), [2, 3, 1, 2, 3, 1, 2]);
  assertEquals(list(padMap(row([1, 2, 3]), 1, "circularX")).slice(0, 5), [0, 0, 0, 0, 0]);
});

Deno.test("a strided convolution with padding by hand has torch's size and values", () => {
  const parameters = new Parameters(prng());
  const layer = conv(parameters, "c", { inChannels: 1, outChannels: 1, kernel: 3, stride: 2, padding: 1 });
  const weight = parameters.trainable.get("c.weight")!, bias = parameters.trainable.get("c.bias")!;
  assertEquals(parameters.layouts.get("c.weight"), "convolution");
  assert(list(weight).every((value) => Math.abs(value) <= 1 / 3));
  weight.assign(tf.ones([3, 3, 1, 1]));
  bias.assign(tf.tensor1d([0.5]));
  assertEquals(list(layer(tf.ones([1, 4, 4, 1]), true)), [4.5, 6.5, 6.5, 9.5]);
});

Deno.test("even reflection, pole rule and up-sampling follow the spec", () => {
  assertEquals(list(mirrorHalf(row([1, 2, 3, 4]))), [2, 1, 1, 2, 3, 4, 4, 3]);
  const map = tf.tensor4d([1, 3, 5, 6, 7, 9], [1, 3, 2, 1]);
  assertEquals(list(applyPoleRule(map)), [2, 2, 5, 6, 8, 8]);
  assertEquals(list(upsampleNearest(row([1, 2]))), [1, 1, 2, 2, 1, 1, 2, 2]);
  assertClose(list(upsampleBilinear(row([0, 4]))), [0, 1, 3, 4, 0, 1, 3, 4]);
  const x = noise([2, 3, 2, 2]), weight = noise([2, 6, 4, 2], 3);
  checkLayer((y) => tf.sum(tf.mul(upsampleNearest(y), weight)), x);
  checkLayer((y) => tf.sum(tf.mul(upsampleBilinear(y), weight)), x);
  assertClose(
    list(upsampleBilinear(x)),
    list(tf.image.resizeBilinear(x, [6, 4], false, true)),
  );
});

Deno.test("standardisation has mean 0 and variance 1, and its gradient passes through the statistics", () => {
  const x = noise([2, 3, 2, 3]), weight = noise([2, 3, 2, 3], 5);
  const y = standardize(tf.add(tf.mul(x, 3), 2) as Tensor4D, [0, 1, 2], 1e-5);
  assertClose(list(tf.mean(y, [0, 1, 2])), [0, 0, 0]);
  assertClose(list(tf.mean(tf.square(y), [0, 1, 2])), [1, 1, 1], 1e-4);
  checkLayer((z) => tf.sum(tf.mul(standardize(z, [0, 1, 2], 1e-5), weight)), x);
  checkLayer((z) => tf.sum(tf.mul(standardize(z, [1, 2], 1e-5), weight)), x);
});

Deno.test("batch norm moves its running statistics while training only, the variance unbiased", () => {
  const parameters = new Parameters(prng());
  const norm = affineNorm(parameters, "bn.norm", 1);
  const x = tf.tensor2d([[1], [3]]);
  assertClose(list(norm(x, null, true)), [-1, 1], 1e-4);
  assertClose(list(parameters.buffers.get("bn.norm.running_mean")!), [0.2]);
  assertClose(list(parameters.buffers.get("bn.norm.running_var")!), [0.9 + 0.1 * 2]);
  const before = tf.memory().numTensors;
  const y = norm(x, null, false);
  assertEquals(tf.memory().numTensors, before + 1); // y
  assertClose(list(y), [0.8 / Math.sqrt(1.1), 2.8 / Math.sqrt(1.1)], 1e-4);
  assertClose(list(parameters.buffers.get("bn.norm.running_mean")!), [0.2]);
});

Deno.test("class and conditional norms choose gain and offset by the condition", () => {
  const parameters = new Parameters(prng());
  const byClass = classNorm(parameters, "bn", 1, 2);
  parameters.trainable.get("bn.fc_gamma.weight")!.assign(tf.tensor2d([[2], [10]]));
  parameters.trainable.get("bn.fc_beta.weight")!.assign(tf.tensor2d([[1], [0]]));
  const classes = tf.tensor2d([[1, 0], [0, 1]]);
  assertClose(list(byClass(tf.tensor4d([-1, 1], [2, 1, 1, 1]), classes, true)), [-1, 10], 1e-3);
  assertThrowsWith(() => byClass(tf.zeros([2, 1, 1, 1]), null, true), TypeError, "bn", "null");
  const byCode = conditionalNorm(parameters, "norm", 1, 1, "none");
  for (const name of ["fc_gamma", "fc_beta"]) {
    parameters.trainable.get(`norm.${name}.weight`)!.assign(tf.tensor2d([[1]]));
    parameters.trainable.get(`norm.${name}.bias`)!.assign(tf.tensor1d([0]));
  }
  assertClose(list(byCode(tf.tensor2d([[5]]), tf.tensor2d([[3]]), true)), [5 * 4 + 3]);
});

Deno.test("spectral norm divides by the largest singular value; u and v are constants for the gradient", () => {
  const parameters = new Parameters(prng());
  const layer = spectralConv(parameters, "s", { inChannels: 2, outChannels: 2, kernel: 1, bias: false });
  const weight = parameters.trainable.get("s.weight_orig")!;
  weight.assign(tf.tensor4d([3, 0, 0, 1], [1, 1, 2, 2]));
  const x = tf.tensor4d([1, 1], [1, 1, 1, 2]);
  for (let i = 0; i < 30; i++) layer(x, true);
  assertClose(list(layer(x, false)), [1, 1 / 3]);
  assertClose(list(tf.abs(parameters.buffers.get("s.weight_u")!)), [1, 0]);
  // dL/dW = G/σ − ⟨G, W⟩/σ² · u vᵀ, with G the gradient by the scaled kernel: here all ones.
  const { grads } = tf.variableGrads(() => tf.sum(layer(x, true)) as Scalar, [weight]);
  assertClose(list(grads[weight.name]), [1 / 3 - 4 / 9, 1 / 3, 1 / 3, 1 / 3], 1e-4);
});

Deno.test("a residual block keeps channels first, has no activation behind the sum and names its parts", () => {
  const parameters = new Parameters(prng());
  const block = residualBlock(parameters, "blk", {
    inChannels: 2,
    middleChannels: 2,
    outChannels: 3,
    paddingKind: "replicateX",
    makeConv: conv,
    makeNorm: (name, channels) => affineNorm(parameters, `${name}.norm`, channels),
    normName: "bn",
    activation: (x) => tf.relu(x),
  });
  assertEquals([...parameters.trainable.keys()].sort(), [
    "blk.bn1.norm.bias",
    "blk.bn1.norm.weight",
    "blk.bn2.norm.bias",
    "blk.bn2.norm.weight",
    "blk.conv1.weight",
    "blk.conv2.weight",
    "blk.shortcut.weight",
  ]);
  const y = block(noise([2, 4, 2, 2]), null, true);
  assertEquals(y.shape, [2, 4, 2, 3]);
  assert(list(y).some((value) => value < 0));
});

Deno.test("leaky ReLU has slope 0.2 at 0", () => {
  assertClose(list(tf.grad((x: Tensor) => tf.sum(leakyRelu(x)))(tf.tensor1d([-1, 0, 2]))), [0.2, 0.2, 1]);
});

Deno.test("positional planes are cosine and sine of row and column", () => {
  const planes = positionalPlanes(4);
  assertClose(planes.subarray(0, 4), [1, 0, -1, 0]);
  assertClose(planes.subarray((2 * 4 + 3) * 4, (2 * 4 + 3) * 4 + 4), [0, 1, 0, 1]);
});

Deno.test("layers leave no tensor behind", () => {
  const parameters = new Parameters(prng());
  const layer = spectralConv(parameters, "s", { inChannels: 2, outChannels: 2, kernel: 3, padding: 1 });
  const norm = conditionalNorm(parameters, "n", 2, 3);
  const x = noise([2, 4, 4, 2]), z = tf.ones([2, 3]) as Tensor2D;
  const before = tf.memory().numTensors;
  tf.tidy(() => {
    tf.variableGrads(() => tf.sum(upsampleNearest(norm(layer(x, true), z, true))), parameters.variables());
  });
  assertEquals(tf.memory().numTensors, before);
});
