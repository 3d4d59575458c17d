import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { findInputs } from "../../cli/find_inputs.ts";
import { flagTable } from "../../cli/flag_table.ts";
import { option } from "../../lib/core/option.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const TABLE = flagTable("task", {
  images: option.text({ doc: "Photographs.", reads: true }),
  mesh: option.list({ doc: "Meshes.", reads: true }),
  name: option.text({ doc: "Name." }),
});

Deno.test("inputs are looked for in the folder where the command was typed, and names may hold commas", () =>
  inFolder(async (folder) => {
    await Deno.mkdir(join(folder, "pics"));
    for (const name of ["chair,v2.obj", "a.obj", "b.obj"]) await Deno.writeTextFile(join(folder, name), "");
    const before = Deno.env.get("INIT_CWD");
    Deno.env.set("INIT_CWD", folder);
    try {
      const values = {
        images: "pics",
        name: "pics",
        mesh: ["a.obj", "chair", "v2.obj", "b.obj", "none.obj"],
      };
      assertEquals(await findInputs(values, TABLE), {
        images: join(folder, "pics"),
        name: "pics",
        mesh: ["a.obj", "chair,v2.obj", "b.obj", "none.obj"].map((name) => join(folder, name)),
      });
      assertEquals(await findInputs({ images: "lib", name: "x", mesh: [] }, TABLE), {
        images: "lib", // the project's own comes first
        name: "x",
        mesh: [],
      });
    } finally {
      if (before === undefined) Deno.env.delete("INIT_CWD");
      else Deno.env.set("INIT_CWD", before);
    }
  }));
