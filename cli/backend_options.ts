/**
 * Backend options from flags.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import { communicator } from "../lib/distributed/communicator.ts";
import type { BackendName, BackendOptions, Precision } from "../lib/backend/options.ts";

/** Flags of every command that computes networks. */
export interface BackendFlags {
  /** `--backend`. */
  readonly backend: string;
  /** `--threads`; undefined is one per core. */
  readonly threads: number | undefined;
  /** `--eager`; false where the command has no such flag. */
  readonly eager?: boolean;
  /** `--precision`; float32 where the command has no such flag. */
  readonly precision?: string;
  /** `--gpu_ids`. */
  readonly gpuIds: readonly string[];
}

/**
 * The options of `useBackend`. One process computes on one device: on a machine with several processes each has its own.
 *
 * @throws {UsageError} If a device is not a whole number
 */
export function backendOptions(flags: BackendFlags): BackendOptions {
  const { backend, threads, eager = false, precision = "float32", gpuIds } = flags;
  const ids = gpuIds.map(Number);
  if (ids.some((id) => !Number.isInteger(id) || id < 0)) {
    throw new UsageError(`--gpu_ids must be whole numbers separated by commas, current value is "${gpuIds}"`);
  }
  return {
    backend: backend as BackendName | "auto",
    threads: threads ?? 0,
    eager,
    precision: precision as Precision,
    gpuIds: ids.length === 0 ? [] : [ids[communicator().localRank % ids.length]],
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
  gpuIds: readonly string[],
  active: BackendName,
  isGpu: boolean,
): string | null {
  if (!isGpu) return `--gpu_ids is ignored: no GPU of the native backend is used (backend: ${active}).`;
  if (gpuIds.length === 1) return null;
  if (communicator().size > 1) return null;
  return `--gpu_ids names ${gpuIds.length} devices: this process computes on one, ${gpuIds[0]} is taken.`;
}
