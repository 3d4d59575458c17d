/**
 * Weights of a network in PyTorch's file.
 *
 * @module
 */
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { describeValue } from "./pickle_values.ts";
import { decodeTorchFile } from "./torch_file.ts";
import { TorchTensor } from "./torch_tensor.ts";

/**
 * Reads the tensors of a state dict.
 *
 * @param bytes The whole file
 * @param path Where the bytes are from, for messages
 * @returns Arrays by name, in torch's order of axes
 * @throws {UserError} If the file is damaged or holds something other than a dict
 */
export function readTorchWeights(bytes: Uint8Array, path: string): ReadonlyMap<string, NdArray> {
  const value = decodeTorchFile(bytes, path);
  if (!(value instanceof Map)) {
    throw new UserError(`Cannot use the weights ${path}: it must hold a dict, not ${describeValue(value)}.`);
  }
  const tensors = [...value].filter(([, tensor]) => tensor instanceof TorchTensor) as [
    unknown,
    TorchTensor,
  ][];
  return new Map(tensors.map(([name, tensor]) => [String(name), tensor.toArray()]));
}
