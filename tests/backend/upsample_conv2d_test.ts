import { assertEquals } from "@std/assert";
import { upsampleConv2d } from "../../lib/backend/ops/upsample_conv2d.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { type PaddingKind, padMap } from "../../lib/networks/layers/padding.ts";
import { upsampleNearest } from "../../lib/networks/layers/upsample.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const TOLERANCE = { absolute: 2e-5, relative: 2e-5 };
const prng = new Prng(1, "doubled convolution");

function normals(...shape: number[]): Tensor4D {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(prng.normals(size), shape as [number, number, number, number]) as Tensor4D;
}

for (const kind of ["zero", "replicateX", "circularX"] as const satisfies PaddingKind[]) {
  for (const [H, W] of [[4, 3], [1, 2], [2, 1]]) {
    Deno.test(`a ${H}x${W} map in upsampleConv2d equals the upsampled map in conv2d, padding ${kind}`, async () => {
      await useBackend({ backend: "cpu" });
      const x = normals(2, H, W, 3), kernel = normals(3, 3, 3, 5), dy = normals(2, 2 * H, 2 * W, 5);
      const small = (map: Tensor, weights: Tensor) =>
        upsampleConv2d(padMap(map as Tensor4D, 1, kind), weights as Tensor4D);
      const large = (map: Tensor, weights: Tensor) =>
        tf.conv2d(padMap(upsampleNearest(map as Tensor4D), 1, kind), weights as Tensor4D, 1, "valid");
      assertEquals(small(x, kernel).shape, [2, 2 * H, 2 * W, 5]);
      assertAllClose(small(x, kernel).dataSync(), large(x, kernel).dataSync(), TOLERANCE);
      const [gradients, expected] = [small, large].map((run) => tf.grads(run)([x, kernel], dy));
      gradients.forEach((gradient, i) =>
        assertAllClose(gradient.dataSync(), expected[i].dataSync(), TOLERANCE)
      );
    });
  }
}

Deno.test("kernels of other sizes than 3x3 are refused", async () => {
  await useBackend({ backend: "cpu" });
  assertThrowsWith(
    () => upsampleConv2d(normals(1, 4, 4, 2), normals(5, 5, 2, 2)),
    TypeError,
    "kernel",
    "[3, 3, 2, O]",
    "[5, 5, 2, 2]",
  );
});
