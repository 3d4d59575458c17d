import "../../original/register.ts";
import { assert, assertEquals } from "@std/assert";
import { poseMetadataFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { Prng } from "../../lib/core/prng.ts";
import { CLASS_NAMES, DEFAULT_DATASETS } from "../../original/datasets/catalog.ts";
import { writeDetections } from "../../original/datasets/detections_file.ts";
import { encodeBytesPng } from "../../lib/io/image_file.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { evaluate } from "../../scripts/evaluate.ts";
import { exportSample } from "../../scripts/export.ts";
import { trainGan } from "../../scripts/train_gan.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { boxRuns, detection, HEIGHT, WIDTH, writeFile } from "../original/datasets/project.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inWorkplace } from "./_workplace.ts";

const OF_CLASS = 2, COUNT = OF_CLASS * CLASS_NAMES.length, RESOLUTION = 64;

/** Images and detections of all data sets of the original, and the pseudo-ground-truth of "all". */
async function writeAllClasses(): Promise<void> {
  const prng = new Prng(1, "pictures"), box = [10, 20, 80, 70] as const;
  for (const [classId, name] of DEFAULT_DATASETS.entries()) {
    const detections = [];
    for (let id = 0; id < OF_CLASS; id++) {
      const imagePath = `datasets/${name}/${id}.png`;
      const data = Uint8Array.from({ length: HEIGHT * WIDTH * 3 }, () => prng.integer(256));
      await writeFile(imagePath, await encodeBytesPng({ data, height: HEIGHT, width: WIDTH, channels: 3 }));
      const className = CLASS_NAMES[classId];
      detections.push(detection({ id, className, classId, imagePath, runs: boxRuns(box) }));
    }
    await Deno.mkdir(`cache/${name}`, { recursive: true });
    await writeDetections(`cache/${name}/detections.npy`, detections);
  }
  const { poses, sample } = toyDataset(COUNT, RESOLUTION, CLASS_NAMES.length);
  const folder = pseudoGroundTruthFolder("all", RESOLUTION, "multitpl");
  await Deno.mkdir(folder, { recursive: true });
  await writePoseMetadata(poseMetadataFile("all", "multitpl"), poses);
  for (let row = 0; row < COUNT; row++) await writeUvSample(uvSampleFile(folder, row), await sample(row));
}

slowTest(
  "a GAN of all classes is trained, evaluated and exported, as a whole and by class",
  () =>
    inWorkplace(async ({ call }) => {
      await writeAllClasses();
      const run = async (command: unknown, line: string, code = 0) => {
        const outcome = await call(command, ...line.split(" "));
        assertEquals(outcome.code, code, `${line}: ${outcome.messages}`);
        return outcome;
      };
      const name = `--name all13 --backend wasm`;
      const build =
        `--mode multitpl --preset demo --texture_resolution ${RESOLUTION} --batch_size 4 --iters 6`;
      const more = "--evaluation_images 4 --conditional_class";
      await run(trainGan, `${name} --dataset all ${build} ${more}`);
      const { networks } = JSON.parse(await Deno.readTextFile("checkpoints_gan/all13/settings.json"));
      assertEquals(networks.classes, CLASS_NAMES.length);

      const measure = `${name} --feature_network random_features --json found.json`;
      const found = async () => JSON.parse(await Deno.readTextFile("found.json"))[0].recipe;
      await run(evaluate, measure);
      const whole = await found();
      assertEquals([whole.realImages, whole.posedImages, whole.realDataset], [COUNT, COUNT, "all"]);
      await run(evaluate, `${measure} --filter_class zebra`);
      const zebras = await found(); // the real side is the class's own data set
      assertEquals([zebras.realImages, zebras.posedImages, zebras.realDataset], [
        OF_CLASS,
        OF_CLASS,
        "imagenet_zebra",
      ]);
      await run(exportSample, `${name} --how_many 5 --filter_class zebra`);
      const samples = JSON.parse(await Deno.readTextFile("output/all13/samples.json"));
      assertEquals(samples.length, 5);
      assert(samples.every(({ classIndex }: { classIndex: number }) => CLASS_NAMES[classIndex] === "zebra"));
      const refused = await run(exportSample, `${name} --how_many 2 --filter_class unicorn`, 1);
      assertFacts(refused.messages, "--filter_class", "motorcycle, bus", "unicorn");

      await run(trainGan, `${name.replace("all13", "plain")} --dataset all ${build} --evaluation_images 4`);
      const plain = await run(evaluate, `${measure.replace("all13", "plain")} --filter_class zebra`, 1);
      assertFacts(plain.messages, "--filter_class", "--conditional_class");
    }),
);
