/**
 * Bilinear sampling of maps at given places.
 *
 * @module
 */
import { checkShapes } from "../../../lib/core/shapes.ts";
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from "../../../lib/core/tensor.ts";
import { hostOpInPlace } from "../../../lib/backend/host_op.ts";
import { hostTeam } from "../../../lib/backend/host_threads.ts";
import { activeNativeBackend } from "../../../lib/backend/native/active.ts";
import { gatherTaps, scatterTaps, slopesOfTaps } from "./bilinear_taps.ts";
import type { MapSize } from "./grid_sample_kernel.ts";
import { GRID_SAMPLE, type GridSamplePart, gridSampleParts } from "./grid_sample_parts.ts";

/** Fewer values than that are computed in less time than it takes to wake another thread. */
const LEAST_VALUES_FOR_THREADS = 8192;

/**
 * Samples maps. Pixel centres lie half a pixel inside the edges, which are −1 and 1; beyond them the map is 0.
 *
 * On the native backend loops over TensorFlow's memory compute it, a map on each of its threads, so a recorded step is cut
 * here: the operations that TensorFlow has for it either lose contributions to the gradient when several threads add to one
 * texel, or are slower. The values are the same bits for any number of threads.
 *
 * @param maps Maps, `[B, H, W, C]`
 * @param grid Places (x, y), `[B, h, w, 2]`
 * @returns Values, `[B, h, w, C]`; differentiable in maps and places
 * @throws {TypeError} If a shape does not match
 */
export function gridSample(maps: Tensor4D, grid: Tensor4D): Tensor4D {
  const { B, H, W, C } = checkShapes("sample maps", { maps: [maps, ["B", "H", "W", "C"]] });
  const { h, w } = checkShapes("sample maps", { grid: [grid, [B, "h", "w", 2]] });
  const sizes = { batch: B, height: H, width: W, channels: C, places: h * w };
  const sampler = activeNativeBackend() === null ? portableSampler(sizes) : hostSampler(sizes);
  const operation = tf.customGrad((...inputs) => {
    const [maps, grid] = inputs as Tensor4D[];
    const save = inputs[2] as unknown as (tensors: Tensor[]) => void;
    const { values, kept } = sampler.forward(maps, grid);
    save([grid, kept]);
    return {
      value: tf.reshape(values, [B, h, w, C]),
      gradFunc: (dy: Tensor, saved: Tensor[]) => sampler.backward(dy, ...saved as [Tensor4D, Tensor]),
    };
  });
  return operation(maps, grid) as Tensor4D;
}

/** Sizes of a batch. */
interface SampledMaps extends MapSize {
  /** Maps, B. */
  readonly batch: number;
  /** Places on each map, N. */
  readonly places: number;
}

/** The two passes. */
interface Sampler {
  /** Values at the places, `B h w C` of them, and what the backward pass needs beside the places. */
  forward(maps: Tensor4D, grid: Tensor4D): { readonly values: Tensor; readonly kept: Tensor };
  /** Gradients of maps and grid. */
  backward(dy: Tensor, grid: Tensor4D, kept: Tensor): Tensor[];
}

function hostSampler({ batch, places, ...size }: SampledMaps): Sampler {
  const { channels } = size, alone = batch * places * channels < LEAST_VALUES_FOR_THREADS;
  const run = (pass: GridSamplePart["pass"], inputs: Tensor[], ...shapes: (readonly number[])[]) =>
    hostOpInPlace("gridSample", inputs, shapes, (arrays) => {
      hostTeam(GRID_SAMPLE).run(gridSampleParts(pass, size, batch, arrays), alone);
    });
  const shape = [batch, places, channels];
  return {
    forward(maps, grid) {
      const [values, slopes] = run("forward", [maps, grid], shape, [...shape, 2]);
      return { values, kept: slopes };
    },
    backward: (dy, grid, slopes) =>
      run("backward", [dy, slopes, grid], [batch, size.height, size.width, channels], grid.shape),
  };
}

/** One pixel of zeros all around the maps, so that taps beyond the edge are ordinary ones; places in pixels of that. */
function portableSampler({ batch, height, width, channels, places }: SampledMaps): Sampler {
  const pad = (maps: Tensor4D) => tf.pad(maps, [[0, 0], [1, 1], [1, 1], [0, 0]]);
  const scale = () => perAxis(height / 2, width / 2);
  const toPixels = (grid: Tensor4D) =>
    tf.add(tf.mul(swapPairs(grid), scale()), perAxis(height / 2 + 0.5, width / 2 + 0.5)) as Tensor2D;
  const mapIndices = () =>
    tf.tensor1d(
      Int32Array.from({ length: batch * places }, (_, i) => Math.floor(i / places)),
      "int32",
    ) as Tensor1D;
  return {
    forward: (maps, grid) => ({ values: gatherTaps(pad(maps), toPixels(grid), mapIndices()), kept: maps }),
    backward: (dy, grid, maps) => {
      const rows = tf.reshape(dy, [-1, channels]), padded = pad(maps as Tensor4D), pixels = toPixels(grid);
      const ofPadded = scatterTaps(rows, padded.shape, pixels, mapIndices());
      const ofPixels = slopesOfTaps(rows, padded, pixels, mapIndices());
      return [
        tf.slice(ofPadded, [0, 1, 1, 0], maps.shape),
        tf.reshape(swapPairs(tf.mul(ofPixels, scale())), grid.shape),
      ];
    },
  };
}

/** A number for rows and one for columns, to be combined with pairs (y, x): pairs and one number are several times faster. */
function perAxis(y: number, x: number): Tensor {
  return y === x ? tf.scalar(y) : tf.tensor1d([y, x]);
}

/** (x, y) to (y, x) and back, `[..., 2]` → `[N, 2]`. */
function swapPairs(pairs: Tensor): Tensor2D {
  return tf.reverse(tf.reshape(pairs, [-1, 2]), 1) as Tensor2D;
}
