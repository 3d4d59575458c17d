import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join, resolve } from "@std/path";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import { checkPhotographs } from "../../lib/pipeline/check_data.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { sampled } from "../helpers/sampled.ts";
import { slowTest } from "../helpers/slow_test.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

const PARITY = Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity";
const FOLDER = join(Deno.env.get("TEXMESH_DATA") ?? join(PARITY, "../data"), "custom_examples");
const isThere = await Deno.stat(FOLDER).then((entry) => entry.isDirectory, () => false);
const EXAMPLES = [
  ["coco_json", "horse", "COCO annotations in annotations.json"],
  ["photos_and_masks", "car", "images in images/, masks in masks/"],
  ["transparent_png", "bird", "images in the folder, masks in their alpha channels"],
] as const;

for (const [name, category, layout] of EXAMPLES) {
  Deno.test({
    name: `photographs as people bring them: ${name}${isThere ? "" : ` (ignored: there is no ${FOLDER})`}`,
    ignore: !isThere,
    async fn() {
      const scratch = await Deno.makeTempDir();
      try {
        const request = { name, category, sheet: join(scratch, "sheet.png") };
        const { report, warnings } = await checkPhotographs(join(FOLDER, name), request);
        assertEquals([report?.layout, report?.used, warnings.length], [layout, 6, 1]);
        const { description } = await inspectPhotographs(join(FOLDER, name), { name, category });
        const dataset = datasetOf(description!);
        for (let i = 0; i < dataset.length; i++) {
          const { mask } = await dataset.sample(i, 64);
          const share = Array.from(mask.data).reduce((sum, value) => sum + value, 0) / mask.data.length;
          assert(share > 0.1 && share < 0.9, `${dataset.records[i].id}: ${share}`);
        }
      } finally {
        await Deno.remove(scratch, { recursive: true });
      }
    },
  });
}

for (const [name, category] of sampled(EXAMPLES, 1)) {
  slowTest(
    `photographs as people bring them, through all stages: ${name}`,
    () =>
      inWorkplace(async ({ start, backend }) => {
        const images = resolve(ROOT, FOLDER, name);
        const flags = [
          "--images",
          images,
          "--template",
          category,
          "--name",
          "own",
          "--train",
          "--backend",
          backend,
        ];
        const { code, output, messages } = await start("tiny_pipeline.ts", "pipeline", [
          ...flags,
          "--threads",
          "1",
        ]);
        assertEquals(code, 0, messages);
        assertFacts(output, "output/own/report.html");
        const meshes = [...Deno.readDirSync("output/own")].filter((entry) => entry.name.endsWith(".glb"));
        assert(meshes.length > 0, output);
      }),
    isThere ? null : `there is no ${FOLDER}`,
  );
}

for (const [name, count] of [["birds", 25], ["quadrupeds", 29], ["vehicles", 9]] as const) {
  Deno.test({
    name: `check_data on photographs of ${name}`,
    ignore: !isThere,
    async fn() {
      const scratch = await Deno.makeTempDir();
      try {
        const sheet = join(scratch, "sheet.png");
        const { report, warnings } = await checkPhotographs(join(FOLDER, "../photos", name), {
          ...{ name, category: "object", sheet },
        });
        assertEquals([report?.found, report?.used], [count, count]);
        assertFacts(warnings.join("\n"), count);
        const { width, channels } = await readByteImage(sheet);
        assertEquals([width, channels], [8 * 128, 3]);
      } finally {
        await Deno.remove(scratch, { recursive: true });
      }
    },
  });
}
