import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { datasetOf } from "../../lib/datasets/open_dataset.ts";
import { checkPhotographs } from "../../lib/pipeline/check_data.ts";

const PARITY = Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity";
const FOLDER = join(PARITY, "../data/custom_examples");
const isThere = await Deno.stat(FOLDER).then((entry) => entry.isDirectory, () => false);
const EXAMPLES = [
  ["coco_json", "horse", "COCO annotations in annotations.json"],
  ["photos_and_masks", "car", "pictures in images/, masks in masks/"],
  ["transparent_png", "bird", "pictures in the folder, masks in their alpha channels"],
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
