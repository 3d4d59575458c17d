/**
 * One process of a job that tests start several of: `job_program.ts KIND FOLDER`. The first process writes `result.json`
 * or the job's own files into the folder.
 */
import { UvStore } from "../../lib/pseudogt/uv_store.ts";
import { join } from "@std/path";
import { runAsRank } from "../../cli/run_as_rank.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { leakyRelu } from "../../lib/backend/ops/activations.ts";
import { batchNorm } from "../../lib/backend/ops/batch_norm.ts";
import { processGroup } from "../../lib/core/process_group.ts";
import { Prng } from "../../lib/core/prng.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import type { Dataset } from "../../lib/datasets/dataset.ts";
import { communicator } from "../../lib/distributed/communicator.ts";
import type { GanOptions } from "../../lib/gan/gan_options.ts";
import { writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { estimateHypothesesToFile } from "../../lib/pose/step1.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { generatePseudoGroundTruth } from "../../lib/pseudogt/generate.ts";
import { checkpointFile } from "../../lib/training/checkpoint.ts";
import { FULL_SCHEDULE } from "../../lib/remeshing/schedule.ts";
import { remeshClass } from "../../lib/remeshing/remesh.ts";
import { batchShare } from "../../lib/training/batch_share.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { boatDataset, boatTemplate, poseNearView } from "../pose/boat.ts";
import { trainIn as trainGanIn } from "../gan/_run.ts";
import { trainIn } from "../reconstruction/train_in.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";
import { FATE_FILE } from "./mpi_jobs.ts";
import { reconstructionGradients } from "./reconstruction_gradients.ts";

const [kind, folder, extra = ""] = Deno.args;
const BACKEND = { backend: "auto", threads: 1 } as const;

/** Sums, values of all processes, and who is who. */
async function messages(): Promise<void> {
  const { rank, size } = communicator();
  const values = Float32Array.from({ length: 100_000 }, (_, i) => i % 7 + rank);
  communicator().allReduce(values);
  const bytes = Uint8Array.from({ length: 5 }, (_, i) => i + 10 * rank);
  communicator().broadcast(bytes, size - 1);
  const exchanged = processGroup().exchange({
    rank,
    list: new Float64Array([rank, -0.5]),
    text: "x".repeat(rank),
  });
  await writeJsonAtomic(join(folder, "result.json"), {
    size,
    sums: Array.from(values.subarray(0, 8)),
    bytes: Array.from(bytes),
    exchanged: exchanged.map(({ list, ...rest }) => ({ ...rest, list: Array.from(list) })),
  });
}

/** Statistics and gradients of a small network with batch norm, on the parts of one batch. */
async function norm(): Promise<void> {
  await useBackend(BACKEND);
  const prng = new Prng(1, "batch"), B = 4;
  const batch = prng.normals(B * 4 * 4 * 3);
  const { start, length } = batchShare(B), sample = batch.length / B;
  const x = tf.tensor4d(batch.subarray(start * sample, (start + length) * sample), [length, 4, 4, 3]);
  const make = (...shape: number[]) =>
    tf.variable(tf.tensor(prng.normals(shape.reduce((a, b) => a * b)), shape));
  const variables = new Map(Object.entries({ kernel: make(3, 3, 3, 5), gain: make(5), offset: make(5) }));
  const { kernel, gain, offset } = Object.fromEntries(variables);
  const statistics: number[] = [];
  const { gradients } = computeGradients(() => {
    const map = tf.conv2d(x, kernel as unknown as Tensor4D, 1, "valid");
    const y = batchNorm(map, 1e-5, null, (mean, variance) => {
      statistics.push(...mean.dataSync(), ...variance.dataSync());
    });
    return tf.mean(tf.pow(batchNorm(leakyRelu(y, 0.2), 1e-5, { gain, offset }), 3));
  }, variables);
  const values = Object.fromEntries(
    Object.entries(gradients).map(([name, one]) => [name, [...one.dataSync()]]),
  );
  await writeJsonAtomic(join(folder, "result.json"), { statistics, ...values });
}

/** Step 1 of pose estimation; `extra` may name a file that it resumes from. */
async function pose(): Promise<void> {
  const dataset = boatDataset([2, 9, 17, 33, 5, 21, 38].map((view) => poseNearView(view)));
  const resultFile = join(folder, "hypotheses.safetensors");
  const options = {
    imageResolution: 32,
    cameraOptimSteps: 4,
    cameraLrDecayAfter: 3,
    workers: 0,
    saveEvery: 1,
  };
  await estimateHypothesesToFile(resultFile, dataset, [boatTemplate()], options);
}

/** Waits until a file is there. */
async function untilThere(path: string): Promise<void> {
  while (!await Deno.stat(path).then(() => true, () => false)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/**
 * Training of the GAN. `extra` is the number of epochs and a fate: "die" and "throw" befall the last process after the
 * first epoch, "on" resumes the run.
 */
async function gan(): Promise<void> {
  await useBackend(BACKEND);
  const [epochs, fate] = extra.split(",");
  const { rank, size } = communicator();
  const dataset = toyDataset(4, 64);
  let isDoomed = false;
  const mortal = {
    ...dataset,
    sample: async (index: number) => {
      if (isDoomed) {
        const meetFate = () => Deno.writeTextFileSync(join(folder, FATE_FILE), `${Date.now()}`);
        if (fate === "die") {
          await untilThere(checkpointFile(join(folder, "run"), "latest"));
          meetFate();
          Deno.kill(Deno.pid, "SIGKILL");
        }
        if (fate === "throw") {
          meetFate();
          throw new Error("planted failure");
        }
      }
      return await dataset.sample(index);
    },
  };
  const run = { folder: join(folder, "run") };
  const options = {
    preset: "demo",
    textureResolution: 64,
    batchSize: 4,
    saveFreq: 1,
    continueTrain: fate === "on",
  };
  const onProgress = () => {
    isDoomed = rank === size - 1; // an epoch is one step here
  };
  const settings = { ...options, epochs: Number(epochs) } as GanOptions;
  await trainGanIn(mortal, run, settings, { onProgress });
}

/** Training of the reconstruction, on a backend whose arithmetic is the same for whole batches and for parts of them. */
async function reconstruction(): Promise<void> {
  await useBackend({ backend: "wasm" });
  const { dataset, poses, templates } = makeToyInputs(4);
  await trainIn(dataset, poses, templates, {
    preset: "demo",
    imageResolution: 32,
    width: 1 / 16,
    batchSize: 4,
    epochs: Number(extra),
    lr: 1e-3,
    saveFreq: 1,
    folder: join(folder, "run"),
  });
}

/** Gradients of the reconstruction on the native backend. `extra` is seeds of weights, noise, and 1 for no kinks. */
async function gradients(): Promise<void> {
  await useBackend({ backend: "native", threads: 1 });
  const numbers = extra.split(",").map(Number), [noise, withoutKinks] = numbers.splice(-2);
  for (const seed of numbers) {
    const arrays = await reconstructionGradients(seed, { noise, withoutKinks: withoutKinks === 1 });
    await writeSafetensors(join(folder, `${seed}.safetensors`), arrays);
  }
}

/** Pseudo-ground-truth of an untrained network; one photograph shows nothing of the object and is left out. */
async function pseudogt(): Promise<void> {
  await useBackend(BACKEND);
  const { dataset, poses } = makeToyInputs(5);
  const config = reconstructionConfig("demo", { imageResolution: 32, width: 1 / 16, partChannels: 3 });
  const network = new ReconstructionNetwork(config, new Prng(1, "job"));
  const counters = {
    iteration: 0,
    epoch: 0,
    position: 0,
    semiCoefficient: 1,
    flatWarmup: 1,
    learningRate: 0,
  };
  const state = {
    type: network.type,
    config,
    classParts: [[0, 1]],
    partNames: ["top", "bottom"],
    ...counters,
  };
  const empty: Dataset = {
    ...dataset,
    sample: async (i, side) => {
      const sample = await dataset.sample(i, side);
      if (i === 1) sample.mask.data.fill(0);
      return sample;
    },
  };
  await generatePseudoGroundTruth(
    new UvStore(join(folder, "maps"), join(folder, "poses.safetensors")),
    empty,
    poses,
    { network, state: { ...state, seed: 1, bestHardIou: null } },
    {
      pseudogtResolution: 32,
      projectionResolution: 128,
      batchSize: 4,
      workers: 0,
      skipInvalid: true,
    },
  );
}

/** A few steps of remeshing an ellipsoid, without workers. */
async function remesh(): Promise<void> {
  const topology = sphereTopology();
  const vertices = topology.vertices.map((value, i) => value * [1, 2, 1.5][i % 3]);
  const schedule = { ...FULL_SCHEDULE, limit: 10 };
  const options = {
    views: 6,
    resolution: 32,
    start: "ellipsoid",
    alignIterations: 5,
    schedule,
    workers: 0,
  } as const;
  const { templates } = await remeshClass([{ vertices, faces: topology.faces }], topology, options);
  await writeSafetensors(join(folder, "template.safetensors"), {
    vertices: { data: templates[0], shape: [templates[0].length / 3, 3] },
  });
}

const JOBS: Readonly<Record<string, () => Promise<void>>> = {
  messages,
  norm,
  pose,
  pseudogt,
  remesh,
  gan,
  reconstruction,
  gradients,
};

const code = await runAsRank("train_gan", async (rank) => {
  try {
    await JOBS[kind]();
    return 0;
  } catch (error) {
    console.error(`rank ${rank}: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
});
Deno.exit(code);
