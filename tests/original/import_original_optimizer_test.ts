import { assert, assertEquals } from "@std/assert";
import { resolve } from "@std/path";
import { findLibrary } from "../../lib/backend/native/library_path.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import type { PickleValue } from "../../original/files/pickle_values.ts";
import { readTorchFile } from "../../original/files/torch_file.ts";
import type { TorchTensor } from "../../original/files/torch_tensor.ts";
import { encodeTorchFile, TensorToWrite } from "../../original/files/torch_writer.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { toTorchLayout } from "../../original/import/torch_layout.ts";
import { importOriginal } from "../../original/import/import_original.ts";
import { optimizerState } from "../../original/import/optimizer.ts";
import { Adam } from "../../lib/training/adam.ts";
import { loadCheckpoint, takePrefix } from "../../lib/training/checkpoint.ts";
import { assertFacts, assertThrowsWith } from "../helpers/assert_facts.ts";
import { writeFile } from "./datasets/project.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { trainIn as trainGanIn } from "../gan/_run.ts";
import { trainIn } from "../reconstruction/train_in.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

const FILE = new URL("../fixtures/parity/checkpoints/checkpoint_gan_tiny.pth", import.meta.url).pathname;

/** The network of the file, as ours. */
function tinyNetwork(): { parameters: Parameters; names: string[] } {
  const parameters = new Parameters(new Prng(1, "tiny"));
  parameters.normal("conv.weight_orig", [3, 3, 2, 3], 1, "convolution");
  parameters.zeros("conv.bias", [3]);
  parameters.ones("bn.weight", [3]);
  parameters.zeros("bn.bias", [3]);
  parameters.normal("fc.weight", [1, 1, 3, 1], 1, "convolution");
  parameters.zeros("fc.bias", [1]);
  parameters.buffer("conv.weight_u", [3], new Float32Array(3));
  parameters.buffer("bn.running_mean", [3], new Float32Array(3));
  const names = ["conv.bias", "conv.weight_orig", "conv.weight_u", "bn.weight", "bn.bias", "bn.running_mean"];
  return { parameters, names: [...names, "fc.weight", "fc.bias"] };
}

Deno.test("import_original: moments of PyTorch's Adam go to the weights that they are of", async () => {
  await useBackend({ backend: "cpu" });
  const checkpoint = await readTorchFile(FILE) as Map<string, PickleValue>;
  const { parameters, names } = tinyNetwork();
  const state = optimizerState(checkpoint.get("optimizer_g"), names, parameters, "file");
  assertEquals([state.learningRate, [...state.arrays.step.data]], [1e-4, [2]]);
  const theirs = (checkpoint.get("optimizer_g") as Map<string, PickleValue>).get("state") as Map<
    number,
    unknown
  >;
  const moment = (number: number, name: string) =>
    ((theirs.get(number) as Map<string, PickleValue>).get(name) as TorchTensor).toArray();
  assertEquals([...state.arrays["m/conv.bias"].data], [...moment(0, "exp_avg").data as Float32Array]);
  assertEquals([...state.arrays["v/fc.bias"].data], [...moment(5, "exp_avg_sq").data as Float32Array]);
  const kernel = moment(1, "exp_avg"), ours = state.arrays["m/conv.weight_orig"];
  assertEquals([kernel.shape, ours.shape], [[3, 2, 3, 3], [3, 3, 2, 3]]);
  for (let o = 0; o < 3; o++) {
    for (let i = 0; i < 2; i++) {
      for (let k = 0; k < 9; k++) {
        assertEquals(ours.data[(k * 2 + i) * 3 + o], (kernel.data as Float32Array)[(o * 2 + i) * 9 + k]);
      }
    }
  }
  const adam = new Adam(parameters.trainable);
  adam.load(state.arrays);
  assertEquals((await adam.toArrays())["m/conv.bias"].data, state.arrays["m/conv.bias"].data);
  adam.dispose();
});

