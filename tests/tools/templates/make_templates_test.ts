import { assert, assertEquals } from "@std/assert";
import { changedTemplates, makeTemplates } from "../../../tools/templates/make_templates.ts";
import { TEMPLATE_CONFIGS } from "../../../tools/templates/template_configs.ts";
import { assertRejectsWith } from "../../helpers/assert_facts.ts";
import { sampled } from "../../helpers/sampled.ts";
import { slowTest } from "../../helpers/slow_test.ts";

/** One class of each way to make a solid; `deno task make_templates --check` makes all classes. */
const SAMPLE = sampled(["truck", "car", "motorcycle", "bird", "giraffe"], 1);

slowTest("making templates from scratch gives the committed files byte for byte, and they fit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const classes = await makeTemplates(folder, { categories: SAMPLE });
    assertEquals(Object.keys(classes), SAMPLE);
    for (const [category, built] of Object.entries(classes)) {
      assertEquals(built.length, TEMPLATE_CONFIGS[category].length);
      for (const { template: { name }, figures } of built) {
        assert(figures.iou >= 0.95, `${category} ${name}: IoU ${figures.iou}`);
      }
    }
    assertEquals(await changedTemplates(folder, SAMPLE), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a file that comes out otherwise is noticed", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const bytes = await Deno.readFile("lib/templates/data/bus.safetensors");
    await Deno.writeFile(`${folder}/bus.safetensors`, bytes);
    assertEquals(await changedTemplates(folder, ["bus"]), []);
    bytes[bytes.length - 1] ^= 1;
    await Deno.writeFile(`${folder}/bus.safetensors`, bytes);
    assertEquals(await changedTemplates(folder, ["bus"]), ["bus"]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

slowTest("one class is made alone, by workers or without, with the same bytes as all of them", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await makeTemplates(folder, { categories: ["bus"], workers: 0 });
    assertEquals(
      await Deno.readFile(`${folder}/bus.safetensors`),
      await Deno.readFile("lib/templates/data/bus.safetensors"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("an unknown class is refused", async () => {
  await assertRejectsWith(
    () => makeTemplates("unused", { categories: ["chair"] }),
    RangeError,
    "categories",
    "motorcycle",
    "chair",
  );
});
