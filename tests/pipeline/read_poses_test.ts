import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { posesFile } from "../../lib/core/paths.ts";
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { CLASS_NAMES, DEFAULT_DATASETS } from "../../original/datasets/catalog.ts";
import { readPosesOf } from "../../lib/pipeline/read_poses.ts";
import { writePoseEstimates } from "../../lib/pose/files.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

const IDS = CLASS_NAMES.flatMap((name) => [`${name}0`, `${name}1`]);
const dataset = {
  name: "all",
  category: "all",
  classNames: CLASS_NAMES,
  members: DEFAULT_DATASETS,
  records: IDS.map((id, i) => ({ id, classIndex: Math.floor(i / 2) }) as SampleRecord),
} as unknown as Dataset;

/** Writes the pose of the second photograph of a data set. */
async function writePoses(name: string, templates: number): Promise<void> {
  await writePoseEstimates(posesFile(name, "singletpl"), {
    indices: Int32Array.of(1),
    ids: ["x"],
    rotation: Float32Array.of(1, 0, 0, 0),
    scale: Float32Array.of(0.5),
    translation: new Float32Array(2),
    perspective: Float32Array.of(2),
    weights: Float32Array.from({ length: templates }, (_, k) => k === 0 ? 1 : 0),
    iou: Float32Array.of(0.9),
    miou: Float32Array.of(0.8),
  });
}

Deno.test("poses of all classes are joined from their files; what is missing or of another mode is told", () =>
  inWorkplace(async () => {
    const templates = await loadTemplates("all", "singletpl");
    const read = () => readPosesOf(dataset, "singletpl", templates);
    for (const name of DEFAULT_DATASETS.slice(1)) await writePoses(name, 1);
    const [first] = DEFAULT_DATASETS;
    await assertRejectsWith(read, UserError, "1 of the 13", '"all"', `--dataset ${first}`);
    await writePoses(first, 5);
    await assertRejectsWith(read, UserError, first, "5 templates", 1);
    await writePoses(first, 1);
    const poses = await read();
    assertEquals(poses.ids, CLASS_NAMES.map((name) => `${name}1`));
    assertEquals([...poses.indices], CLASS_NAMES.map((_, c) => 2 * c + 1));
    for (let m = 0; m < 13; m++) {
      const weights = poses.weights.subarray(13 * m, 13 * m + 13);
      assertEquals(templates[weights.indexOf(1)].category, CLASS_NAMES[m]);
    }
    const own = { ...dataset, name: "mine", members: undefined };
    await assertRejectsWith(
      () => readPosesOf(own, "multitpl", templates),
      UserError,
      "mine",
      "--dataset mine --mode multitpl",
    );
  }));
