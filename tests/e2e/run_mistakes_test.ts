import { assertEquals } from "@std/assert";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { chunkWriter } from "../../lib/io/atomic_file.ts";
import type { PipelineSizes } from "../../lib/pipeline/sizes.ts";
import { readPoseEstimates, writePoseEstimates } from "../../lib/pose/files.ts";
import { evaluate } from "../../scripts/evaluate.ts";
import { exportSample } from "../../scripts/export.ts";
import { generatePseudogt } from "../../scripts/generate_pseudogt.ts";
import { pipelineCommand } from "../../scripts/pipeline.ts";
import { poseStep1 } from "../../scripts/pose_step1.ts";
import { poseStep2 } from "../../scripts/pose_step2.ts";
import { reconstruct } from "../../scripts/reconstruct.ts";
import { refine } from "../../scripts/refine.ts";
import { trainGan } from "../../scripts/train_gan.ts";
import { assertFacts, type Fact } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { hashFiles, inWorkplace, type Workplace } from "./_workplace.ts";
import { TINY_SIZES } from "./tiny_pipeline.ts";

const SIZES: PipelineSizes = { ...TINY_SIZES, reconstructionIterations: 1, ganIterations: 1, exports: 1 };
const SINGLE = "--mode singletpl", RUN = "--name e2e --dataset e2e --backend wasm";

/** Runs a command that must be refused, and compares its exit code and the facts of its message. */
async function assertRefused(
  { call }: Workplace,
  command: unknown,
  line: string,
  code: number,
  ...facts: Fact[]
): Promise<void> {
  const outcome = await call(command, ...line.split(" "));
  assertEquals(outcome.code, code, `${line}: ${outcome.messages}`);
  assertFacts(outcome.messages, ...facts);
}

Deno.test("what a stage lacks is told with the task that makes it", () =>
  inWorkplace(async (workplace) => {
    const refused = (command: unknown, line: string, ...facts: Fact[]) =>
      assertRefused(workplace, command, line, 1, ...facts);
    for (
      const [command, line] of [[poseStep1, SINGLE], [poseStep2, SINGLE], [
        reconstruct,
        `--name a ${SINGLE} --backend wasm`,
      ]]
    ) {
      await refused(
        command,
        `--dataset nobody ${line}`,
        "nobody",
        "deno task pipeline",
      );
    }
    for (const command of [evaluate, exportSample]) {
      await refused(command, "--name nobody", '"nobody"', "deno task train_gan");
    }
    await refused(refine, `--dataset nobody ${SINGLE}`, "nobody");
    await refused(refine, `--dataset e2e --name nobody ${SINGLE}`, '"nobody"');
    const missing = ['"nobody"', "deno task reconstruct"];
    await refused(generatePseudogt, `--name nobody --dataset e2e ${SINGLE}`, ...missing);
    await refused(reconstruct, `--name nobody --dataset e2e ${SINGLE} --evaluate`, ...missing);
  }));

