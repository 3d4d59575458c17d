import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { readTemplates, type Template, writeTemplates } from "../../lib/templates/template_file.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const example = (name: string): Template => ({
  name,
  category: "boat",
  vertices: Float32Array.from({ length: 962 * 3 }, (_, i) => i / 3000),
  partLabels: Uint8Array.from({ length: 962 }, (_, i) => i % 2),
  partNames: ["hull", "sail"],
});

Deno.test("templates come back as they were written", () =>
  inFolder(async (folder) => {
    const templates = [example("dinghy"), example("yacht")];
    await writeTemplates(`${folder}/boat.safetensors`, templates);
    assertEquals(await readTemplates(`${folder}/boat.safetensors`, "boat"), templates);
  }));

Deno.test("templates without labels have no parts", () =>
  inFolder(async (folder) => {
    const path = `${folder}/boat.safetensors`;
    await writeSafetensors(path, { vertices: { data: new Float32Array(962 * 3), shape: [1, 962, 3] } });
    const [template] = await readTemplates(path, "boat");
    assertEquals([template.name, template.category, template.partNames], ["boat1", "boat", []]);
  }));

Deno.test("readTemplates refuses labels without names and other vertex counts", () =>
  inFolder(async (folder) => {
    const path = `${folder}/boat.safetensors`;
    const vertices = { data: new Float32Array(962 * 3), shape: [1, 962, 3] };
    const labels = { data: new Uint8Array(962).fill(3), shape: [1, 962] };
    await writeSafetensors(path, { vertices, part_labels: labels }, { part_names: '["hull"]' });
    await assertRejectsWith(
      () => readTemplates(path, "boat"),
      UserError,
      path,
      "part_labels",
      "uint8",
      "[1, 962]",
    );
    await writeSafetensors(path, { vertices: { data: new Float32Array(30), shape: [1, 10, 3] } });
    await assertRejectsWith(
      () => readTemplates(path, "boat"),
      UserError,
      path,
      "vertices",
      "[T, 962, 3]",
      "[1,10,3]",
    );
  }));

Deno.test("loadTemplates lists the known categories for an unknown one", async () => {
  await assertRejectsWith(
    () => loadTemplates("teapot", "singletpl"),
    UserError,
    '"teapot"',
    "motorcycle, bus, truck, car",
    "--name teapot",
  );
});
