/** The operations that networks use, as cases: inputs, what is computed, and whether its gradient is compared too. */
import { leakyRelu, relu } from "../../lib/backend/ops/activations.ts";
import { addBias } from "../../lib/backend/ops/add_bias.ts";
import { batchNorm } from "../../lib/backend/ops/batch_norm.ts";
import { conv2d } from "../../lib/backend/ops/conv2d.ts";
import { upsampleConv2d } from "../../lib/backend/ops/upsample_conv2d.ts";
import { doubleBilinear } from "../../lib/backend/ops/double_bilinear.ts";
import { gridSample } from "../reference/grid_sample/grid_sample.ts";
import { fewChannelConv2d } from "../../lib/backend/ops/few_channel_conv2d.ts";
import { softmax } from "../../lib/backend/ops/softmax.ts";
import { padMap } from "../../lib/networks/layers/padding.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from "../../lib/core/tensor.ts";

/** How input values are drawn. */
type Draw = "normal" | "positive" | "distinct";

/** One comparison. */
export interface OpCase {
  readonly name: string;
  /** Shape of each differentiable input. */
  readonly shapes: readonly (readonly number[])[];
  readonly run: (...inputs: Tensor[]) => Tensor;
  /** Values of the inputs: normal; positive (0.5 to 2); distinct (no two equal, none near 0: for kinks). */
  readonly draw?: Draw;
  /** Whether gradients are compared (default true). */
  readonly gradient?: boolean;
}

const image = (x: Tensor): Tensor4D => x as Tensor4D;

function convolutions(): OpCase[] {
  const cases: OpCase[] = [];
  for (const [size, kernel] of [[6, 3], [7, 3], [8, 5], [6, 1], [8, 4]] as const) {
    for (const pad of ["valid", "same"] as const) {
      for (const stride of [1, 2]) {
        cases.push({
          name: `conv2d ${size}x${size - 1}, ${kernel}x${kernel}, ${pad}, stride ${stride}`,
          shapes: [[2, size, size - 1, 3], [kernel, kernel, 3, 4]],
          run: (x, w) => tf.conv2d(image(x), image(w), stride, pad),
        });
      }
    }
  }
  return cases;
}

function matrixProducts(): OpCase[] {
  return [[false, false], [false, true], [true, false], [true, true]].flatMap(([a, b]) => {
    const first = a ? [4, 3] : [3, 4], second = b ? [5, 4] : [4, 5];
    const run = (x: Tensor, y: Tensor) => tf.matMul(x, y, a, b);
    const turns = `${a ? " transposed" : ""} by${b ? " transposed" : ""}`;
    return [
      { name: `matMul${turns}`, shapes: [first, second], run },
      { name: `matMul of batches${turns}`, shapes: [[2, ...first], [2, ...second]], run },
    ];
  });
}

/** Element-wise operations of one input. */
function unaryCases(): OpCase[] {
  const unary: [string, (x: Tensor) => Tensor, Draw?][] = [
    ["relu", tf.relu, "distinct"],
    ["leakyRelu", (x) => tf.leakyRelu(x, 0.2), "distinct"],
    ["relu6", tf.relu6, "distinct"],
    ["tanh", tf.tanh],
    ["sigmoid", tf.sigmoid],
    ["softplus", tf.softplus],
    ["exp", tf.exp],
    ["expm1", tf.expm1],
    ["log", tf.log, "positive"],
    ["sqrt", tf.sqrt, "positive"],
    ["rsqrt", tf.rsqrt, "positive"],
    ["square", tf.square],
    ["reciprocal", tf.reciprocal, "positive"],
    ["abs", tf.abs, "distinct"],
    ["neg", tf.neg],
    ["sin", tf.sin],
    ["cos", tf.cos],
    ["clipByValue", (x) => tf.clipByValue(x, -0.7, 0.7), "distinct"],
    ["clone", (x) => tf.clone(x)],
    ["zerosLike", (x) => tf.zerosLike(x)],
    ["onesLike", (x) => tf.onesLike(x)],
    ["softmax", (x) => tf.softmax(x)],
    ["logSoftmax", (x) => tf.logSoftmax(x)],
    ["floor", tf.floor],
    ["sign", tf.sign, "distinct"],
    ["round", tf.round, "distinct"],
  ];
  return unary.map(([name, run, draw]) => ({ name, shapes: [[2, 3, 4]], run, draw }));
}