slowTest("mistakes with runs that are there", async (t) => {
  await inWorkplace(async (workplace) => {
    const { call } = workplace;
    await makeSynthetic("photos", { category: "car", count: 3, seed: 1, resolution: 96 });
    const tiny = pipelineCommand({ demo: SIZES, small: SIZES, paper: SIZES });
    const line = "--images photos --template car --name e2e --train --num_workers 0 --backend wasm";
    const { code, messages } = await call(tiny, ...line.split(" "));
    assertEquals(code, 0, messages);
    const refused = (command: unknown, line: string, ...facts: Fact[]) =>
      assertRefused(workplace, command, line, 1, ...facts);

    await t.step("a run or result is not replaced by accident", async () => {
      await refused(reconstruct, `${RUN} --batch_size 2 --preset demo`, "--continue_train", "--overwrite");
      await refused(trainGan, `${RUN} --batch_size 2 --preset demo`, "--continue_train", "--overwrite");
      await refused(poseStep1, `--dataset e2e ${SINGLE}`, "--overwrite");
    });

    await t.step("a run that resumes with other settings names flag, stored and given value", async () => {
      const texture = ["--texture_resolution", 64, "settings.json", 128];
      await refused(reconstruct, `${RUN} --continue_train --texture_resolution 128`, ...texture);
      const larger = ["--texture_resolution", 256, "settings.json", 512];
      await refused(trainGan, `${RUN} --continue_train --texture_resolution 512`, ...larger);
      await refused(trainGan, `${RUN} --continue_train --loss ls`, "--loss", '"hinge"', '"ls"');
      await refused(trainGan, `--name e2e --dataset other --continue_train`, "--dataset", '"e2e"', '"other"');
    });

    await t.step("a run that resumes keeps its settings, and may change its batch size", async () => {
      const done = await call(trainGan, ...`${RUN} --continue_train`.split(" "));
      assertEquals(done.code, 0, done.messages);
      assertFacts(done.messages, "1 epochs");
      const more = await call(reconstruct, ...`${RUN} --continue_train --batch_size 3 --epochs 3`.split(" "));
      assertEquals(more.code, 0, more.messages);
      assertFacts(more.output, "checkpoints_recon/e2e");
    });

    await t.step("evaluate and export compare what is given with the run", async () => {
      for (const command of [evaluate, exportSample]) {
        await refused(command, "--name e2e --dataset other", "--dataset", '"e2e"', '"other"');
        await refused(command, "--name e2e --mode multitpl", "--mode", '"singletpl"', '"multitpl"');
        await refused(command, "--name e2e --conditional_class", "--conditional_class", "false");
        await refused(command, "--name e2e --backend wasm --filter_class car", "--conditional_class");
        await refused(
          command,
          "--name e2e --backend wasm --which_epoch 99",
          "checkpoint_99.safetensors",
          "latest",
        );
      }
      await assertRefused(
        workplace,
        exportSample,
        "--name e2e --truncation_sigma 0.5,1",
        2,
        "--truncation_sigma",
        "> 0",
        '"0.5,1"',
      );
    });

    await t.step("train_gan --evaluate gives what evaluate gives", async () => {
      const direct = await call(evaluate, "--name", "e2e", "--backend", "wasm");
      const handedOn = await call(trainGan, ...`${RUN} --evaluate --gpu_ids 0,1,2,3`.split(" "));
      assertEquals([direct.code, handedOn.code], [0, 0], handedOn.messages);
      assertEquals(handedOn.output, direct.output);
      assertFacts(handedOn.messages, "--gpu_ids");
    });

    await t.step("a batch that the photographs cannot fill", async () => {
      await refused(reconstruct, `--name e2e_b --dataset e2e ${SINGLE} --backend wasm`, "--batch_size", 3);
      const small = `--name e2e_b --dataset e2e ${SINGLE} --backend wasm --preset demo --pseudogt_run e2e`;
      await refused(trainGan, small, "--batch_size 3");
    });

    await t.step("a full disk while a checkpoint is written loses nothing", async () => {
      const folder = "checkpoints_recon/e2e", before = await hashFiles(folder), { write } = chunkWriter;
      chunkWriter.write = () =>
        Promise.reject(Object.assign(new Error("No space left on device"), { code: "ENOSPC" }));
      const more = `${RUN} --continue_train --epochs 5`;
      try {
        await refused(reconstruct, more, `${folder}/`);
      } finally {
        chunkWriter.write = write;
      }
      const after = await hashFiles(folder);
      assertEquals(Object.keys(after), Object.keys(before));
      for (const path of Object.keys(before).filter((path) => path.endsWith(".safetensors"))) {
        assertEquals(after[path], before[path], path);
      }
      const again = await call(reconstruct, ...more.split(" "));
      assertEquals(again.code, 0, again.messages);
    });

    await t.step("poses of another data set", async () => {
      const dataset = JSON.parse(await Deno.readTextFile("cache/e2e/dataset.json"));
      const renamed = dataset.records.map((record: { id: string }) => ({
        ...record,
        id: `other_${record.id}`,
      }));
      await Deno.mkdir("cache/other");
      await Deno.writeTextFile(
        "cache/other/dataset.json",
        JSON.stringify({ ...dataset, name: "other", records: renamed }),
      );
      const poses = "poses_estimated_singletpl.safetensors";
      await Deno.copyFile(`cache/e2e/${poses}`, `cache/other/${poses}`);
      const refusedByAll = async (...facts: Fact[]) => {
        for (
          const [command, name, line] of [[reconstruct, "e2e_other", " --batch_size 2 --preset demo"], [
            generatePseudogt,
            "e2e",
            "",
          ]]
        ) {
          const flags = `--name ${name} --dataset other ${SINGLE} --backend wasm${line}`;
          await refused(command, flags, ...facts);
        }
      };
      await refusedByAll(`cache/other/${poses}`, "photographs", "pose_step1", "pose_step2 --dataset other");
      // files of other programs do not tell what they were made from
      await writePoseEstimates(`cache/other/${poses}`, await readPoseEstimates(`cache/e2e/${poses}`));
      await refusedByAll("other", "number 0");
    });

    await t.step("a checkpoint that is cut short, or gone", async () => {
      const path = "checkpoints_gan/e2e/checkpoint_latest.safetensors";
      const bytes = await Deno.readFile(path);
      await Deno.writeFile(path, bytes.slice(0, bytes.length / 2));
      const damaged = [path, "bytes", "best"];
      await refused(exportSample, "--name e2e --backend wasm", ...damaged);
      await refused(trainGan, `${RUN} --continue_train --epochs 9`, ...damaged);
      await Deno.remove(path);
      await refused(evaluate, "--name e2e --backend wasm", path, "best");
      for (const tag of ["1", "2", "best"]) {
        await Deno.remove(`checkpoints_gan/e2e/checkpoint_${tag}.safetensors`).catch(() => {});
      }
      await refused(evaluate, "--name e2e --backend wasm", path);
    });
  });
});
