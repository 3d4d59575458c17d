/**
 * Bilinear sampling of maps at given places.
 *
 * @module
 */
import { checkShapes } from "../../core/shapes.ts";
import { type Tensor, type Tensor1D, type Tensor2D, type Tensor4D, tf } from "../../core/tensor.ts";
import { gatherTaps, scatterTaps, slopesOfTaps } from "./bilinear_taps.ts";
import type { NativeBackend } from "../native/kernel_layer.ts";
import { activeNativeBackend } from "../native/active.ts";
import { ATTRIBUTE_KINDS } from "../native/data_types.ts";
import { FLOAT_TYPE, floatAttribute, runOperation } from "./native_operation.ts";

/** Sampling of padded maps; places are rows `[N, 2]` of (y, x) in pixels of the padded map. */
export interface Sampler {
  /** Values at the places, `[N, C]`; 0 beyond the padded map. */
  forward(padded: Tensor4D, places: Tensor2D): Tensor;
  /** Gradients with respect to padded maps and places. */
  backward(dy: Tensor, padded: Tensor4D, places: Tensor2D): [Tensor, Tensor];
}

/**
 * Samples maps. Pixel centres lie half a pixel inside the edges, which are −1 and 1; beyond them the map is 0.
 *
 * @param maps Maps, `[B, H, W, C]`
 * @param grid Places (x, y), `[B, h, w, 2]`
 * @returns Values, `[B, h, w, C]`; differentiable in maps and places
 * @throws {TypeError} If a shape does not match
 */
export function gridSample(maps: Tensor4D, grid: Tensor4D): Tensor4D {
  const { B, H, W, C } = checkShapes("sample maps", { maps: [maps, ["B", "H", "W", "C"]] });
  const { h, w } = checkShapes("sample maps", { grid: [grid, [B, "h", "w", 2]] });
  const operation = tf.customGrad((...inputs) => {
    const save = inputs[2] as unknown as (tensors: Tensor[]) => void;
    // One pixel of zeros all around, so that taps beyond the edge are ordinary ones.
    const padded = tf.pad(inputs[0] as Tensor4D, [[0, 0], [1, 1], [1, 1], [0, 0]]);
    const scale = perAxis(H / 2, W / 2);
    const places = tf.add(
      tf.mul(swapPairs(inputs[1] as Tensor), scale),
      perAxis(H / 2 + 0.5, W / 2 + 0.5),
    );
    const backend = activeNativeBackend();
    const sampler = backend === null ? portableSampler(h * w) : nativeSampler(backend, h * w);
    save([padded, places, scale]);
    return {
      value: tf.reshape(sampler.forward(padded, places as Tensor2D), [B, h, w, C]),
      gradFunc: (dy, saved) => {
        const [padded, places, scale] = saved as [Tensor4D, Tensor2D, Tensor];
        const rows = tf.reshape(dy, [-1, C]);
        const [dPadded, dPlaces] = sampler.backward(rows, padded, places);
        return [
          tf.slice(dPadded, [0, 1, 1, 0], [B, H, W, C]),
          tf.reshape(swapPairs(tf.mul(dPlaces, scale)), [B, h, w, 2]),
        ];
      },
    };
  });
  return operation(maps, grid) as Tensor4D;
}

/** A number for rows and one for columns, to be combined with pairs (y, x): pairs and one number are several times faster. */
function perAxis(y: number, x: number): Tensor {
  return y === x ? tf.scalar(y) : tf.tensor1d([y, x]);
}

/** (x, y) to (y, x) and back, `[..., 2]` → `[N, 2]`. */
function swapPairs(pairs: Tensor): Tensor2D {
  return tf.reverse(tf.reshape(pairs, [-1, 2]), 1) as Tensor2D;
}

/** Map that each row of places belongs to, `[N]`. */
function mapIndices(batch: number, placesPerMap: number): Tensor1D {
  return tf.tensor1d(
    Int32Array.from({ length: batch * placesPerMap }, (_, i) => Math.floor(i / placesPerMap)),
    "int32",
  );
}

/** Each place is a box of one pixel to TensorFlow. */
function nativeSampler(backend: NativeBackend, placesPerMap: number): Sampler {
  const attributes = [FLOAT_TYPE, { name: "method", type: ATTRIBUTE_KINDS.string, value: "bilinear" }];
  const lastPixel = (padded: Tensor4D) => perAxis(padded.shape[1] - 1, padded.shape[2] - 1);
  const boxes = (padded: Tensor4D, places: Tensor2D) => {
    const corner = tf.div(places, lastPixel(padded));
    return tf.concat([corner, corner], 1);
  };
  return {
    forward: (padded, places) => {
      const inputs = [
        padded,
        boxes(padded, places),
        mapIndices(padded.shape[0], placesPerMap),
        tf.tensor1d([1, 1], "int32"),
      ];
      return runOperation(
        backend,
        "CropAndResize",
        [...attributes, floatAttribute("extrapolation_value", 0)],
        inputs,
        1,
      )[0];
    },
    backward: (dy, padded, places) => {
      const crops = tf.reshape(dy, [-1, 1, 1, padded.shape[3]]);
      const rest = [boxes(padded, places), mapIndices(padded.shape[0], placesPerMap)];
      const size = tf.tensor1d(padded.shape, "int32");
      const [dPadded] = runOperation(
        backend,
        "CropAndResizeGradImage",
        attributes,
        [crops, ...rest, size],
        1,
      );
      const [dBoxes] = runOperation(
        backend,
        "CropAndResizeGradBoxes",
        attributes,
        [crops, padded, ...rest],
        1,
      );
      const [first, second] = tf.split(dBoxes, 2, 1);
      return [dPadded, tf.div(tf.add(first, second), lastPixel(padded))];
    },
  };
}

function portableSampler(placesPerMap: number): Sampler {
  const indices = (padded: Tensor4D) => mapIndices(padded.shape[0], placesPerMap);
  return {
    forward: (padded, places) => gatherTaps(padded, places, indices(padded)),
    backward: (dy, padded, places) => [
      scatterTaps(dy, padded.shape, places, indices(padded)),
      slopesOfTaps(dy, padded, places, indices(padded)),
    ],
  };
}
