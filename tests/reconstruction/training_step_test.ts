import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { loadSamples } from "../../lib/datasets/loader.ts";
import { type ReconstructionConfig, reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { partTables } from "../../lib/reconstruction/part_tables.ts";
import type { StepInputs } from "../../lib/reconstruction/step_inputs.ts";
import { TrainingData } from "../../lib/reconstruction/training_data.ts";
import {
  makeReconstructionStep,
  nameFigures,
  ReconstructionObjective,
} from "../../lib/reconstruction/training_step.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { iou } from "../../lib/metrics/iou.ts";
import type { MaskTarget } from "../../lib/reconstruction/options.ts";
import { hardSilhouette } from "../../lib/rendering/hard_silhouette.ts";
import { SILHOUETTE_DEFAULTS } from "../../lib/rendering/soft_silhouette.ts";
import { softTarget } from "../../lib/rendering/soft_target.ts";
import { Adam } from "../../lib/training/adam.ts";
import { makeToyInputs } from "./toy_dataset.ts";

await useBackend({ backend: "auto", threads: 1 });

const COEFFICIENTS = { semi: 0.5, normalConsistency: 5e-4, learningRate: 1e-3 };

async function setUp(
  changes: Partial<ReconstructionConfig> = {},
  classNames = ["thing"],
  classParts = [[0, 1]],
  maskTarget: MaskTarget = "soft",
) {
  const inputs = makeToyInputs(4, classNames);
  const tables = partTables(classParts, 2);
  const config = reconstructionConfig("demo", {
    imageResolution: 32,
    width: 1 / 16,
    partChannels: 3,
    classCount: classNames.length,
    ...changes,
  });
  const network = new ReconstructionNetwork(config, new Prng(1, "weights"));
  const loader = await loadSamples(inputs.dataset, { resolution: 32 });
  const data = new TrainingData({ ...inputs, tables }, loader, {
    resolution: 32,
    semiFraction: 0.25,
    maskTarget,
  });
  const objective = new ReconstructionObjective(network, "mse");
  return { inputs, network, data, objective };
}

const rows = [0, 1, 2, 3], unflipped = rows.map(() => false);

Deno.test("a fresh network starts from the sphere, and the total is the weighted sum of the terms", async () => {
  const { data, objective } = await setUp();
  const tensors = await data.tensors(rows, unflipped, COEFFICIENTS);
  const figures = nameFigures(objective.evaluate(tensors, true).figures.dataSync());
  assertAlmostEquals(figures.normalConsistency, 0.16304, 1e-5);
  assert(figures.symmetry <= 1e-6);
  assertAlmostEquals(figures.template, 0, 1e-9); // the toy's template is the sphere itself
  assert(figures.colour > 0 && figures.alpha > 0 && figures.iou > 0);
  assert(figures.covered > 0 && figures.covered < figures.colour); // the rest is the floor outside of the silhouette
  const recon = 10 * figures.template + 10 * figures.colour + figures.alpha;
  assertAlmostEquals(figures.recon, recon, 1e-5);
  assertAlmostEquals(figures.total, recon + 5e-4 * figures.normalConsistency + figures.symmetry, 1e-5);
  tf.dispose(Object.values(tensors));
});

Deno.test("flips mirror the network's input and nothing else", async () => {
  const { data } = await setUp();
  const plain = await data.tensors(rows, unflipped, COEFFICIENTS);
  const flipped = await data.tensors(rows, rows.map(() => true), COEFFICIENTS);
  const { image, ...others } = plain;
  assertEquals(tf.reverse(flipped.image, 2).dataSync(), image.dataSync());
  for (const [name, tensor] of Object.entries<Tensor>(others)) {
    assertEquals(flipped[name as keyof typeof others]!.dataSync(), tensor.dataSync(), name);
  }
  assertEquals([...plain.highConfidence.dataSync()], [0, 0, 0, 1]); // the best IoU is the subset
});

Deno.test("silhouettes are compared with masks with a soft border, or with the plain ones", async () => {
  const soft = await setUp(), plain = await setUp({}, undefined, undefined, "plain");
  const softTensors = await soft.data.tensors(rows, unflipped, COEFFICIENTS);
  const plainTensors = await plain.data.tensors(rows, unflipped, COEFFICIENTS);
  const mask = plainTensors.mask.dataSync();
  assertEquals(plainTensors.silhouette.dataSync(), mask);
  assertEquals(softTensors.mask.dataSync(), mask);
  const target = softTensors.silhouette.dataSync().subarray(0, 32 * 32);
  assertEquals(target, softTarget(mask.subarray(0, 32 * 32) as Float32Array, 32, SILHOUETTE_DEFAULTS));
  const again = await soft.data.tensors([0], [true], COEFFICIENTS); // from what was kept
  assertEquals(again.silhouette.dataSync(), target);
  const figuresOf = (tensors: typeof softTensors) =>
    nameFigures(soft.objective.evaluate(tensors, false).figures.dataSync());
  const { alpha, total, ...others } = figuresOf(softTensors);
  const { alpha: otherAlpha, total: otherTotal, recon: _, ...same } = figuresOf(plainTensors);
  assert(alpha !== otherAlpha && Math.abs(total - otherTotal - (alpha - otherAlpha)) < 1e-5);
  assertEquals({ ...others, recon: 0 }, { ...same, recon: 0 });
});

Deno.test("the IoU is that of the mesh itself", async () => {
  const { data, objective } = await setUp();
  const tensors = await data.tensors([0], [false], COEFFICIENTS);
  const { figures, screen } = objective.evaluate(tensors, false);
  const silhouette = hardSilhouette(screen.dataSync<"float32">(), sphereTopology().faces, 32);
  const expected = iou(silhouette, tensors.mask.dataSync<"float32">());
  assertAlmostEquals(nameFigures(figures.dataSync()).iou, expected, 1e-5);
});

Deno.test("the first step moves heads and trunk but not the mesh block; the second moves all; nothing leaks", async () => {
  const { network, data, objective } = await setUp();
  const step = makeReconstructionStep(network, objective, new Adam(network.parameters.trainable));
  const tensors = await data.tensors(rows, unflipped, COEFFICIENTS);
  const values = () =>
    new Map([...network.parameters.trainable].map(([name, v]) => [name, v.dataSync().slice()]));
  const moved = (a: Map<string, ArrayLike<number>>, b: Map<string, ArrayLike<number>>): Set<string> =>
    new Set(
      [...a.keys()].filter((name) =>
        [...Array(a.get(name)!.length).keys()].some((i) => a.get(name)![i] !== b.get(name)![i])
      ),
    );
  const start = values();
  const count = tf.memory().numTensors;
  tf.dispose(step(tensors));
  const first = values();
  tf.dispose(step(tensors));
  assertEquals(tf.memory().numTensors, count);
  const movedFirst = moved(start, first), movedSecond = moved(first, values());
  for (const name of start.keys()) {
    assertEquals(movedFirst.has(name), !name.startsWith("blk4_mesh"), `${name} in the first step`);
    assert(movedSecond.has(name), `${name} in the second step`);
  }
  tf.dispose(Object.values(tensors));
});

Deno.test("the mask teaches the shape, not the texture; colours beside the object teach nothing", async () => {
  const { network, data, objective } = await setUp();
  const tensors = await data.tensors(rows, unflipped, COEFFICIENTS);
  const head = network.parameters.trainable.get("conv_tex.weight")!;
  const gradientOf = (inputs: StepInputs): Float32Array => {
    const { grads } = tf.variableGrads(() => objective.evaluate(inputs, true).total, [head]);
    return grads[head.name].dataSync<"float32">();
  };
  const before = gradientOf(tensors);
  assertEquals(gradientOf({ ...tensors, silhouette: tf.onesLike(tensors.silhouette) }), before);
  const target = tf.add<Tensor4D>(tensors.target, corners());
  assertEquals(gradientOf({ ...tensors, target }), before);

  /** 1 in the image's corners, which the object does not reach. */
  function corners() {
    const map = new Float32Array(32 * 32);
    for (const at of [0, 31, 31 * 32, 32 * 32 - 1]) map[at] = 1;
    return tf.tensor4d(map, [1, 32, 32, 1]);
  }
});

Deno.test("classes with other parts are trained through their tables", async () => {
  const { network, data, objective } = await setUp({}, ["a", "b"], [[0, 1], [1]]);
  const tensors = await data.tensors(rows, unflipped, COEFFICIENTS);
  assertEquals(tensors.classes!.shape, [4, 2]);
  const step = makeReconstructionStep(network, objective, new Adam(network.parameters.trainable));
  const { figures } = step(tensors);
  assert(figures.dataSync().every(Number.isFinite));
  const target = tensors.target.arraySync() as number[][][][];
  assertEquals(target[1][0][0].slice(0, 3), [0.5, 0.5, 0]); // class b: background over object and its one part
});

for (const predictionType of ["texture", "semantics"] as const) {
  Deno.test(`a network for ${predictionType} alone is trained on its channels`, async () => {
    const { network, data, objective } = await setUp({ predictionType });
    const step = makeReconstructionStep(network, objective, new Adam(network.parameters.trainable));
    const { figures } = step(await data.tensors(rows, unflipped, COEFFICIENTS));
    assert(figures.dataSync().every(Number.isFinite));
  });
}