/** tfjs has no gradient of these for inputs of different shapes. */
const NO_BROADCAST_GRADIENT = new Set(["maximum", "minimum", "squaredDifference"]);

/** Element-wise operations of two inputs, with and without broadcasting. */
function binaryCases(): OpCase[] {
  const binary: [string, (a: Tensor, b: Tensor) => Tensor, Draw?][] = [
    ["add", tf.add],
    ["sub", tf.sub],
    ["mul", tf.mul],
    ["div", tf.div, "positive"],
    ["maximum", tf.maximum, "distinct"],
    ["minimum", tf.minimum, "distinct"],
    ["squaredDifference", tf.squaredDifference],
    ["pow", tf.pow, "positive"],
  ];
  const shapes = [[[2, 3, 4], [2, 3, 4]], [[2, 3, 4], [4]], [[2, 3, 4], [1, 3, 1]], [[2, 3, 4], []]];
  return binary.flatMap(([name, run, draw]) =>
    shapes.map((pair, i) => ({
      name: `${name} [${pair[0]}] [${pair[1]}]`,
      shapes: pair,
      run,
      draw,
      gradient: i === 0 || !NO_BROADCAST_GRADIENT.has(name),
    }))
  );
}

function reductions(): OpCase[] {
  const kinds: [string, (x: Tensor, axes?: number[], keep?: boolean) => Tensor, Draw?][] = [
    ["sum", tf.sum],
    ["mean", tf.mean],
    ["max", tf.max, "distinct"],
    ["min", tf.min, "distinct"],
  ];
  return kinds.flatMap(([name, run, draw]): OpCase[] => [
    { name: `${name} of all`, shapes: [[2, 3, 4]], run: (x) => run(x), draw },
    { name: `${name} over the last axis`, shapes: [[2, 3, 4]], run: (x) => run(x, [2]), draw },
    {
      name: `${name} over rows and columns, kept`,
      shapes: [[2, 4, 3, 5]],
      run: (x) => run(x, [1, 2], true),
      draw,
    },
    { name: `${name} over the batch`, shapes: [[4, 6]], run: (x) => run(x, [0]), draw },
  ]);
}

function layouts(): OpCase[] {
  const map = [2, 4, 6, 3];
  return [
    { name: "reshape", shapes: [map], run: (x) => tf.reshape(x, [8, 18]) },
    { name: "transpose of a matrix", shapes: [[3, 5]], run: (x) => tf.transpose(x) },
    { name: "transpose to channels first", shapes: [map], run: (x) => tf.transpose(x, [0, 3, 1, 2]) },
    { name: "transpose 1203", shapes: [map], run: (x) => tf.transpose(x, [1, 2, 0, 3]) },
    { name: "transpose of rank 5", shapes: [[2, 3, 2, 3, 2]], run: (x) => tf.transpose(x, [0, 1, 3, 2, 4]) },
    { name: "pad with zeros", shapes: [map], run: (x) => tf.pad(x, [[0, 0], [1, 2], [3, 0], [0, 0]]) },
    { name: "pad with a value", shapes: [[3, 4]], run: (x) => tf.pad(x, [[1, 0], [0, 2]], 0.5) },
    { name: "slice", shapes: [map], run: (x) => tf.slice(x, [0, 1, 2, 0], [2, 2, 3, 3]) },
    { name: "slice of columns", shapes: [[4, 7]], run: (x) => tf.slice(x, [0, 2], [4, 3]) },
    { name: "concat in x", shapes: [map, [2, 4, 2, 3]], run: (x, y) => tf.concat([x, y], 2) },
    { name: "concat of channels", shapes: [map, [2, 4, 6, 1]], run: (x, y) => tf.concat([x, y], 3) },
    { name: "concat of three", shapes: [[2, 3], [1, 3], [3, 3]], run: (x, y, z) => tf.concat([x, y, z], 0) },
    { name: "stack", shapes: [[2, 3], [2, 3]], run: (x, y) => tf.stack([x, y], 1) },
    { name: "stack of maps", shapes: [map, map], run: (x, y) => tf.stack([x, y], 3) },
    { name: "unstack", shapes: [[3, 4]], run: (x) => tf.sub(tf.unstack(x, 1)[1], tf.unstack(x, 1)[3]) },
    { name: "split", shapes: [map], run: (x) => tf.mul(tf.split(x, 2, 1)[1], tf.split(x, 2, 1)[0]) },
    { name: "tile", shapes: [[2, 3, 1, 2]], run: (x) => tf.tile(x, [1, 2, 3, 1]) },
    { name: "broadcastTo", shapes: [[2, 1, 3]], run: (x) => tf.broadcastTo(x, [2, 4, 3]) },
    { name: "reverse columns", shapes: [map], run: (x) => tf.reverse(x, 2) },
    { name: "reverse rows and columns", shapes: [map], run: (x) => tf.reverse(x, [1, 2]) },
    { name: "expandDims", shapes: [[2, 3]], run: (x) => tf.expandDims(x, 1) },
    { name: "squeeze", shapes: [[2, 1, 3]], run: (x) => tf.squeeze(x, [1]) },
    { name: "cumsum", shapes: [[3, 4]], run: (x) => tf.cumsum(x, 1) },
  ];
}

