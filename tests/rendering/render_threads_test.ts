import { assert, assertEquals, assertThrows } from "@std/assert";
import { ClosedError } from "../../lib/core/errors.ts";
import { runInNewContext } from "node:vm";
import { setFlagsFromString } from "node:v8";
import { hostTeam } from "../../lib/backend/host_threads.ts";
import { compileStep } from "../../lib/backend/compile_step.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { type Tensor, type Tensor3D, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { BatchRenderer } from "../../lib/rendering/_batch_renderer.ts";
import { render, RENDER_DEFAULTS } from "../../lib/rendering/render.ts";
import { VIEWS } from "../../lib/rendering/_view_parts.ts";
import { WasmHeap } from "../../lib/rendering/_wasm_memory.ts";
import { nativeTest } from "../backend/native_library.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere, randomWeights } from "./scenes.ts";

const S = 64, V = 962, H = 8, W = 16, C = 3, STEPS = 3;
const topology = sphereTopology();

/** Vertices and textures of B views; another seed gives others. */
function scene(batch: number, seed: number): [Tensor3D, Tensor4D] {
  const vertices = Array.from({ length: batch }, (_, b) => Array.from(dentedSphere(seed + b).vertices));
  const texture = Float32Array.from(randomWeights(seed, batch * H * W * C));
  return [
    tf.tensor3d(Float32Array.from(vertices.flat()), [batch, V, 3]),
    tf.tensor4d(texture, [batch, H, W, C]),
  ];
}

const weightsOf = (seed: number, image: Tensor) =>
  tf.tensor(Float32Array.from(randomWeights(seed, image.size)), image.shape);

/** Two renderings in one step, of other sizes; the gradient goes back through both. */
function twoRenderings(v: Tensor, t: Tensor): Tensor {
  const one = render(v as Tensor3D, t as Tensor4D, topology, { size: S });
  const other = render(tf.mul(v, 0.9) as Tensor3D, t as Tensor4D, topology, {
    size: S + 8,
    symmetric: false,
  });
  const same = render(tf.mul(v, 0.8) as Tensor3D, t as Tensor4D, topology, { size: S });
  const images = [one, other, same].flatMap(({ image, silhouette }) => [image, silhouette]);
  return tf.addN(images.map((image, i) => tf.sum(tf.mul(image, weightsOf(i, image)))));
}

/** Sum and gradients of several steps, each with another scene, on the active backend. */
function steps(batch: number, compiled: boolean): Float32Array[] {
  const plain = ({ v, t }: { v: Tensor; t: Tensor }) => {
    const { value, grads } = tf.valueAndGrads(twoRenderings)([v, t]);
    return { value, v: grads[0], t: grads[1] };
  };
  const replayed = compileStep(plain), step = compiled ? replayed : plain;
  const seen = Array.from({ length: STEPS }, (_, i) => {
    const [v, t] = scene(batch, 10 * i + 1), results = Object.values(tf.tidy(() => step({ v, t })));
    const values = results.map((result) => result.dataSync<"float32">().slice());
    tf.dispose([v, t, ...results]);
    return values;
  });
  replayed.dispose();
  return seen.flat();
}

nativeTest(
  "renderings and gradients are the same bits on 1, 2 and 3 threads, eager and replayed",
  async () => {
    for (const batch of [1, 2, 5]) {
      const results: Float32Array[][] = [];
      for (const threads of [1, 2, 3]) {
        await useBackend({ backend: "native", threads });
        results.push(steps(batch, false), steps(batch, true));
        assertEquals(hostTeam(VIEWS).started, Math.min(batch, threads));
      }
      results.forEach((result) => assertEquals(result, results[0]));
      assert(results[0].every((values) => values.some((value) => value !== 0)));
    }
    await useBackend({ backend: "native", threads: 1 });
  },
);

nativeTest("batches of other sizes in turn draw what one thread draws", async () => {
  const draw = async (threads: number) => {
    await useBackend({ backend: "native", threads });
    return [2, 5, 1, 3].map((batch) => {
      const [v, t] = scene(batch, batch);
      const values = tf.tidy(() => render(v, t, topology, { size: S }).image.dataSync().slice());
      tf.dispose([v, t]);
      return values;
    });
  };
  assertEquals(await draw(3), await draw(1));
});

