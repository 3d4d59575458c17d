import { assert, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { refinedMaps } from "../../lib/pseudogt/refined_maps.ts";
import { sampleTexture, sphereColumns } from "../../lib/rendering/texture.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const SIDE = 256;

/** A texture by a function of the place that the renderer reads, `[SIDE, SIDE, 3]`. */
function textureOf(colour: (u: number, v: number) => number[]): FloatImage {
  const texture = floatImage(SIDE, SIDE, 3);
  for (let texel = 0; texel < SIDE * SIDE; texel++) {
    const v = 1 - Math.floor(texel / SIDE) / (SIDE - 1), u = (texel % SIDE + 0.5) / SIDE;
    texture.data.set(colour(u, v), 3 * texel);
  }
  return texture;
}

const confidenceOf = (share: (texel: number) => number): FloatImage => ({
  data: Float32Array.from({ length: SIDE * SIDE }, (_, texel) => share(texel)),
  ...{ height: SIDE, width: SIDE, channels: 1 },
});

const smooth = textureOf((u, v) => [2 * v - 1, Math.sin(2 * Math.PI * u), Math.cos(2 * Math.PI * u)]);

for (const symmetric of [true, false]) {
  for (const R of [32, 64, 96]) {
    Deno.test(`maps of ${R} texels look the same to the renderer, ${symmetric ? "" : "not "}symmetric`, () => {
      const { completed } = refinedMaps(
        { id: "a", texture: smooth, confidence: confidenceOf(() => 1) },
        R,
        symmetric,
      );
      const prng = new Prng(1, "places"),
        uvs = Float32Array.from({ length: 400 }, () => 0.1 + 0.8 * prng.next());
      const seen = sampleTexture(completed, uvs, sphereColumns(R, symmetric));
      const wanted = sampleTexture(smooth, uvs, sphereColumns(SIDE, true));
      assertAllClose(seen, wanted, { absolute: 0.01 });
      const v = seen.filter((_, k) => k % 3 === 0); // straight in v, where a shift of half a row would show
      assertAllClose(v, Float32Array.from(v, (_, k) => 2 * uvs[2 * k + 1] - 1), { absolute: 5e-4 });
    });
  }
}

Deno.test("known colours are means by confidence, and none is larger than alpha", () => {
  const prng = new Prng(2, "confidence");
  const texture = textureOf((u) => u < 0.5 ? [1, -1, 0.5] : [-1, 1, 0.5]);
  const confidence = confidenceOf((texel) => texel % 2 === 0 && texel % SIDE < SIDE / 2 ? prng.next() : 0);
  const { texture: known, alpha, completed } = refinedMaps({ id: "a", texture, confidence }, 64, true);
  for (let texel = 0; texel < 64 * 64; texel++) {
    const isKnown = texel % 64 < 32;
    assertEquals(alpha.data[texel] > 0, isKnown);
    for (let c = 0; c < 3; c++) {
      assert(Math.abs(known.data[3 * texel + c]) <= alpha.data[texel]);
      const colour = isKnown ? [1, -1, 0.5][c] : 0;
      assert(Math.abs(known.data[3 * texel + c] - colour * alpha.data[texel]) < 1e-6);
      assert(
        Math.abs(completed.data[3 * texel + c] - [1, -1, 0.5][c] * (isKnown || c === 2 ? 1 : -1)) < 1e-6,
      );
    }
  }
});

Deno.test("a texture of as many texels stays as it is, one of fewer is refused", () => {
  const object = { id: "a", texture: smooth, confidence: confidenceOf(() => 1) };
  const { texture, completed } = refinedMaps(object, SIDE, true);
  assertAllClose(completed.data, smooth.data, { absolute: 1e-6 });
  assertAllClose(texture.data, smooth.data, { absolute: 1e-6 });
  assertThrowsWith(
    () => refinedMaps(object, 512, true),
    UserError,
    "512 × 512",
    "256 × 256",
    "--texture_resolution 512",
  );
});