function selections(): OpCase[] {
  const indices = (...values: number[]): Tensor1D => tf.tensor1d(values, "int32");
  return [
    { name: "gather of rows", shapes: [[5, 3]], run: (x) => tf.gather(x, indices(4, 0, 0, 2)) },
    { name: "gather along axis 1", shapes: [[2, 5, 3]], run: (x) => tf.gather(x, indices(1, 4, 1), 1) },
    {
      name: "gather by a matrix of indices",
      shapes: [[6, 2]],
      run: (x) => tf.gather(x, tf.tensor2d([[0, 5, 1], [1, 1, 3]], [2, 3], "int32")),
    },
    {
      name: "unsortedSegmentSum",
      shapes: [[5, 3]],
      run: (x) => tf.unsortedSegmentSum(x, indices(0, 2, 0, 3, 2), 5),
    },
    {
      name: "where",
      shapes: [[2, 3], [2, 3]],
      draw: "distinct",
      run: (x, y) => tf.where(tf.tensor2d([1, 0, 1, 0, 0, 1], [2, 3], "bool"), x, y),
    },
    {
      name: "greater",
      shapes: [[2, 3], [2, 3]],
      gradient: false,
      run: (x, y) => tf.cast(tf.greater(x, y), "float32"),
    },
    {
      name: "less",
      shapes: [[2, 3], [2, 3]],
      gradient: false,
      run: (x, y) => tf.cast(tf.less(x, y), "float32"),
    },
    { name: "argMax", shapes: [[3, 4]], gradient: false, draw: "distinct", run: (x) => tf.argMax(x, 1) },
    { name: "oneHot", shapes: [], gradient: false, run: () => tf.oneHot(indices(1, 0, 2), 4) },
    {
      name: "cast to int32 and back",
      shapes: [[2, 3]],
      gradient: false,
      run: (x) => tf.cast(tf.cast(x, "int32"), "float32"),
    },
    { name: "moments", shapes: [[2, 3, 4, 2]], run: (x) => tf.moments(x, [0, 1, 2]).variance },
  ];
}