/** Holds small blocks of the heap for ever, so that the next one lies behind all that was taken. */
const MARKS = {};

/** Runs work again and again, while what is forgotten is collected, and tells how many bytes renderers took each time. */
async function growthOf(rounds: number, work: (round: number) => void): Promise<number[]> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const heap = WasmHeap.own()!, length = 64, top = () => heap.allocate(MARKS, length).address;
  const growth: number[] = [];
  for (let round = 0, start = top(), end = start; round < rounds; round++, start = end) {
    work(round);
    collect();
    await new Promise((resolve) => setTimeout(resolve)); // lets finalizers run
    end = top();
    growth.push(end - start - length);
  }
  return growth;
}

Deno.test("renderings without a backward pass take no more memory each time, even without a pause", async () => {
  await useBackend({ backend: "cpu" });
  const [v, t] = scene(2, 1);
  const draw = (): void => tf.tidy(() => void render(v, t, topology, { size: S + 1 }));
  const growth = await growthOf(2, () => Array.from({ length: 20 }, draw));
  assert(growth[0] > 0 && growth[0] < 4e6, `${growth}`);
  assertEquals(growth[1], 0);
  tf.dispose([v, t]);
});

Deno.test("renderings of many kinds in turn draw the same again, in memory that stops growing", async () => {
  await useBackend({ backend: "cpu" });
  const [v, t] = scene(2, 1);
  const draw = (sharpness: number) =>
    tf.tidy(() => {
      const { image, silhouette } = render(v, t, topology, { size: 8, sharpness });
      return [image.dataSync().slice(), silhouette.dataSync().slice()];
    });
  const first: unknown[] = [];
  const growth = await growthOf(24, (round) => first.push(draw(1000 + round)));
  assert(growth[0] > 0 && growth.slice(12).every((bytes) => bytes === 0), `${growth}`);
  first.forEach((images, round) => assertEquals(draw(1000 + round), images));
  tf.dispose([v, t]);
});

Deno.test("renderings whose gradient is never asked for are given back when they are forgotten", async () => {
  await useBackend({ backend: "cpu" });
  const [v, t] = scene(2, 1);
  const unused = tf.grad((v) => {
    tf.dispose(Object.values(render(v as Tensor3D, t, topology, { size: S + 2 })));
    return tf.sum(v);
  });
  const growth = await growthOf(12, () => unused(v).dispose());
  assert(growth[0] > 0 && growth.slice(4).every((bytes) => bytes === 0), `${growth}`);
  tf.dispose([v, t]);
});

nativeTest("a gradient goes back once, and to the threads that drew the images", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const settings = { size: S, texture: { height: H, width: W, channels: C }, ...RENDER_DEFAULTS };
  const batch = new BatchRenderer(topology, settings),
    arrays = (...lengths: number[]) => lengths.map((length) => new Float32Array(2 * length));
  const forward = () => batch.forward(2, arrays(3 * V, H * W * C, S * S * C, S * S), true);
  const backward = () => batch.backward(2, arrays(S * S * C, S * S, H * W * C, 3 * V, H * W * C));
  forward();
  backward();
  assertThrowsWith(backward, Error, "backward", "forward");
  forward();
  await useBackend({ backend: "native", threads: 1 });
  assertThrows(backward, ClosedError);
  forward();
  backward();
});

nativeTest("an error in a thread reaches the step, and the next step draws", async () => {
  await useBackend({ backend: "native", threads: 2 });
  const [v, t] = scene(3, 1);
  const draw = (sharpness: number) =>
    tf.tidy(() => render(v, t, topology, { size: S, sharpness }).silhouette.dataSync().slice());
  const drawn = draw(7000);
  assertThrowsWith(() => draw(-1), Error, "sharpness", -1);
  assertEquals(draw(7000), drawn);
  assertEquals(hostTeam(VIEWS).started, 2);
  tf.dispose([v, t]);
  await useBackend({ backend: "native", threads: 1 });
});
