import { assert } from "@std/assert";
import { batchNorm } from "../../lib/backend/ops/batch_norm.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { nativeTest } from "./native_library.ts";

const EPSILON = 1e-5;
/** Mean of the values in deviations; what is lost of a mean that is small against the deviation does not show. */
const MEAN = 5;
/** Values that lie near the kink of a rectifier behind the norm. */
const NEAR = 0.1;

/** The values standardised per channel, in float64. */
function reference(values: Float32Array, channels: number): Float64Array {
  const result = new Float64Array(values.length), count = values.length / channels;
  for (let c = 0; c < channels; c++) {
    let mean = 0, variance = 0;
    for (let i = c; i < values.length; i += channels) mean += values[i] / count;
    for (let i = c; i < values.length; i += channels) variance += (values[i] - mean) ** 2 / count;
    for (let i = c; i < values.length; i += channels) {
      result[i] = (values[i] - mean) / Math.sqrt(variance + EPSILON);
    }
  }
  return result;
}

nativeTest("batch norm is exact where rectifiers bend, for maps of any size", async () => {
  await useBackend({ backend: "native", threads: 1 });
  for (const shape of [[4, 4, 8, 16], [4, 16, 16, 4], [4, 64, 32, 16], [16, 64, 32, 8]]) {
    const size = shape.reduce((product, length) => product * length);
    const values = new Prng(1, `maps ${shape}`).normals(size).map((value) => value + MEAN);
    const expected = reference(values, shape[3]);
    const found = tf.tidy(() => batchNorm(tf.tensor(values, shape), EPSILON, null).dataSync());
    const worst = expected.reduce(
      (most, value, i) => Math.abs(value) < NEAR ? Math.max(most, Math.abs(value - found[i])) : most,
      0,
    );
    assert(worst < 1.5e-6, `[${shape}]: ${worst}`);
  }
});
