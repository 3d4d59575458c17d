/**
 * Convolutions without padding.
 *
 * @module
 */
import { type Tensor4D, tf } from "../../core/tensor.ts";
import { activeNativeBackend } from "../native/active.ts";
import { canFuse } from "../native/fused_function.ts";
import { type Precision, runningStep } from "../native/step_settings.ts";
import { inputGradient, kernelGradient, withGradients } from "./convolution_passes.ts";
import { chooseTiling, type TilingLimits, winogradConvolution } from "./winograd/mod.ts";

/**
 * Rounding errors of results stay below 5e-6 of their size, and in bf16 below 5e-3. Values of float32 count for more than
 * they take (80): large maps of 64 channels are left out so, which would save 4 % of a GAN's step for 8 % more memory.
 */
const LIMITS = {
  float32: { products: 6, productsPerValue: 140 },
  bf16: { products: 4, productsPerValue: 110 },
} as const satisfies Record<Precision, TilingLimits>;

/**
 * A `valid` convolution. Large ones in training steps are cut into tiles where that saves products; elsewhere it would take
 * longer to prepare than it saves.
 *
 * @param x Maps, `[B, H, W, I]`
 * @param kernel Kernel, `[kh, kw, I, O]`
 * @param stride Step in both directions
 * @returns Maps, `[B, (H - kh) / stride + 1, (W - kw) / stride + 1, O]`, rounded down
 */
export function conv2d(x: Tensor4D, kernel: Tensor4D, stride = 1): Tensor4D {
  const backend = activeNativeBackend(), step = runningStep();
  if (backend !== null && step !== null) {
    const tiling = chooseTiling(x.shape, kernel.shape, stride, LIMITS[step.precision]);
    if (tiling !== null && canFuse(backend)) {
      return winogradConvolution(backend, x, kernel, tiling, step.precision);
    }
  }
  return withGradients(x, kernel, {
    forward: (maps, weights) => tf.conv2d(maps, weights, stride, "valid"),
    backward: (dy, maps, weights) => [
      inputGradient(dy, weights, maps.shape, stride),
      kernelGradient(maps, dy, weights.shape, stride),
    ],
  });
}
