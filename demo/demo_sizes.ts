/**
 * Sizes of the demo.
 *
 * @module
 */
import { PIPELINE_SIZES, type PipelineSizes } from "../lib/pipeline/sizes.ts";
import type { BackendName } from "../lib/backend/options.ts";

/** Sizes of the demo, with the number of its images. */
export interface DemoSizes extends PipelineSizes {
  /** Images of the synthetic data set. */
  readonly images: number;
}

/**
 * Sizes of the demo: the whole one, the quick one, and smaller ones for backends that are many times slower than the
 * native one.
 */
export function demoSizes(backend: BackendName, quick: boolean): DemoSizes {
  const { demo } = PIPELINE_SIZES;
  const fast = backend === "native" || backend === "webgpu";
  if (fast && !quick) return { ...demo, images: 96, ganIterations: 600 };
  const short = { ...demo, exports: 8, poseResolution: 96 };
  if (fast) return { ...short, images: 40, reconstructionIterations: 240, ganIterations: 180 };
  if (!quick) return { ...short, images: 48, reconstructionIterations: 240, ganIterations: 240 };
  return { ...short, images: 24, reconstructionIterations: 60, ganIterations: 60 };
}
