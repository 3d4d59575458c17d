import { assert, assertEquals } from "@std/assert";
import { resolve } from "@std/path";
import { findLibrary } from "../../lib/backend/native/library_path.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { makeGenerator } from "../../lib/gan/make_generator.ts";
import { loadGenerator } from "../../lib/gan/files.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { readNpz } from "../../lib/io/npz.ts";
import type { PickleValue } from "../../original/files/pickle_values.ts";
import { encodeTorchFile, TensorToWrite } from "../../original/files/torch_writer.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { toTorchLayout } from "../../original/import/torch_layout.ts";
import { importOriginal } from "../../original/import/import_original.ts";
import { evaluate } from "../../scripts/evaluate.ts";
import { exportSample } from "../../scripts/export.ts";
import { generatePseudogt } from "../../scripts/generate_pseudogt.ts";
import { poseStep1 } from "../../scripts/pose_step1.ts";
import { poseStep2 } from "../../scripts/pose_step2.ts";
import { trainGan } from "../../scripts/train_gan.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { CaseData } from "../parity/case_data.ts";
import { inceptionRuleWeights } from "../parity/metric_cases.ts";
import { checkOutput, inTorchOrder, loadRuleWeights } from "../parity/network_rule.ts";
import { inWorkplace, type Workplace } from "./_workplace.ts";