function resamplings(): OpCase[] {
  const resize = tf.image.resizeNearestNeighbor, bilinear = tf.image.resizeBilinear;
  return [
    { name: "avgPool 2x2", shapes: [[2, 4, 6, 3]], run: (x) => tf.avgPool(image(x), 2, 2, "valid") },
    {
      name: "avgPool 3x3, same, stride 1",
      gradient: false, // that of cpu and wasm counts the padding
      shapes: [[1, 5, 4, 2]],
      run: (x) => tf.avgPool(image(x), 3, 1, "same"),
    },
    {
      name: "maxPool 2x2",
      shapes: [[2, 4, 6, 3]],
      draw: "positive", // the gradient of wasm is wrong where all values are negative
      run: (x) => tf.maxPool(image(x), 2, 2, "valid"),
    },
    // one square map: the gradient of cpu is wrong for others
    { name: "nearest, twice the size", shapes: [[1, 4, 4, 3]], run: (x) => resize(image(x), [8, 8]) },
    // square: the gradient of cpu takes rows for columns
    { name: "bilinear", shapes: [[2, 4, 4, 3]], run: (x) => bilinear(image(x), [7, 5]) },
    {
      name: "bilinear, corners aligned",
      shapes: [[1, 4, 4, 2]],
      run: (x) => bilinear(image(x), [5, 7], true),
    },
    {
      name: "bilinear, half-pixel centres",
      shapes: [[1, 3, 4, 2]],
      gradient: false, // tfjs's own gradient drops the flag
      run: (x) => bilinear(image(x), [6, 8], false, true),
    },
    {
      name: "depthwiseConv2d",
      shapes: [[1, 5, 6, 3], [3, 3, 3, 1]],
      gradient: false,
      run: (x, w) => tf.depthwiseConv2d(image(x), image(w), 2, "same"),
    },
    {
      name: "batchNorm",
      shapes: [[2, 3, 4, 3], [3], [3], [3], [3]],
      draw: "positive",
      run: (x, ...parameters) => {
        const [mean, variance, offset, scale] = parameters as Tensor1D[];
        return tf.batchNorm(x, mean, variance, offset, scale, 1e-5);
      },
    },
    {
      name: "spectral norm's steps",
      shapes: [[6, 4], [6, 1]],
      run: (w, u) => {
        const v = tf.matMul(w as Tensor2D, u as Tensor2D, true);
        const unit = tf.div(v, tf.sqrt(tf.add(tf.sum(tf.square(v)), 1e-12)));
        return tf.div(w, tf.sum(tf.mul(tf.matMul(w as Tensor2D, unit as Tensor2D), u)));
      },
    },
  ];
}

/** Our own operations: native ones on the native backend, made of tfjs's elsewhere. */
function ownOperations(): OpCase[] {
  const affine = (gain: Tensor, offset: Tensor) => ({ gain, offset });
  return [
    { name: "own relu", shapes: [[3, 5]], draw: "distinct", run: (x) => relu(x) },
    { name: "own leaky relu", shapes: [[2, 3, 4, 2]], draw: "distinct", run: (x) => leakyRelu(x, 0.2) },
    {
      name: "own convolution of an upsampled map",
      shapes: [[2, 5, 6, 3], [3, 3, 3, 4]],
      run: (x, w) => upsampleConv2d(image(x), image(w)),
    },
    ...[[5, 3, 8], [3, 1, 6], [5, 1, 12], [5, 5, 8], [5, 3, 7]].map(([kernel, channels, width]): OpCase => ({
      name: `own ${kernel}x${kernel} convolution of ${width} columns to ${channels} channels`,
      shapes: [[2, 6, width, 3], [kernel, kernel, 3, channels]],
      run: (x, w) => fewChannelConv2d(image(x), image(w)),
    })),
    ...[[8, 6, 4], [8, 6, 2], [9, 6, 4]].map(([height, width, kernel]): OpCase => ({
      name: `own ${kernel}x${kernel} convolution of ${height}x${width} with stride 2`,
      shapes: [[2, height, width, 64], [kernel, kernel, 64, 128]], // many channels: gradients by products of matrices
      // Weights as small as initial ones: rounding of a sum goes with its terms, here a thousand, and how they are added up
      // differs between processors.
      run: (x, w) => conv2d(image(x), image(tf.mul(w, 1 / 32)), 2),
    })),
    { name: "own softmax", shapes: [[2, 3, 4, 5]], run: (x) => softmax(tf.mul(x, 3)) },
    { name: "own bias of maps", shapes: [[2, 3, 4, 5], [5]], run: (x, b) => addBias(x, b) },
    { name: "own bias of vectors", shapes: [[4, 3], [3]], run: (x, b) => addBias(x, b) },
    { name: "own batch norm of maps", shapes: [[3, 4, 2, 5]], run: (x) => batchNorm(x, 1e-5, null) },
    {
      name: "own batch norm of large maps with gain and offset",
      shapes: [[4, 12, 6, 3], [3], [3]],
      run: (x, gain, offset) => batchNorm(x, 1e-5, affine(gain, offset)),
    },
    {
      name: "own batch norm of vectors with gain and offset",
      shapes: [[7, 4], [4], [4]],
      run: (x, gain, offset) => batchNorm(x, 1e-5, affine(gain, offset)),
    },
    { name: "own bilinear doubling", shapes: [[2, 3, 5, 3]], run: (x) => doubleBilinear(image(x)) },
    {
      name: "own bilinear doubling of one pixel",
      shapes: [[1, 1, 1, 2]],
      run: (x) => doubleBilinear(image(x)),
    },
    { name: "own wrapping padding", shapes: [[2, 4, 6, 3]], run: (x) => padMap(image(x), 2, "circularX") },
    { name: "own repeating padding", shapes: [[2, 4, 6, 3]], run: (x) => padMap(image(x), 2, "replicateX") },
    {
      name: "own grid sample",
      shapes: [[2, 5, 4, 3], [2, 3, 6, 2]],
      run: (x, grid) => gridSample(image(x), image(grid)),
    },
    {
      name: "own grid sample of two channels",
      shapes: [[2, 5, 4, 2], [2, 3, 6, 2]],
      run: (x, grid) => gridSample(image(x), image(grid)),
    },
  ];
}

