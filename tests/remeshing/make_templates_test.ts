import { assert, assertEquals, assertRejects } from "@std/assert";
import { makeTemplates } from "../../lib/remeshing/make_templates.ts";
import { TEMPLATE_RECIPES } from "../../lib/templates/recipes.ts";
import { slowTest } from "../helpers/slow_test.ts";

slowTest("making the templates anew gives the committed files byte for byte, and they fit", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const classes = await makeTemplates(folder);
    assertEquals(Object.keys(classes), Object.keys(TEMPLATE_RECIPES));
    for (const [category, built] of Object.entries(classes)) {
      for (const { template: { name }, figures } of built) {
        assert(figures.iou >= 0.95, `${category} ${name}: overlap ${figures.iou}`);
      }
      assertEquals(
        await Deno.readFile(`${folder}/${category}.safetensors`),
        await Deno.readFile(`lib/templates/data/${category}.safetensors`),
      );
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("one class is made alone, by workers or without, with the same bytes as all of them", async () => {
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
  await assertRejects(
    () => makeTemplates("unused", { categories: ["chair"] }),
    RangeError,
    "must be among motorcycle",
  );
});
