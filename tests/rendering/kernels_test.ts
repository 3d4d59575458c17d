import { assert, assertEquals } from "@std/assert";
import { shareArray, WorkerPool } from "../../lib/core/worker_pool.ts";
import { contourEdges } from "../../lib/rendering/_contour_edges.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { SOURCE_HASH } from "../../lib/rendering/_wasm_kernels.ts";
import { WasmHeap } from "../../lib/rendering/_wasm_memory.ts";
import { hashOfSources } from "../../tools/wasm_kernels/sources.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere, largestDifference, largestOf, randomTriangles, randomWeights } from "./scenes.ts";
import { SILHOUETTE_KIND } from "./silhouette_task.ts";

Deno.test("the compiled kernels are those of the sources", async () => {
  assertEquals(await hashOfSources(), SOURCE_HASH, "tools/wasm_kernels/build.ts has to be run");
});

Deno.test("both kernels give the same values within 1e-6, losses and gradients", () => {
  for (const [size, seed] of [[128, 1], [192, 2], [256, 3], [100, 4], [37, 5]]) {
    const { vertices, faces } = dentedSphere(seed);
    const single = Float32Array.from(vertices);
    const target = Float32Array.from(randomWeights(seed, size * size), (x) => x > 0 ? 1 : 0);
    const squares = target.reduce((sum, x) => sum + x * x, 0);
    const [fast, plain] = (["auto", "typescript"] as const).map((kernel) => {
      const silhouette = new SoftSilhouette(faces, vertices.length / 3, size, { kernel });
      silhouette.forward(single);
      const image = silhouette.image().slice(), loss = silhouette.meanSquaredError(target, squares);
      return { image, loss, gradient: silhouette.backwardMeanSquaredError().slice() };
    });
    assert(largestDifference(fast.image, plain.image) <= 1e-6, `size ${size}`);
    assert(Math.abs(fast.loss - plain.loss) <= 1e-7, `size ${size}`);
    assert(
      largestDifference(fast.gradient, plain.gradient) <= 1e-5 * largestOf(plain.gradient),
      `size ${size}`,
    );
  }
});

Deno.test("a gradient of NaN does no harm to later images", () => {
  const { vertices, faces } = dentedSphere(6);
  const used = new SoftSilhouette(faces, vertices.length / 3, 40);
  const fresh = new SoftSilhouette(faces, vertices.length / 3, 40);
  used.forward(vertices);
  used.backward(new Float32Array(1600).fill(NaN));
  for (const silhouette of [used, fresh]) silhouette.forward(vertices.map((x) => 0.7 * x));
  const weights = randomWeights(1, 1600);
  assertEquals(used.backward(weights), fresh.backward(weights));
});

Deno.test("workers give the same bits as this thread", async () => {
  const { vertices, faces } = dentedSphere(7);
  const shared = { faces: shareArray(faces), vertices: shareArray(vertices), size: 64 };
  const results: Float32Array[][] = [];
  for (const workers of [0, 1, 3]) {
    const pool = await WorkerPool.start(SILHOUETTE_KIND, shared, workers);
    results.push(await pool.run(4, (index) => index));
    pool.close();
  }
  assert(largestOf(results[0][0]) > 0);
  assertEquals(results[1], results[0]);
  assertEquals(results[2], results[0]);
});

Deno.test("a pixel remembers no more than maxFaces of the faces that are near it", () => {
  // 60 triangles on top of each other, all back-facing, so that none covers a pixel.
  const one = [-0.5, -0.5, 0, -0.5, 0.5, 0, 0.5, -0.5, 0];
  const vertices = Float64Array.from({ length: 60 * 9 }, (_, i) => one[i % 9]);
  const faces = Int32Array.from({ length: 180 }, (_, i) => i);
  for (const kernel of ["auto", "typescript"] as const) {
    const options = { sharpness: 100, boxMargin: 0.2, kernel };
    const single = new SoftSilhouette(faces.subarray(0, 3), 180, 16, options);
    const all = new SoftSilhouette(faces, 180, 16, options);
    single.forward(vertices);
    all.forward(vertices);
    const one = single.image(), many = all.image();
    one.forEach((p, o) => assert(Math.abs(many[o] - (1 - (1 - p) ** 30)) < 2e-6, `${kernel}, pixel ${o}`));
    const gradient = all.backward(new Float32Array(256).fill(1));
    assert(largestOf(gradient.subarray(0, 60)) > 0);
    assertEquals(largestOf(gradient.subarray(2 * 90)), 0, "faces from the 31st on");
  }
});

Deno.test("more faces than K cover a pixel, and it is still covered", () => {
  const one = [-0.6, -0.6, 0, 0.6, -0.6, 0, -0.6, 0.6, 0];
  const vertices = Float64Array.from({ length: 50 * 9 }, (_, i) => i % 3 === 2 ? i : one[i % 9]);
  const faces = Int32Array.from({ length: 150 }, (_, i) => i);
  for (const kernel of ["auto", "typescript"] as const) {
    const silhouette = new SoftSilhouette(faces, 150, 16, { kernel });
    silhouette.forward(vertices);
    assertEquals(silhouette.image()[9 * 16 + 6], 1);
  }
});

Deno.test("a mesh of 200,000 faces is rendered by both kernels alike", () => {
  const { vertices, faces } = randomTriangles(11, 200_000, 0.004);
  const weights = randomWeights(2, 64 * 64);
  const [fast, plain] = (["auto", "typescript"] as const).map((kernel) => {
    const silhouette = new SoftSilhouette(faces, vertices.length / 3, 64, { kernel });
    silhouette.forward(vertices);
    return { image: silhouette.image(), gradient: silhouette.backward(weights) };
  });
  assert(fast.image.some((value) => value === 1));
  assert(largestDifference(fast.image, plain.image) <= 2e-6);
  assert(largestDifference(fast.gradient, plain.gradient) <= 1e-5 * largestOf(plain.gradient) + 1e-7);
});

Deno.test("memory of silhouettes that are gone is used again, cleared", () => {
  const heap = WasmHeap.own()!;
  const first = heap.allocate({}, 1000);
  first.bytes(0, 1000).fill(7);
  heap.release(first);
  const second = heap.allocate({}, 1000);
  assertEquals([second.address, second.bytes(0, 1000).every((x) => x === 0)], [first.address, true]);
  heap.release(second);
});

Deno.test("edges know the faces on their sides, also where more than two meet", () => {
  const { vertices, faces } = contourEdges(Int32Array.of(0, 1, 2, 2, 1, 3, 1, 2, 4));
  const sidesOf = (a: number, b: number) =>
    Array.from({ length: faces.length / 2 }, (_, e) => e)
      .filter((e) => vertices[2 * e] === a && vertices[2 * e + 1] === b)
      .map((e) => [faces[2 * e], faces[2 * e + 1]]);
  assertEquals(sidesOf(0, 1), [[0, 3]]);
  assertEquals(sidesOf(0, 2), [[3, 0]]);
  assertEquals(sidesOf(1, 2).toSorted(), [[0, 1], [2, 3]].toSorted());
  const changing = Int32Array.of(0, 1, 2);
  const before = contourEdges(changing);
  changing[2] = 3;
  assert(contourEdges(changing) !== before && contourEdges(changing).vertices.includes(3));
});

Deno.test("an unknown kernel is named", () => {
  const kernel = "gpu" as "auto";
  assertThrowsWith(
    () => new SoftSilhouette(Int32Array.of(0, 1, 2), 3, 8, { kernel }),
    RangeError,
    "kernel",
    '"auto"',
    '"typescript"',
    '"gpu"',
  );
});
