/**
 * The task of the workers that read samples: one object.
 *
 * @module
 */
import { messageOf } from "../core/errors.ts";
import type { WorkerKind } from "../core/worker_pool.ts";
import type { Sample, SampleTask } from "./dataset.ts";
import { readSample } from "./read_sample.ts";

/** A sample, or why it could not be read; a worker continues after either. */
export type SampleAnswer =
  | { readonly kind: "sample"; readonly sample: Sample }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** Makes the function that reads one sample. */
export function createRunner(): (task: SampleTask) => Promise<SampleAnswer> {
  return async ({ record, resolution, parts }) => {
    try {
      return { kind: "sample", sample: await readSample(record, resolution, parts) };
    } catch (error) {
      const name = error instanceof Error ? error.name : "Error";
      return { kind: "error", name, message: messageOf(error) };
    }
  };
}

/** Workers that read samples. */
export const SAMPLE_KIND: WorkerKind<null, SampleTask, SampleAnswer> = {
  module: new URL(import.meta.url),
  createRunner,
};