Deno.test("import_original: an optimiser of another network is told", async () => {
  await useBackend({ backend: "cpu" });
  const checkpoint = await readTorchFile(FILE) as Map<string, PickleValue>;
  const { parameters, names } = tinyNetwork();
  const state = (value: PickleValue | undefined, list = names) => () =>
    optimizerState(value, list, parameters, "file");
  const optimizer = checkpoint.get("optimizer_g") as Map<string, PickleValue>;
  const changed = (name: string, value: PickleValue) => new Map([...optimizer, [name, value]]);
  const first = (entry: string, value: PickleValue) =>
    changed("state", new Map<PickleValue, PickleValue>([[0, new Map([[entry, value]])]]));
  assertThrowsWith(state(checkpoint.get("optimizer_d")), UserError, "file", "6 weights", 2);
  assertThrowsWith(state(undefined), UserError, "file", "dict");
  assertThrowsWith(state(changed("state", [])), UserError, "file", '"state"', "dict", "a list of 0");
  assertThrowsWith(state(changed("param_groups", [])), UserError, "file", '"param_groups"');
  assertThrowsWith(state(first("step", "two")), UserError, "weight 0", '"step"', '"two"');
  assertThrowsWith(state(first("step", 2)), UserError, "weight 0", "exp_avg", "conv.bias", "1 axes");
  const swapped = ["conv.weight_orig", "conv.bias", ...names.slice(2)];
  assertThrowsWith(state(optimizer, swapped), UserError, "weight 0", "conv.weight_orig", "4 axes", "[3]");
  const empty = optimizerState(changed("state", new Map()), names, parameters, "file"); // no step yet
  assertEquals([...empty.arrays.step.data, ...empty.arrays["v/bn.bias"].data], [0, 0, 0, 0]);
});

