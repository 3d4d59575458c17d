import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { templateFile } from "../../lib/core/paths.ts";
import { ALL_CATEGORIES, loadTemplates, templateOffsets } from "../../lib/templates/load_templates.ts";
import { BUILT_IN_CLASSES } from "../../lib/templates/built_in_classes.ts";
import { TEMPLATE_CONFIGS } from "../../tools/templates/template_configs.ts";
import { writeTemplates } from "../../lib/templates/template_file.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

const CLASSES = BUILT_IN_CLASSES;

Deno.test("there is a config of each built-in class, in their order", () => {
  assertEquals(Object.keys(TEMPLATE_CONFIGS), CLASSES);
});

Deno.test("the templates of all classes follow each other in the original's order", async () => {
  await inWorkplace(async () => {
    const one = await loadTemplates(ALL_CATEGORIES, "singletpl");
    assertEquals(one.map(({ category }) => category), CLASSES);
    assertEquals([...templateOffsets(one)], CLASSES.map((name, index): [string, number] => [name, index]));

    const several = await loadTemplates(ALL_CATEGORIES, "multitpl");
    const counts = CLASSES.map((name) => TEMPLATE_CONFIGS[name].length);
    assertEquals(several.length, counts.reduce((sum, count) => sum + count, 0));
    const offsets = templateOffsets(several);
    assertEquals([...offsets.keys()], CLASSES);
    for (const name of CLASSES) {
      const own = await loadTemplates(name, "multitpl"), start = offsets.get(name)!;
      assertEquals(several.slice(start, start + own.length), own);
    }
  });
});

Deno.test("templates of one's own replace the built-in ones, alone and among all", async () => {
  await inWorkplace(async () => {
    const [template] = await loadTemplates("car", "singletpl");
    await Deno.mkdir("cache/remeshed_templates/singletpl", { recursive: true });
    await writeTemplates(templateFile("singletpl", "car"), [{ ...template, name: "own" }]);
    assertEquals((await loadTemplates("car", "singletpl"))[0].name, "own");
    const all = await loadTemplates(ALL_CATEGORIES, "singletpl");
    assertEquals(all[CLASSES.indexOf("car")].name, "own");
    assertEquals((await loadTemplates("car", "multitpl"))[0].name, "saloon");
  });
});

Deno.test("a class without templates is named, with what there is and what to do", async () => {
  await inWorkplace(async () => {
    await assertRejectsWith(
      () => loadTemplates("chair", "singletpl"),
      UserError,
      '"chair"',
      "motorcycle",
      "cache/remeshed_templates/singletpl/chair.safetensors",
    );
  });
});