const LIBRARY = await findLibrary("cache/native").catch(() => null);
const PARITY = resolve(Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity");
const CASE = "gen128_eval";
const isShared = await Deno.stat(`${PARITY}/networks`).then(() => true, () => false);

/** Runs in a folder of its own, where this process finds the native library too. */
async function inFolder(body: (workplace: Workplace) => Promise<void>): Promise<void> {
  const before = Deno.env.get("TEXMESH_LIBTENSORFLOW");
  if (LIBRARY) Deno.env.set("TEXMESH_LIBTENSORFLOW", resolve(LIBRARY.path));
  try {
    await inWorkplace(body);
  } finally {
    if (before === undefined) Deno.env.delete("TEXMESH_LIBTENSORFLOW");
    else Deno.env.set("TEXMESH_LIBTENSORFLOW", before);
  }
}

/** A state dict as the original saves it. */
async function stateDict(parameters: Parameters, prefix = ""): Promise<Map<string, PickleValue>> {
  const entries = Object.entries(await parameters.toArrays()).map(([name, array]): [string, PickleValue] => [
    prefix + name,
    new TensorToWrite(toTorchLayout(parameters, name, array)),
  ]);
  const counts = entries.filter(([name]) => name.endsWith("running_mean")).map((
    [name],
  ): [string, PickleValue] => [
    name.replace("running_mean", "num_batches_tracked"),
    new TensorToWrite({ data: BigInt64Array.of(0n), shape: [] }),
  ]);
  return new Map([...entries, ...counts]);
}

/** A released generator with the weights of the rule. */
async function writeGenerator(path: string): Promise<void> {
  const networks = ganNetworks(resolveGanOptions({ preset: "paper", textureResolution: 128 }), 0);
  const generator = makeGenerator(networks, new Prng(1, "test"));
  loadRuleWeights(generator.parameters, "gan");
  const content = new Map<string, PickleValue>([
    ["generator_running_avg", await stateDict(generator.parameters)],
  ]);
  await Deno.writeFile(path, encodeTorchFile(content));
  generator.dispose();
}

/** A trained reconstruction with the weights of the rule. */
async function writeReconstruction(path: string, partChannels: number): Promise<void> {
  const network = new ReconstructionNetwork(
    reconstructionConfig("paper", { partChannels }),
    new Prng(1, "test"),
  );
  loadRuleWeights(network.parameters, "reconstruction");
  const content = new Map<string, PickleValue>([
    ["generator", await stateDict(network.parameters, "module.")],
    ["epoch", 5],
    ["iteration", 70],
  ]);
  await Deno.writeFile(path, encodeTorchFile(content));
  network.dispose();
}

if (isShared) {
  slowTest(
    "an imported generator makes the original's textures and meshes from the same latent codes",
    () =>
      inFolder(async ({ backend }) => {
        await useBackend({ backend, threads: 2 });
        await Deno.mkdir("there/checkpoints_gan/r_singletpl", { recursive: true });
        await writeGenerator("there/checkpoints_gan/r_singletpl/checkpoint_latest.pth");
        await importOriginal("there");
        await useBackend({ backend, threads: 2 });
        const { cases } = JSON.parse(await Deno.readTextFile(`${PARITY}/networks/cases.json`));
        const arrays = await readNpz(`${PARITY}/networks/${CASE}.npz`);
        const data = new CaseData(PARITY, "networks", CASE, arrays, cases[CASE]);
        const { generator, dispose } = await loadGenerator("checkpoints_gan/r_singletpl", "latest");
        const latent = tf.tensor2d(Float32Array.from(data.floats("z")), [2, 64]);
        const { texture, map } = generator.generate(latent, null, false);
        for (const [name, output] of [["tex", texture], ["mesh", map]] as const) {
          const { share, what, error } = checkOutput(data, name, inTorchOrder(output));
          assert(share <= 1, `${what}: ${error}`);
        }
        dispose();
      }),
  );
}

slowTest(
  "pseudo-ground-truth and a GAN start from an imported reconstruction; evaluate and export run on a released GAN",
  () =>
    inFolder(async ({ backend, call }) => {
      await useBackend({ backend, threads: 2 });
      await makeSynthetic("photos", { category: "car", count: 4, seed: 1, resolution: 96 });
      await importPhotographs("photos", { name: "toy", category: "car" });
      const run = async (command: unknown, line: string) => {
        const { code, output, messages } = await call(command, ...line.split(" "));
        assertEquals(code, 0, `${line}: ${messages}`);
        return output;
      };
      const data = "--dataset toy --mode singletpl";
      await run(poseStep1, `${data} --image_resolution 64 --camera_optim_steps 5 --num_workers 1`);
      await run(poseStep2, `${data} --image_resolution 64 --num_workers 1`);

      const { parts } = JSON.parse(await Deno.readTextFile("cache/toy/dataset.json"));
      await Deno.mkdir("there/checkpoints_recon/r_singletpl", { recursive: true });
      await Deno.mkdir("there/checkpoints_gan/r_singletpl", { recursive: true });
      await writeReconstruction(
        "there/checkpoints_recon/r_singletpl/checkpoint_latest.pth",
        1 + parts.length,
      );
      await writeGenerator("there/checkpoints_gan/r_singletpl/checkpoint_latest.pth");
      assertEquals((await importOriginal("there")).filter(({ to }) => to !== null).length, 2);

      const name = `--name r_singletpl --backend ${backend} --threads 2`;
      for (const resolution of [64, 128]) {
        await run(generatePseudogt, `${name} ${data} --pseudogt_resolution ${resolution} --num_workers 1`);
      }
      const mine = `--name mine --preset demo --texture_resolution 64 --batch_size 2 --iters 2 --threads 2`;
      const trained = await run(
        trainGan,
        `${mine} ${data} --pseudogt_run r_singletpl --backend ${backend} --evaluation_images 4 --tensorboard`,
      );
      assertFacts(trained, "iterations 2");
      const events = await Array.fromAsync(Deno.readDir("tensorboard_gan/mine"));
      assert((await Deno.stat(`tensorboard_gan/mine/${events[0].name}`)).size > 100_000);

      const measured = await run(evaluate, `${name} --dataset toy --feature_network random_features`);
      assertFacts(measured, "FD(random_features) combined", "mesh-only");
      const inception = Array.from(
        inceptionRuleWeights(),
        ([entry, array]): [string, PickleValue] => [entry, new TensorToWrite(array)],
      );
      await Deno.writeFile("inception.pth", encodeTorchFile(new Map(inception)));
      const fid = await run(evaluate, `${name} --dataset toy --inception inception.pth`);
      assertFacts(fid, "FID combined", "latest", 1);
      assertEquals(
        (await Array.fromAsync(Deno.readDir("cache/toy"))).filter((entry) => /^statistics_/.test(entry.name))
          .length,
        3,
      );
      const exported = await run(exportSample, `${name} --dataset toy --how_many 2`);
      assertFacts(exported, "2 meshes", "output/r_singletpl");
      const refused = await call(exportSample, ...`${name} --how_many 2`.split(" "));
      assertEquals(refused.code, 1);
      assertFacts(refused.messages, "--dataset NAME");
    }),
);
