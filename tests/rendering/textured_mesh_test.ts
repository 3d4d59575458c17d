/** Textured images of any mesh in one loop: what the operations give one after another, with gradients. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import {
  interpolateMesh,
  interpolateMeshBackward,
  rasterizeMesh,
  type RasterizeMeshOptions,
  type SampleOptions,
  sampleUvTexture,
  sampleUvTextureBackward,
  texturedMesh,
} from "../../lib/rendering/mod.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import {
  dotOf,
  largeFaces,
  largestDifference,
  largestOf,
  perspectiveScreen,
  randomTriangles,
  randomWeights,
} from "./scenes.ts";

const { vertices: flat, faces } = largeFaces(randomTriangles(5, 60, 0.5));
const screen = perspectiveScreen(flat), V = screen.length / 4, U = 30;
const uvs = randomWeights(1, 2 * U).map((value) => 0.5 + 0.8 * value),
  faceUvs = faces.map((v) => (7 * v) % U);
const attribute = { values: uvs, indices: faceUvs, channels: 2 };

/** Image and gradients by three operations. */
function oneByOne(
  texture: { data: Float64Array; height: number; width: number; channels: number },
  weights: Float64Array,
  options: RasterizeMeshOptions & Pick<SampleOptions, "wrap">,
) {
  const fragments = rasterizeMesh(screen, faces, options), mesh = { screen, faces };
  const at = interpolateMesh(attribute, mesh, fragments);
  const sampling = { wrap: options.wrap, faceIndex: fragments.faceIndex };
  const image = sampleUvTexture(texture, at, sampling);
  const ofTexture = new Float64Array(texture.data.length), ofAt = new Float64Array(at.length);
  sampleUvTextureBackward(texture, at, weights, { texture: ofTexture, uvs: ofAt }, sampling);
  const ofScreen = new Float64Array(screen.length);
  interpolateMeshBackward(attribute, mesh, fragments, ofAt, { screen: ofScreen });
  return { fragments, image, ofTexture, ofScreen };
}

for (const [height, width] of [[9, 14], [14, 9]]) {
  for (const wrap of ["repeat", "clamp"] as const) {
    for (const channels of [1, 3]) {
      Deno.test(`a textured mesh of ${height} × ${width}, ${channels} channels, ${wrap}, with gradients`, () => {
        const options = { height, width, wrap, cull: "none" } as const;
        const texture = { data: randomWeights(2, 6 * 10 * channels), height: 6, width: 10, channels };
        const weights = randomWeights(3, height * width * channels);
        const { fragments, image, ofTexture, ofScreen } = oneByOne(texture, weights, options);
        const renderer = texturedMesh({ faces, uvs, faceUvs }, options);
        const drawn = renderer.forward(screen, texture);
        assertEquals(renderer.fragments.faceIndex, fragments.faceIndex);
        assert(largestOf(drawn) > 0.1 && largestDifference(drawn, image) < 1e-12);
        const gradients = {
          texture: new Float64Array(texture.data.length),
          screen: new Float64Array(screen.length),
        };
        renderer.backward(weights, gradients);
        assert(largestDifference(gradients.texture, ofTexture) < 1e-12 * largestOf(ofTexture));
        assert(largestDifference(gradients.screen, ofScreen) < 1e-10 * largestOf(ofScreen));
        const loss = (positions: Float64Array, data: Float64Array) =>
          dotOf(weights, renderer.forward(positions, { ...texture, data }));
        checkGradient((data) => loss(screen, data), texture.data, gradients.texture, { stride: channels });
        checkGradient((moved) => loss(moved, texture.data), screen, gradients.screen, { stride: 4 });
        // In float32 the same, as far as its digits go.
        const single = { ...texture, data: Float32Array.from(texture.data) };
        const fast = renderer.forward(Float32Array.from(screen), single);
        assertEquals(fast instanceof Float32Array, true);
        assert(largestDifference(fast, image) < 1e-4);
      });
    }
  }
}

Deno.test("pixels without a face take no sample and pass no gradient, at any filter", () => {
  const fragments = rasterizeMesh(screen, faces, { height: 9, width: 14 }), { faceIndex } = fragments;
  const at = interpolateMesh(attribute, { screen, faces }, fragments), C = 3;
  const texture = { data: randomWeights(2, 8 * 8 * C).map((x) => x + 2), height: 8, width: 8, channels: C };
  const weights = randomWeights(4, faceIndex.length * C),
    levels = new Float64Array(faceIndex.length).fill(0.7);
  const masked = weights.map((weight, i) => faceIndex[Math.floor(i / C)] < 0 ? 0 : weight);
  for (const filter of ["nearest", "bilinear", "mip"] as const) {
    const options = { filter, levels: filter === "mip" ? levels : null };
    const all = sampleUvTexture(texture, at, options),
      seen = sampleUvTexture(texture, at, { ...options, faceIndex });
    seen.forEach((value, i) => assertEquals(value, faceIndex[Math.floor(i / C)] < 0 ? 0 : all[i]));
    const gradients = [masked, weights].map((weights, i) => {
      const of = { texture: new Float64Array(texture.data.length), uvs: new Float64Array(at.length) };
      sampleUvTextureBackward(texture, at, weights, of, i ? { ...options, faceIndex } : options);
      return of;
    });
    assertEquals(gradients[1], gradients[0]);
  }
});

Deno.test("a textured mesh names what is wrong", () => {
  const renderer = texturedMesh({ faces, uvs, faceUvs }, { height: 4, width: 6 });
  const texture = { data: new Float64Array(12), height: 2, width: 2, channels: 3 };
  assertThrowsWith(() => renderer.fragments, TypeError, "fragments", "forward");
  assertThrowsWith(() => renderer.backward(new Float64Array(72), {}), TypeError, "backward", "forward");
  assertThrowsWith(
    () => renderer.forward(screen, { ...texture, width: 3 }),
    TypeError,
    "texture",
    "[2, 3, 3]",
    12,
  );
  renderer.forward(screen, texture);
  assertThrowsWith(
    () => renderer.backward(new Float64Array(71), {}),
    TypeError,
    "gradientImage",
    "[4, 6, 3]",
    71,
  );
  const far = { faces, uvs, faceUvs: faceUvs.map(() => U) };
  assertThrowsWith(() => texturedMesh(far, { height: 4, width: 6 }), RangeError, "face 0", U);
  assertThrowsWith(
    () =>
      texturedMesh({ faces, uvs, faceUvs }, { height: 4, width: 6, wrap: "no" as "clamp" }).forward(
        screen,
        texture,
      ),
    RangeError,
    "wrap",
    "repeat",
    "clamp",
    '"no"',
  );
  assertAlmostEquals(V, screen.length / 4);
});
