import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { type SilhouetteOptions, SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import {
  softSilhouetteReference,
  softSilhouetteReferenceBackward,
} from "../../lib/rendering/soft_silhouette_reference.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { checkGradient } from "../helpers/check_gradient.ts";
import {
  dentedSphere,
  fullSquare,
  largestDifference,
  largestOf,
  randomTriangles,
  randomWeights,
  type Scene,
} from "./scenes.ts";

/**
 * Compares values and gradients of both kernels with the reference in float64. WebAssembly holds distances in float32, good
 * to 3e-7 of a pixel: with more sharpness a pixel than in use anywhere this shows.
 */
function assertLikeReference(scene: Scene, size: number, options: SilhouetteOptions, name: string) {
  const { vertices, faces } = scene;
  const reference = softSilhouetteReference(vertices, faces, size, size, options);
  const weights = randomWeights(size, size * size);
  const expected = softSilhouetteReferenceBackward(vertices, faces, reference, weights);
  const largest = largestOf(expected), sharpnessOfPixels = (options.sharpness ?? 7000) / (size / 2) ** 2;
  for (const kernel of ["auto", "typescript"] as const) {
    const fast = new SoftSilhouette(faces, vertices.length / 3, size, { ...options, kernel });
    const factor = kernel === "auto" ? Math.max(1, Math.sqrt(sharpnessOfPixels / 2)) : 1;
    fast.forward(vertices);
    const values = largestDifference(fast.image(), reference.image);
    assert(values < 1e-6 * factor, `${name}, ${kernel}: silhouettes differ by ${values}`);
    const gradients = largestDifference(fast.backward(weights), expected);
    assert(
      gradients < 1e-5 * factor * largest + 1e-7,
      `${name}, ${kernel}: gradients differ by ${gradients}`,
    );
  }
}

Deno.test("the fast silhouette is the reference's on random triangles, for all sizes", () => {
  for (const size of [1, 2, 3, 5, 8, 13, 22, 32]) {
    for (let seed = 1; seed <= 4; seed++) {
      const scene = randomTriangles(10 * size + seed, 15);
      assertLikeReference(scene, size, {}, `size ${size}, seed ${seed}`);
      assertLikeReference(scene, size, { sharpness: 70, boxMargin: 0.2 }, `soft, size ${size}, seed ${seed}`);
      assertLikeReference(
        scene,
        size,
        { sharpness: 700, boxMargin: 0.1, maxFaces: 2 },
        `few, size ${size}, seed ${seed}`,
      );
      assertLikeReference(
        scene,
        size,
        { sharpness: 70000, boxMargin: 0.02 },
        `sharp, size ${size}, seed ${seed}`,
      );
      assertLikeReference(scene, size, { boxMargin: 0 }, `no margin, size ${size}, seed ${seed}`);
    }
  }
});

Deno.test("the fast silhouette is the reference's on the sphere template", () => {
  assertLikeReference(dentedSphere(1), 64, {}, "default");
  assertLikeReference(dentedSphere(2), 50, {}, "size 50");
  assertLikeReference(dentedSphere(3, 0.2), 48, { sharpness: 14000 }, "small and sharp");
  assertLikeReference(dentedSphere(4, 2), 40, {}, "larger than the view");
});

Deno.test("gradients of the reference are those of its image", () => {
  // Terms of 1e-7 keep the rule from dividing by 0; no pixel here is so near to an edge that they would show.
  const options = { sharpness: 300, boxMargin: 0.2, maxFaces: 60 };
  const { vertices, faces } = randomTriangles(7, 25, 0.3);
  const [height, width] = [11, 14];
  const weights = randomWeights(1, height * width);
  const loss = (moved: Float64Array) => {
    const { image } = softSilhouetteReference(moved, faces, height, width, options);
    return weights.reduce((sum, w, i) => sum + w * image[i], 0);
  };
  const silhouette = softSilhouetteReference(vertices, faces, height, width, options);
  const flat = softSilhouetteReferenceBackward(vertices, faces, silhouette, weights);
  const full = vertices.map((_, i) => i % 3 === 2 ? 0 : flat[2 * Math.floor(i / 3) + i % 3]);
  checkGradient(loss, vertices, full);
});

Deno.test("the mean squared error and its gradient are those of the image", () => {
  for (const size of [17, 20]) {
    const { vertices, faces } = dentedSphere(6);
    const silhouette = new SoftSilhouette(faces, vertices.length / 3, size);
    silhouette.forward(vertices);
    const target = Float32Array.from(randomWeights(2, size * size), (x) => x > 0 ? 1 : 0.25);
    const squares = target.reduce((sum, x) => sum + x * x, 0);
    const differences = silhouette.image().map((value, i) => value - target[i]);
    const expected = differences.reduce((sum, x) => sum + x * x, 0) / differences.length;
    assertAlmostEquals(silhouette.meanSquaredError(target, squares), expected, 1e-7);
    const gradient = silhouette.backwardMeanSquaredError().slice();
    const direct = silhouette.backward(differences.map((x) => 2 * x / differences.length));
    assert(largestDifference(gradient, direct) < 1e-6 * largestOf(direct));
  }
});

Deno.test("coverage is in [0, 1], 1 where a face is seen, 0 far away, and sharper is smaller", () => {
  const size = 48;
  const { vertices, faces } = dentedSphere(7, 0.4);
  const silhouette = new SoftSilhouette(faces, vertices.length / 3, size);
  const { faceIndex } = rasterize(vertices, faces, size, size);
  silhouette.forward(vertices);
  const soft = silhouette.image().slice();
  silhouette.sharpness = 70000;
  silhouette.forward(vertices);
  const sharp = silhouette.image();
  soft.forEach((value, o) => {
    if (faceIndex[o] >= 0) assertEquals(value, 1);
    assert(value >= 0 && value <= 1 && sharp[o] <= value);
    const [x, y] = [o % size, Math.floor(o / size)].map((i) => Math.abs((2 * i + 1 - size) / size));
    if (Math.max(x, y) > 0.7) assertEquals(value, 0);
  });
});

Deno.test("a back-facing face leaves the hard pass but stays in the soft one", () => {
  const front: Scene = {
    vertices: Float64Array.of(-0.5, -0.5, 0, 0.6, -0.4, 0, 0, 0.7, 0),
    faces: Int32Array.of(0, 1, 2),
  };
  const away: Scene = { ...front, faces: Int32Array.of(0, 2, 1) };
  const images = [front, away].map(({ vertices, faces }) => {
    const silhouette = new SoftSilhouette(faces, 3, 32);
    silhouette.forward(vertices);
    return silhouette.image();
  });
  const { faceIndex } = rasterize(front.vertices, front.faces, 32, 32);
  assert(images[1].some((value) => value > 0));
  images[0].forEach((value, o) => {
    if (faceIndex[o] < 0) assertAlmostEquals(value, images[1][o], 1e-6);
  });
  assert(images[1][16 * 32 + 16] < 0.01 && images[0][16 * 32 + 16] === 1);
  for (const size of [8, 15]) {
    assertLikeReference(away, size, { sharpness: 30, boxMargin: 0.1 }, "back-facing");
  }
});

Deno.test("covered pixels pass no gradient", () => {
  const { vertices, faces } = fullSquare();
  const silhouette = new SoftSilhouette(faces, 4, 16);
  silhouette.forward(vertices.map((value) => 2 * value));
  assertEquals(silhouette.image().every((value) => value === 1), true);
  assertEquals(largestOf(silhouette.backward(new Float32Array(256).fill(1))), 0);
});

Deno.test("faces without area, beside the view, huge or not numbers do no harm", () => {
  const cases: Record<string, number[]> = {
    "left of the view": [-3, -1, 0, -2, -1, 0, -3, 1, 0],
    "below the view": [-1, -3, 0, 1, -3, 0, 0, -2, 0],
    "between pixels": [0.01, 0.01, 0, 0.02, 0.01, 0, 0.01, 0.02, 0],
    "around the view": [-1e9, -1e9, 0, 1e9, -1e9, 0, 0, 1e9, 0],
    "far away": [1e30, 0, 0, 2e30, 0, 0, 1e30, 1e30, 0],
    "no number": [NaN, -1, 0, 1, -1, 0, 0, 1, 0],
    "no number but x of one corner": [0.1, NaN, 0, NaN, NaN, 0, NaN, NaN, 0],
    "infinite": [-Infinity, -1, 0, 1, -1, 0, 0, 1, 0],
  };
  for (const [name, values] of Object.entries(cases)) {
    for (const faces of [Int32Array.of(0, 1, 2), Int32Array.of(0, 2, 1)]) {
      const vertices = Float64Array.from(values);
      assertLikeReference({ vertices, faces }, 12, { sharpness: 200, boxMargin: 0.1 }, name);
      const both = Float64Array.from([...values, -0.4, -0.5, 0, 0.6, -0.4, 0, 0, 0.5, 0]);
      assertLikeReference(
        { vertices: both, faces: Int32Array.of(...faces, 3, 4, 5) },
        12,
        {},
        `${name} beside one`,
      );
    }
  }
});

Deno.test("lines and points have the reference's values, and gradients that are numbers", () => {
  // Which of several edges in one line is the nearest is left to rounding, so gradients are not compared.
  const cases = [
    [-0.5, -0.5, 0, 0, 0.03, 0, 0.5, 0.56, 0],
    [0.3, 0.2, 0, 0.3, 0.2, 0, 0.3, 0.2, 0],
    [0.3, 0.2, 0, 0.3, 0.2, 0, -0.4, 0.6, 0],
  ];
  const faces = Int32Array.of(0, 1, 2);
  for (const vertices of cases.map((values) => Float64Array.from(values))) {
    const silhouette = new SoftSilhouette(faces, 3, 12, { sharpness: 200 });
    const reference = softSilhouetteReference(vertices, faces, 12, 12, { sharpness: 200 });
    silhouette.forward(vertices);
    assert(largestDifference(silhouette.image(), reference.image) < 1e-6);
    const weights = randomWeights(4, 144);
    assertEquals(silhouette.backward(weights).every(Number.isFinite), true);
    const gradient = softSilhouetteReferenceBackward(vertices, faces, reference, weights);
    assertEquals(gradient.every(Number.isFinite), true);
  }
});

Deno.test("the reference draws images of one row or one column", () => {
  const { vertices, faces } = randomTriangles(12, 12);
  for (const [height, width] of [[1, 9], [9, 1], [1, 1]]) {
    const { image, closeFaceIndex } = softSilhouetteReference(vertices, faces, height, width, {
      maxFaces: 5,
    });
    const { faceIndex } = rasterize(vertices, faces, height, width);
    assertEquals([image.length, closeFaceIndex.length], [height * width, 5 * height * width]);
    faceIndex.forEach((face, o) => face >= 0 && assertEquals(image[o], 1));
    assertEquals(image.every((value) => value >= 0 && value <= 1), true);
  }
});

Deno.test("an object used again gives what a new one gives, bit for bit, and reads meshes of a batch", () => {
  const scenes = [dentedSphere(8), dentedSphere(9, 0.3), dentedSphere(10, 3)];
  const length = scenes[0].vertices.length;
  const batch = Float32Array.from(scenes.flatMap(({ vertices }) => Array.from(vertices)));
  const { faces } = scenes[0];
  const used = new SoftSilhouette(faces, length / 3, 30);
  const weights = randomWeights(3, 900);
  for (const b of [0, 1, 2, 0]) {
    const fresh = new SoftSilhouette(faces, length / 3, 30);
    used.forward(batch, b * length);
    fresh.forward(batch.subarray(b * length, (b + 1) * length));
    assertEquals(used.image(), fresh.image());
    assertEquals(used.backward(weights), fresh.backward(weights));
  }
});

Deno.test("wrong arguments are named", () => {
  const faces = Int32Array.of(0, 1, 2, 2, 1, 3);
  assertThrowsWith(() => new SoftSilhouette(faces, 3, 8), RangeError, "face 1", "(2, 1, 3)");
  assertThrowsWith(() => new SoftSilhouette(faces, 4, 8.5), RangeError, "size", "1 to 16384", 8.5);
  assertThrowsWith(
    () => new SoftSilhouette(faces, 4, 8, { maxFaces: 255 }),
    RangeError,
    "maxFaces",
    "1 to 254",
    255,
  );
  assertThrowsWith(() => new SoftSilhouette(faces, 4, 8, { boxMargin: -1 }), RangeError, "boxMargin", 0, -1);
  assertThrowsWith(() => new SoftSilhouette(faces, 4, 8, { sharpness: 0 }), RangeError, "sharpness", 0);
  const silhouette = new SoftSilhouette(faces, 4, 8);
  assertThrowsWith(() => silhouette.forward(new Float32Array(12), 3), RangeError, "offset", 12, 3);
  assertThrowsWith(() => silhouette.backward(new Float32Array(63)), TypeError, "gradientImage", "[8, 8]", 63);
});
