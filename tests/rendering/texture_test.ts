import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { sampleTexture, sampleTextureBackward, sphereColumns } from "../../lib/rendering/texture.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { adjustTextureBackward, adjustUvsAndTexture } from "../reference/adjust_texture.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import { largestDifference, randomWeights } from "./scenes.ts";

const H = 5, W = 8, C = 3, N = 40;
const texture: FloatImage = { data: randomWeights(1, H * W * C), height: H, width: W, channels: C };
const uvs = randomWeights(2, 2 * N).map((value) => 0.5 + 0.5 * value); // [N, 2]
const weights = randomWeights(3, N * C);
const dot = (samples: ArrayLike<number>) => weights.reduce((sum, w, i) => sum + w * samples[i], 0);

Deno.test("corners of a texture lie at the corners of its coordinates, and outside is 0", () => {
  const grey: FloatImage = { data: Float64Array.of(1, 2, 3, 4), height: 2, width: 2, channels: 1 };
  const at = (u: number, v: number) => sampleTexture(grey, Float64Array.of(u, v))[0];
  assertEquals([at(0, 1), at(1, 1), at(0, 0), at(1, 0)], [1, 2, 3, 4]);
  assertEquals(at(0.5, 0.5), 2.5);
  assertEquals([at(1.5, 1), at(-1.1, 1), at(0, 3), at(NaN, 0)], [1, 0, 0, 0]);
});

for (
  const [name, columns] of [["outside 0", undefined], ["around the sphere", sphereColumns(W, true)]] as const
) {
  Deno.test(`gradients of texture samples are those of the sampling, ${name}`, () => {
    const gradientTexture = new Float64Array(H * W * C), gradientUvs = new Float64Array(2 * N);
    sampleTextureBackward(texture, uvs, weights, { texture: gradientTexture, uvs: gradientUvs }, columns);
    const ofTexture = (data: Float64Array) => dot(sampleTexture({ ...texture, data }, uvs, columns));
    checkGradient(ofTexture, texture.data as Float64Array, gradientTexture);
    checkGradient((moved) => dot(sampleTexture(texture, moved, columns)), uvs, gradientUvs);
  });
}

for (const symmetric of [true, false]) {
  Deno.test(`wrapping columns equal a padded texture, symmetric ${symmetric}`, () => {
    const padded = adjustUvsAndTexture(uvs, texture, symmetric);
    assertEquals(padded.texture.width, symmetric ? W + 2 : W + 1);
    const expected = sampleTexture(padded.texture, padded.uvs);
    const found = sampleTexture(texture, uvs, sphereColumns(W, symmetric));
    assert(largestDifference(found, expected) < 1e-12);
  });

  Deno.test(`the gradient of a padded texture is summed into the texture, symmetric ${symmetric}`, () => {
    const pad = (data: Float64Array) => adjustUvsAndTexture(uvs, { ...texture, data }, symmetric).texture;
    const { width } = pad(texture.data as Float64Array);
    const weight = randomWeights(4, H * width * C);
    const image: FloatImage = { data: weight, height: H, width, channels: C };
    const loss = (data: Float64Array) => {
      const padded = pad(data).data;
      return weight.reduce((sum, w, i) => sum + w * padded[i], 0);
    };
    checkGradient(loss, texture.data as Float64Array, adjustTextureBackward(image, symmetric).data);
  });
}

Deno.test("symmetric columns have their centres at (j + 1/2) / W, rows at 1 - i / (H - 1)", () => {
  const centres = Float64Array.from(
    { length: 2 * W },
    (_, i) => i % 2 ? 0.75 : (Math.floor(i / 2) + 0.5) / W,
  );
  const samples = sampleTexture(texture, centres, sphereColumns(W, true));
  assert(largestDifference(samples, texture.data.subarray(W * C, 2 * W * C)) < 1e-12);
  const seam = sampleTexture(texture, Float64Array.of(0, 1, 1, 1), sphereColumns(W, true));
  for (let c = 0; c < C; c++) assertAlmostEquals(seam[c], seam[C + c], 1e-12);
});

Deno.test("a texture whose size is not that of its data is refused", () => {
  assertThrowsWith(
    () => sampleTexture({ ...texture, width: 7 }, uvs),
    TypeError,
    "texture",
    "[5, 7, 3]",
    120,
  );
});