/** All cases. */
export const OP_CASES: readonly OpCase[] = [
  ...convolutions(),
  ...matrixProducts(),
  ...unaryCases(),
  ...binaryCases(),
  ...reductions(),
  ...layouts(),
  ...selections(),
  ...resamplings(),
  ...ownOperations(),
];

/** Values of a case's result and gradients on the active backend. */
export interface OpResult {
  readonly shape: readonly number[];
  readonly value: Float32Array;
  readonly gradients: readonly Float32Array[];
}

/** Runs a case on the active backend with inputs that depend on its name only. */
export function runCase({ name, shapes, run, draw = "normal", gradient = true }: OpCase): OpResult {
  const prng = new Prng(1, "op", name);
  return tf.tidy(() => {
    const inputs = shapes.map((shape) => tf.tensor(drawValues(prng, draw, shape), [...shape]));
    const value = run(...inputs);
    if (!gradient || shapes.length === 0) return { shape: value.shape, value: floats(value), gradients: [] };
    const weights = tf.tensor(prng.normals(value.size), value.shape);
    const gradients = tf.grads((...x: Tensor[]) => run(...x))(inputs, weights);
    return { shape: value.shape, value: floats(value), gradients: gradients.map(floats) };
  });
}

/** Slope of a weighted sum of a case's results along a random direction, by difference and by gradient. */
export function slopes(
  name: string,
  shapes: readonly (readonly number[])[],
  run: OpCase["run"],
  step: number,
): { measured: number; predicted: number; size: number } {
  const prng = new Prng(2, "slope", name);
  return tf.tidy(() => {
    const normal = (shape: readonly number[]) =>
      tf.tensor(prng.normals(shape.reduce((size, length) => size * length, 1)), [...shape]);
    const inputs = shapes.map(normal), direction = shapes.map(normal);
    const weights = normal(run(...inputs).shape);
    const value = (factor: number) => {
      const moved = inputs.map((input, i) => tf.add(input, tf.mul(direction[i], factor)));
      const terms = floats(tf.mul(run(...moved), weights));
      return terms.reduce((sum, term) => sum + term, 0);
    };
    const gradients = tf.grads((...x: Tensor[]) => run(...x))(inputs, weights);
    const along = gradients.map((gradient, i) => floats(tf.mul(gradient, direction[i])));
    const predicted = along.reduce((sum, terms) => sum + terms.reduce((a, b) => a + b, 0), 0);
    const size = Math.sqrt(along.reduce((sum, terms) => sum + terms.reduce((a, b) => a + b * b, 0), 0));
    return { measured: (value(step) - value(-step)) / (2 * step), predicted, size };
  });
}

function drawValues(prng: Prng, draw: Draw, shape: readonly number[]): Float32Array {
  const size = shape.reduce((product, length) => product * length, 1);
  if (draw === "normal") return prng.normals(size);
  if (draw === "positive") return Float32Array.from({ length: size }, () => prng.uniform(0.5, 2));
  const step = 3 / size;
  return Float32Array.from(
    prng.permutation(size),
    (place) => (place + 0.5 + prng.uniform(-0.2, 0.2)) * step - 1.5,
  );
}

const floats = (tensor: Tensor): Float32Array => Float32Array.from(tensor.dataSync());