/** Runs in a project folder with the fastest backend, whose library lies in the repository. */
async function inProjectWithBackend(
  body: (activate: () => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const library = await findLibrary("cache/native").catch(() => null);
  const path = library && resolve(library.path), before = Deno.env.get("TEXMESH_LIBTENSORFLOW");
  if (path) Deno.env.set("TEXMESH_LIBTENSORFLOW", path);
  try {
    await inProject(() => body(() => useBackend({ backend: "auto", threads: 2 })));
  } finally {
    if (before !== undefined) Deno.env.set("TEXMESH_LIBTENSORFLOW", before);
    else Deno.env.delete("TEXMESH_LIBTENSORFLOW");
  }
}

/** A network's values as a state dict in PyTorch's order of axes, each module's weights as they are registered there. */
async function stateDict(parameters: Parameters, prefix = ""): Promise<Map<string, PickleValue>> {
  return new Map(
    Object.entries(await parameters.toArrays()).map(([name, array]) =>
      [prefix + name, new TensorToWrite(toTorchLayout(parameters, name, array))] as const
    ),
  );
}

/** An optimiser's random state for the weights of a state dict. */
function optimizerDict(parameters: Parameters, steps: number): Map<string, PickleValue> {
  const prng = new Prng(steps, "moments");
  const states = [...parameters.trainable].map(([name, { shape, size }], number) => {
    const moment = (low: number) =>
      new TensorToWrite(
        toTorchLayout(parameters, name, {
          data: Float32Array.from({ length: size }, () => prng.uniform(low, 1e-3)),
          shape,
        }),
      );
    return [
      number,
      new Map<string, PickleValue>([["step", steps], ["exp_avg", moment(-1e-3)], ["exp_avg_sq", moment(0)]]),
    ] as const;
  });
  const group = new Map<string, PickleValue>([["lr", 2e-4], ["params", states.map(([number]) => number)]]);
  return new Map<string, PickleValue>([
    ["state", new Map<PickleValue, PickleValue>(states)],
    ["param_groups", [group]],
  ]);
}

slowTest(
  "import_original: a GAN is taken over whole, and its training resumes",
  () =>
    inProjectWithBackend(async (activate) => {
      await activate();
      const networks = ganNetworks(resolveGanOptions({ preset: "paper", textureResolution: 64 }), 1);
      const model = new GanModel(networks, 3);
      const checkpoint = new Map<string, PickleValue>([
        ["generator", await stateDict(model.generator.parameters)],
        ["generator_running_avg", await stateDict(model.average.parameters)],
        ["discriminator", await stateDict(model.discriminators.parameters)],
        ["optimizer_g", optimizerDict(model.generator.parameters, 40)],
        ["optimizer_d", optimizerDict(model.discriminators.parameters, 80)],
        ["epoch", 3],
        ["iteration", 120],
        [
          "args",
          new Map<string, PickleValue>([["dataset", "toy"], ["batch_size", 2], ["loss", "ls"], [
            "lr_g",
            2e-4,
          ]]),
        ],
      ]);
      const wanted = await model.toArrays();
      model.dispose();
      await writeFile("there/checkpoints_gan/g/checkpoint_latest.pth", encodeTorchFile(checkpoint));
      const [{ note }] = await importOriginal("there");
      assertFacts(note, "GAN", "64 texels", "1 classes");
      const { arrays } = await loadCheckpoint("checkpoints_gan/g", "latest");
      for (const [name, array] of Object.entries(wanted)) {
        if (name.startsWith("optimizer")) continue;
        assert(array.data.every((value, i) => value === arrays[name].data[i]), name);
      }
      assertEquals([...arrays["optimizer_d/step"].data as Float32Array], [80]);
      const options = {
        preset: "paper",
        textureResolution: 64,
        batchSize: 2,
        loss: "ls",
        lrG: 2e-4,
      } as const;
      await activate();
      const result = await trainGanIn(
        toyDataset(4, 64),
        { folder: "checkpoints_gan/g" },
        { ...options, epochs: 4, continueTrain: true },
      );
      assertEquals([result.epochs, result.iterations], [4, 122]);
      const after = takePrefix("optimizer_g", (await loadCheckpoint("checkpoints_gan/g", "latest")).arrays);
      assert((after.step.data[0] as number) > 40);
    }),
);

slowTest(
  "import_original: a reconstruction is taken over with its optimiser, and its training resumes",
  () =>
    inProjectWithBackend(async (activate) => {
      await activate();
      const inputs = makeToyInputs(4, ["thing"]);
      const network = new ReconstructionNetwork(
        reconstructionConfig("paper", { partChannels: 3 }),
        new Prng(3, "test"),
      );
      const checkpoint = new Map<string, PickleValue>([
        ["generator", await stateDict(network.parameters, "module.")],
        ["optimizer", optimizerDict(network.parameters, 70)],
        ["epoch", 1],
        ["iteration", 70],
        ["semi_coeff", 0.25],
        ["flat_warmup", 4],
        [
          "args",
          new Map<string, PickleValue>([["dataset", inputs.dataset.name], ["batch_size", 4], ["lr", 1e-4]]),
        ],
      ]);
      network.dispose();
      await writeFile("there/checkpoints_recon/r/checkpoint_latest.pth", encodeTorchFile(checkpoint));
      const [{ note }] = await importOriginal("there");
      assertFacts(note, "reconstruction network", "1 classes", "3 part channels");
      const { dataset, poses, templates } = inputs;
      await activate();
      const { state } = await trainIn(dataset, poses, templates, {
        ...{ folder: "checkpoints_recon/r", preset: "paper", batchSize: 4, epochs: 2, continueTrain: true },
      });
      assertEquals([state.epoch, state.iteration], [2, 71]);
      assert(state.semiCoefficient < 0.25);
      const after = takePrefix("optimizer", (await loadCheckpoint("checkpoints_recon/r", "latest")).arrays);
      assertEquals(after.step.data[0], 71);
    }),
);
