import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../../lib/core/errors.ts";
import { chooseTestModels, readAnnotatedModels } from "../../../tools/evaluation/model_split.ts";
import { assertRejectsWith } from "../../helpers/assert_facts.ts";

Deno.test("models of one shape stay together, and the share is kept", () => {
  const families = [["a"], ["b"], ["c1", "c2", "c3"], ["d"], ["e1", "e2"]];
  for (let seed = 0; seed < 20; seed++) {
    const chosen = chooseTestModels(families, 0.25, seed);
    assertEquals(chosen.size, 2);
    for (const family of families) {
      const taken = family.filter((model) => chosen.has(model)).length;
      assert(taken === 0 || taken === family.length, family.join());
    }
    assertEquals(chooseTestModels(families, 0.25, seed), chosen);
  }
  assertEquals(chooseTestModels(families, 0, 1).size, 0);
  assertEquals(chooseTestModels(families, 1, 1).size, 8);
});

Deno.test("annotations tell the model of each image, its mesh and its kin", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      join(folder, "annotations.json"),
      JSON.stringify({
        images: [{ id: 7, file_name: "images/x_00.jpg" }, { id: 8, file_name: "images/y_00.jpg" }],
        annotations: [{ image_id: 7, model_id: "x" }, { image_id: 8, model_id: "y" }],
        models: [
          { id: "x", obj: "models/x.obj", faces: 12 },
          { id: "y", faces: 12 },
          { id: "z", faces: 5 },
          { id: "w" },
        ],
      }),
    );
    const { modelOfImage, meshFiles, families } = await readAnnotatedModels(folder);
    assertEquals([...modelOfImage], [["x_00", "x"], ["y_00", "y"]]);
    assertEquals([...meshFiles], [["x", join(folder, "models/x.obj")]]);
    assertEquals(families, [["x", "y"], ["z"], ["w"]]);
    await Deno.writeTextFile(join(folder, "annotations.json"), `{"images": []}`);
    await assertRejectsWith(
      () => readAnnotatedModels(folder),
      UserError,
      `${folder}/annotations.json`,
      "models",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
