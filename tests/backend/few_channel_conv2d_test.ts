import { assertEquals } from "@std/assert";
import { fewChannelConv2d } from "../../lib/backend/ops/few_channel_conv2d.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";

const TOLERANCE = { absolute: 2e-5, relative: 2e-5 };

for (
  const [k, O, W] of [[5, 3, 8], [5, 3, 20], [5, 4, 8], [3, 2, 6], [5, 1, 12], [1, 3, 8], [5, 3, 9], [
    5,
    9,
    8,
  ], [
    5,
    5,
    8,
  ]]
) {
  Deno.test(`a ${k}x${k} convolution of ${W} columns to ${O} channels equals conv2d, gradients too`, async () => {
    await useBackend({ backend: "cpu" });
    const prng = new Prng(k * 100 + O * 10 + W, "narrow convolution");
    const normals = (...shape: number[]) =>
      tf.tensor(prng.normals(shape.reduce((product, length) => product * length, 1)), shape);
    const x = normals(2, 6, W, 3), kernel = normals(k, k, 3, O), dy = normals(2, 7 - k, W - k + 1, O);
    const [own, plain] = [fewChannelConv2d, (a: Tensor4D, b: Tensor4D) => tf.conv2d(a, b, 1, "valid")].map((
      run,
    ) => ({
      y: run(x as Tensor4D, kernel as Tensor4D),
      gradients: tf.grads((a, b) => run(a as Tensor4D, b as Tensor4D))([x, kernel], dy),
    }));
    assertEquals(own.y.shape, plain.y.shape);
    assertAllClose(own.y.dataSync(), plain.y.dataSync(), TOLERANCE);
    own.gradients.forEach((gradient, i) =>
      assertAllClose(gradient.dataSync(), plain.gradients[i].dataSync(), TOLERANCE)
    );
  });
}
