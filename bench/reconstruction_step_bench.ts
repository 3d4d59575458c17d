/**
 * Whole training steps of the reconstruction, renderer included, beside PyTorch's step of the network alone, measured in
 * turn: `deno task bench:reconstruction [--size 256] [--batch 4] [--threads 2] [--json FILE]`.
 *
 * The bound is on the step less the time of our renderer, in PyTorch's time.
 */
import { parseArgs } from "@std/cli";
import { useBackend } from "../lib/backend/select_backend.ts";
import { compileStep } from "../lib/backend/native/compile.ts";
import { Prng } from "../lib/core/prng.ts";
import { type Tensor, type Tensor3D, type Tensor4D, tf } from "../lib/core/tensor.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { reconstructionConfig, ReconstructionNetwork } from "../lib/networks/reconstruction_network.ts";
import { projectTensor } from "../lib/rendering/project_tensor.ts";
import { render } from "../lib/rendering/render.ts";
import { makeReconstructionStep, ReconstructionObjective } from "../lib/reconstruction/training_step.ts";
import { Adam } from "../lib/training/adam.ts";

const ROUNDS = 5, REPEATS = 2, WARM_UP = 3, BOUND = 0.75, PARTS = 4;

const flags = parseArgs(Deno.args, { string: ["size", "batch", "threads", "json"] }) as Record<
  string,
  string | undefined
>;
const size = Number(flags.size ?? 256),
  batch = Number(flags.batch ?? 4),
  threads = Number(flags.threads ?? 2);
await useBackend({ backend: "native", threads });

const prng = new Prng(1, "bench"), topology = sphereTopology();
const random = (low: number, high: number, ...shape: number[]): Tensor =>
  tf.tensor(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => prng.uniform(low, high)),
    shape,
  );
const constant = (values: readonly number[]): Tensor => tf.tile(tf.tensor2d([[...values]]), [batch, 1]);
const rotation = constant([Math.SQRT1_2, -Math.SQRT1_2, 0, 0]), scale = constant([0.7]);
const translation = constant([0, 0]), perspective = constant([2]);
const sphere = tf.tile(tf.tensor3d(Float32Array.from(topology.vertices), [1, 962, 3]), [
  batch,
  1,
  1,
]) as Tensor3D;

const network = new ReconstructionNetwork(
  reconstructionConfig("paper", { imageResolution: size, partChannels: PARTS + 1 }),
  new Prng(1, "weights"),
);
const objective = new ReconstructionObjective(network, "mse");
const optimizer = new Adam(network.parameters.trainable, { name: "bench" });
const step = compileStep(makeReconstructionStep(network, objective, optimizer));
const arguments_ = [
  ...[random(-1, 1, batch, size, size, 4), random(0, 1, batch, size, size, PARTS + 4)],
  ...[tf.ones([batch, 1, 1, PARTS + 4]), random(0, 1, batch, size, size, 1)],
  ...[rotation, scale, translation, perspective, sphere],
  ...[tf.ones([batch]), tf.scalar(0), tf.scalar(5e-5), tf.scalar(0)], // at a rate of 0 the sphere stays as it is
];

/** One whole step, until its figures are there. */
function trainOnce(): void {
  const figures = step(...arguments_);
  figures[0].dataSync();
  tf.dispose(figures);
}

const surface = random(0, 1, batch, 128, 128, PARTS + 4) as Tensor4D;
const screen = projectTensor(
  sphere,
  rotation as never,
  scale as never,
  translation as never,
  perspective as never,
);
const renderGradients = tf.grads((vertices: Tensor, texture: Tensor) => {
  const options = { size, symmetric: true };
  const { image, silhouette } = render(vertices as Tensor3D, texture as Tensor4D, topology, options);
  return tf.add(tf.sum(image), tf.sum(silhouette));
});

/** The renderer's part of a step: forwards and back. */
function renderOnce(): void {
  const gradients = renderGradients([screen, surface]);
  gradients.forEach((gradient) => gradient.dataSync());
  tf.dispose(gradients);
}

const timesOf = (run: () => void, count: number): number[] =>
  Array.from({ length: count }, () => {
    const started = performance.now();
    run();
    return performance.now() - started;
  });
const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1];

/** PyTorch's step of the network, in a process of its own; null where PyTorch is missing. */
async function startPeer(python: string): Promise<((repeats: number) => Promise<number[]>) | null> {
  const check = await new Deno.Command(python, { args: ["-c", "import torch"], stderr: "null" }).output()
    .catch(() => null);
  if (!check?.success) return null;
  const args = [`${import.meta.dirname}/peers/train_torch.py`];
  const child = new Deno.Command(python, { args, stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter(),
    reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  return async (repeats) => {
    if (repeats === 0) {
      await writer.close();
      await child.status;
      return [];
    }
    const request = { workload: "reconstruction", size, batch, threads, precision: "float32", repeats };
    await writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    let line = "";
    while (!line.includes("\n")) line += (await reader.read()).value ?? "";
    return JSON.parse(line).times.step;
  };
}

const peer = await startPeer("python3");
timesOf(trainOnce, WARM_UP);
timesOf(renderOnce, WARM_UP);
await peer?.(WARM_UP);
const whole: number[] = [], rendering: number[] = [], theirs: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  whole.push(...timesOf(trainOnce, REPEATS));
  rendering.push(...timesOf(renderOnce, REPEATS));
  if (peer) theirs.push(...await peer(REPEATS));
}
await peer?.(0);
const [own, drawn] = [median(whole), median(rendering)];
const torch = peer ? median(theirs) : NaN, ratio = (own - drawn) / torch;
const verdict = Number.isNaN(ratio) ? "unknown" : ratio <= BOUND ? "ok" : "short";
console.log(
  `reconstruction step less the renderer, ${size} px, batch ${batch}, ${threads} threads  ${
    ratio.toFixed(2)
  }  ` +
    `${BOUND}  ${verdict} (step ${own.toFixed(0)} ms, of it renderer ${
      drawn.toFixed(0)
    } ms, PyTorch's network ` +
    `${torch.toFixed(0)} ms)`,
);
const perSecond = 1000 * batch / own;
console.log(`reconstruction training, images/s  ${perSecond.toFixed(1)}  -  ok`);
if (flags.json) {
  const results = {
    ratio,
    bound: BOUND,
    verdict,
    step: own,
    renderer: drawn,
    torch,
    imagesPerSecond: perSecond,
  };
  await Deno.writeTextFile(flags.json, JSON.stringify(results, null, 2) + "\n");
}
