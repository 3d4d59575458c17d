/**
 * Between torch's and tfjs's order of axes, entry by entry.
 *
 * @module
 */
import type { NdArray } from "../../lib/core/arrays.ts";
import { transposeArray } from "../../lib/core/transpose_array.ts";
import type { Parameters, TorchLayout } from "../../lib/networks/parameters.ts";

/** Permutation of axes, torch to tfjs. */
const PERMUTATIONS: Record<TorchLayout, readonly number[] | null> = {
  convolution: [2, 3, 1, 0],
  linear: [1, 0],
  planes: [0, 2, 3, 1],
  spectralV: null,
  plain: null,
};

/**
 * Brings an entry of a torch state_dict into this network's layout.
 *
 * @param parameters Network that has the entry
 * @param name Name of the entry
 * @param array Values in torch's order
 */
export function fromTorchLayout(parameters: Parameters, name: string, array: NdArray): NdArray<Float32Array> {
  return convert(parameters, name, array, true);
}

/**
 * Brings an entry of this network into torch's layout.
 *
 * @param parameters Network that has the entry
 * @param name Name of the entry
 * @param array Values in tfjs's order
 */
export function toTorchLayout(parameters: Parameters, name: string, array: NdArray): NdArray<Float32Array> {
  return convert(parameters, name, array, false);
}

function convert(
  parameters: Parameters,
  name: string,
  array: NdArray,
  fromTorch: boolean,
): NdArray<Float32Array> {
  const layout = parameters.layouts.get(name);
  if (!layout) throw new TypeError(`Cannot reorder a parameter: the network has no entry ${name}`);
  if (layout === "spectralV") {
    const kernel = parameters.trainable.get(name.replace(/weight_v$/, "weight_orig"));
    const [height, width, inChannels] = kernel!.shape; // [kh, kw, I, O]
    const { data } = fromTorch
      ? transposeArray({ data: array.data, shape: [inChannels, height, width] }, [1, 2, 0])
      : transposeArray({ data: array.data, shape: [height, width, inChannels] }, [2, 0, 1]);
    return { data, shape: [data.length] };
  }
  const forward = PERMUTATIONS[layout];
  if (!forward) return { data: Float32Array.from(array.data as ArrayLike<number>), shape: array.shape };
  return transposeArray(array, fromTorch ? forward : forward.map((_, axis) => forward.indexOf(axis)));
}
