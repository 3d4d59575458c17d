import { assert, assertEquals } from "@std/assert";
import { poseMetadataFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { evaluateGan } from "../../scripts/evaluate_gan.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { toyRun } from "../gan/_run.ts";
import { slowTest } from "../helpers/slow_test.ts";

slowTest(
  "evaluate_gan measures a run on the photographs that its data set has not",
  () =>
    inProject(async () => {
      await makeSynthetic("photos", { category: "car", count: 11, seed: 1, resolution: 64 });
      await importPhotographs("photos", { name: "toy", category: "car", limit: 5 });
      const { poses, sample } = toyDataset(5, 64), folder = pseudoGroundTruthFolder("toy", 64, "singletpl");
      await Deno.mkdir(folder, { recursive: true });
      await writePoseMetadata(poseMetadataFile("toy", "singletpl"), poses);
      for (let row = 0; row < 5; row++) await writeUvSample(uvSampleFile(folder, row), await sample(row));
      await toyRun("checkpoints_gan/run", { latest: 1 });
      const evaluate = (images: string) =>
        callCommand(evaluateGan, [
          ...["--name", "run", "--images", images, "--which_epoch", "latest", "--samples", "2"],
          ...["--feature_network", "random_features", "--backend", "wasm", "--json", "figures.json"],
        ]);
      const { output, messages } = await evaluate("photos"); // whose exit code tells that a toy run falls short
      assertFacts(`${output}\n${messages}`, "random_features", 6);
      const figures = JSON.parse(await Deno.readTextFile("figures.json"));
      assertEquals([figures.heldOut, figures.faulty, figures.worstFolded], [6, 0, 0]);
      const { photographs, objects, nearest, coarseRecall } = figures;
      const shares = [photographs, objects].flatMap((of) => [of.precision, of.recall, of.coarseRecall]);
      for (const share of [coarseRecall, ...shares]) {
        assert(share >= 0 && share <= 1, `a share is ${share}`);
        assert(output.includes(share.toFixed(3)));
      }
      assert(photographs.distance < objects.distance, "photographs look more like photographs than toys do");
      assert(nearest.generated > 0 && nearest.training > 0);
      assert((await Deno.stat("checkpoints_gan/run/nearest.png")).size > 1000);
      await makeSynthetic("few", { category: "car", count: 1, seed: 1, resolution: 64 });
      assertFacts((await evaluate("few")).messages, "toy", 2);
    }),
);
