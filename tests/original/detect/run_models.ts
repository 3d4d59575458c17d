/** Runs the fixture models in ONNX's format; a program of its own, as it fetches a large package. */
import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { loadOnnxModel } from "../../../lib/vision/onnx_model.ts";
import { assertRejectsWith } from "../../helpers/assert_facts.ts";
import { encodeOnnx } from "../../helpers/onnx_builder.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";
import { checkMaskRcnn, checkYolo } from "./checks.ts";
import { MASK_RCNN, YOLO } from "./models.ts";

await inFolder(async (folder) => {
  await Deno.writeFile(`${folder}/a.onnx`, encodeOnnx(MASK_RCNN));
  await Deno.writeFile(`${folder}/b.onnx`, encodeOnnx(YOLO));
  const [first, second] = [
    await loadOnnxModel(`${folder}/a.onnx`, { fetch: true }),
    await loadOnnxModel(`${folder}/b.onnx`, { fetch: true }),
  ];
  assertEquals(first.inputShape, [3, null, null]);
  await checkMaskRcnn(first);
  await checkYolo(second);
  await Promise.all([first.close(), second.close()]);
  const wrong = { ...YOLO, input: { name: "images", shape: [1, 4, 64, 64] } };
  await Deno.writeFile(`${folder}/c.onnx`, encodeOnnx(wrong));
  await assertRejectsWith(
    () => loadOnnxModel(`${folder}/c.onnx`, { fetch: true }),
    UserError,
    1,
    "[1,4,64,64]",
  );
  await Deno.writeTextFile(`${folder}/d.onnx`, "no model");
  await assertRejectsWith(
    () => loadOnnxModel(`${folder}/d.onnx`, { fetch: true }),
    UserError,
    `${folder}/d.onnx`,
  );
});
