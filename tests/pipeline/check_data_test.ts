import "../../original/register.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { writeDetections } from "../../original/datasets/detections_file.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { checkDataset, checkPhotographs } from "../../lib/pipeline/check_data.ts";
import { type Command, runToExitCode } from "../../cli/command.ts";
import { checkData } from "../../scripts/check_data.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { detection, writeImage } from "../original/datasets/project.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { boxMask, writeRgbaImage } from "../datasets/photo_fixtures.ts";

const REQUEST = { name: "mine", category: "bird" };

Deno.test("check_data: tables, warnings and an image grid of a folder", () =>
  inProject(async () => {
    await writeRgbaImage("photos", "a.png", boxMask(80, 100, [10, 20, 80, 70]));
    await writeRgbaImage("photos", "b.png", new Uint8Array(8000));
    const result = await checkPhotographs("photos", REQUEST);
    assertEquals(Object.fromEntries(result.facts).objects, "2 found, 1 usable; 70 pixels a side");
    assertEquals(result.problems.map(([name]) => name), ["empty mask: 1 (cannot be used)"]);
    assertEquals(result.warnings.length, 2);
    assertFacts(result.warnings[0], "1 of 2");
    assertStringIncludes(result.warnings[0], "'skipInvalid'");
    assertEquals((await readImage("output/mine/contact_sheet.png")).height, 128);
    assertEquals(await Deno.stat("cache").then(() => true, () => false), false); // nothing was changed
  }));

Deno.test("check_data: exit code 0 with problems, 1 when no image is usable, 2 without a folder", () =>
  inProject(async () => {
    const command = checkData as unknown as Command;
    const silent = { log: console.log, error: console.error };
    const errors: string[] = [];
    console.log = () => {};
    console.error = (line: string) => errors.push(line);
    try {
      await writeRgbaImage("photos", "b.png", new Uint8Array(8000));
      assertEquals(await runToExitCode(command, ["--images", "photos", "--json", "r.json"]), 1);
      assertEquals(JSON.parse(await Deno.readTextFile("r.json")).images[0].problems, ["empty_mask"]);
      assertFacts(errors.at(-1)!, "1 of 1", "b.png", "0 of 8000");
      await writeRgbaImage("photos", "a.png", boxMask(80, 100, [10, 20, 80, 70]));
      assertEquals(await runToExitCode(command, ["--images", "photos", "--json", "r.json"]), 0);
      const none = { used: false, mask_area: null, mask_share: null, box: null, problems: ["empty_mask"] };
      const whole = { used: true, mask_area: 3500, mask_share: 0.4375, box: [10, 20, 80, 70], problems: [] };
      assertEquals(JSON.parse(await Deno.readTextFile("r.json")), {
        images: [{ file: "a.png", ...whole }, { file: "b.png", ...none }],
        ignored: [],
      });
      assertEquals(await runToExitCode(command, []), 2);
      assertEquals(await runToExitCode(command, ["--images", "none"]), 1);
    } finally {
      Object.assign(console, silent);
    }
  }));

Deno.test("check_data: a data set of the original by its name", () =>
  inProject(async () => {
    await writeImage("datasets/x/a.png");
    const found = detection({ imagePath: "datasets/x/a.png" });
    await writeDetections("cache/cub/detections.npy", [found, {
      ...found,
      id: 1,
      imagePath: "datasets/x/none.png",
    }]);
    const result = await checkDataset({ name: "cub" });
    const facts = Object.fromEntries(result.facts);
    assertEquals(facts.objects, "2 found, 2 checked, 1 usable");
    assertEquals(facts["cache/cub/detections.npy"], "there");
    assertEquals(facts["datasets/cub/sfm/anno_train.mat"], "missing (for true poses)");
    assertEquals(result.problems.map(([name]) => name), ["unreadable: 1 (cannot be used)"]);
    await Deno.remove("datasets/x/a.png");
    await assertRejectsWith(
      () => checkDataset({ name: "cub" }),
      UserError,
      "cub",
      "datasets/x/a.png",
    );
  }));
