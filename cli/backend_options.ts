/**
 * Which device a process computes on.
 *
 * @module
 */
import type { OptionsInput } from "../lib/core/option.ts";
import { communicator } from "../lib/distributed/communicator.ts";
import type { BACKEND_OPTIONS, BackendName, BackendOptions } from "../lib/backend/options.ts";

/** Values of the options of every command that computes networks. */
export type BackendFlags = OptionsInput<typeof BACKEND_OPTIONS>;

/** The options of `useBackend`. One process computes on one device: on a machine with several processes each has its own. */
export function backendOptions(
  { backend, threads, gpuIds = [], eager, precision }: BackendFlags,
): BackendOptions {
  const devices = gpuIds.length > 0 ? gpuIds : [0];
  return {
    ...{ backend, threads, eager, precision },
    gpuIds: [devices[communicator().localRank % devices.length]],
  };
}

/**
 * What is done with `--gpu_ids` where it is not simply followed.
 *
 * @param gpuIds The devices that were asked for
 * @param active The backend that was taken
 * @param isGpu Whether it computes on a GPU of the native backend
 * @returns A sentence, or null where the one device asked for is used
 */
export function deviceSentence(
  gpuIds: readonly number[],
  active: BackendName,
  isGpu: boolean,
): string | null {
  if (!isGpu) return `--gpu_ids is ignored: no GPU of the native backend is used (backend: ${active}).`;
  if (gpuIds.length === 1) return null;
  if (communicator().size > 1) return null;
  return `--gpu_ids names ${gpuIds.length} devices: this process computes on one, ${gpuIds[0]} is taken.`;
}
