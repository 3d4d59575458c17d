/**
 * Backend options from flags.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import type { BackendName, BackendOptions } from "../lib/backend/options.ts";

/** Flags of every command that computes networks. */
export interface BackendFlags {
  /** `--backend`. */
  readonly backend: string;
  /** `--threads`; undefined is one per core. */
  readonly threads: number | undefined;
  /** `--gpu_ids`. */
  readonly gpuIds: readonly string[];
}

/**
 * The options of `useBackend`.
 *
 * @throws {UsageError} If a device is not a whole number, or there are several
 */
export function backendOptions({ backend, threads, gpuIds }: BackendFlags): BackendOptions {
  const ids = gpuIds.map(Number);
  if (ids.some((id) => !Number.isInteger(id) || id < 0)) {
    throw new UsageError(`--gpu_ids must be whole numbers separated by commas, current value is "${gpuIds}"`);
  }
  if (ids.length > 1) {
    throw new UsageError(
      `--gpu_ids must be one device, as this version trains on one; current value is "${gpuIds}"`,
    );
  }
  return { backend: backend as BackendName | "auto", threads: threads ?? 0, gpuIds: ids };
}
