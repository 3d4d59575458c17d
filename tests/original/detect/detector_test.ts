import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { classNamesOf } from "../../../original/detect/coco_names.ts";
import { Detector } from "../../../original/detect/detector.ts";
import { modelInput } from "../../../lib/datasets/detect/model_input.ts";
import type { ImageModel } from "../../../lib/vision/image_model.ts";
import { loadOnnxModel } from "../../../lib/vision/onnx_model.ts";
import { assertMissing, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { slowTest } from "../../helpers/slow_test.ts";
import { checkMaskRcnn, checkYolo, plain, tightBox } from "./checks.ts";
import { maskRcnnModel, YOLO_MAPS, YOLO_ROWS, yoloModel } from "./models.ts";

Deno.test("numberings of classes: COCO's own numbers have gaps", () => {
  assertEquals(classNamesOf("coco80").get(79), "toothbrush");
  assertEquals(classNamesOf("coco80_from_1").get(15), "bird");
  const own = classNamesOf("coco91");
  assertEquals([1, 11, 13, 16, 25, 27, 90].map((id) => own.get(id)), [
    "person",
    "fire hydrant",
    "stop sign",
    "bird",
    "giraffe",
    "backpack",
    "toothbrush",
  ]);
  assertEquals([own.size, own.get(12)], [80, undefined]);
  assertEquals(classNamesOf(["x"]).get(0), "x");
});

Deno.test("Mask R-CNN: boxes, labels, scores, masks of boxes", () => checkMaskRcnn(maskRcnnModel()));

Deno.test("Mask R-CNN: masks of the whole input, and an input of another size", async () => {
  const seen: { shape?: readonly number[] } = {};
  const model = maskRcnnModel(seen);
  const whole: ImageModel = {
    ...model,
    async run(input) {
      const outputs = await model.run(input);
      const [, rows, columns] = input.shape;
      const data = Float32Array.from({ length: 2 * rows * columns }, (_, p) => p % columns < 60 ? 1 : 0);
      return { ...outputs, masks: { data, shape: [2, 1, rows, columns] } };
    },
  };
  const [car] = await new Detector(whole, { layout: "mask_rcnn", size: 160 }).find(
    plain(80, 100, [255, 0, 0]),
    0.5,
  );
  assertEquals(seen.shape, [3, 160, 200]);
  assertEquals(car.box, [5, 10, 45, 35]);
  assertEquals(tightBox(car, 80, 100), [5, 10, 30, 35]);
});

Deno.test("YOLO: letterbox, scores, the surest of overlapping boxes, masks from maps", () =>
  checkYolo(yoloModel()));

Deno.test("YOLO: rows with objectness, and rows that are sorted out already", async () => {
  const model = (columns: number, values: number[][]): ImageModel => ({
    inputShape: [1, 3, 64, 64],
    run: () =>
      Promise.resolve({
        a: { data: Float32Array.from(YOLO_MAPS), shape: [1, 2, 16, 16] },
        b: { data: Float32Array.from(values.flat()), shape: [1, values.length, columns] },
      }),
    close: () => Promise.resolve(),
  });
  const rows = YOLO_ROWS.map(({ box, label, score, weights }) => [
    ...box,
    0.5,
    ...Array.from({ length: 80 }, (_, c) => c === label ? score : 0),
    ...weights,
  ]);
  const five = await new Detector(model(87, rows), { layout: "yolo" }).find(plain(64, 64, [0, 0, 0]), 0.3);
  assertEquals(five.map(({ className, score }) => [className, Math.round(1000 * score)]), [["bird", 495], [
    "car",
    485,
  ]]);
  const finished = [[12, 20, 52, 44, 0.9, 14, 8, 0], [0, 0, 0, 0, 0, 0, 0, 0]];
  const ten = await new Detector(model(8, finished), { layout: "yolo" }).find(plain(64, 64, [0, 0, 0]), 0);
  assertEquals(ten.map(({ className, box }) => [className, box]), [["bird", [12, 20, 52, 44]]]);
});

Deno.test("outputs of another kind are told", async () => {
  const image = plain(64, 64, [0, 0, 0]);
  await assertRejectsWith(
    () => new Detector(yoloModel(), { layout: "mask_rcnn" }).find(image, 0),
    UserError,
    "Mask R-CNN",
    "output0 [1,86,4]",
    "'layout'",
  );
  await assertRejectsWith(
    () => new Detector(maskRcnnModel(), { layout: "yolo" }).find(image, 0),
    UserError,
    "YOLO",
    "boxes [2,4]",
    "'layout'",
  );
  const two = new Detector(yoloModel(), { layout: "yolo", classes: ["a", "b"] });
  await assertRejectsWith(
    () => two.find(image, 0),
    UserError,
    "[1,86,4]",
    "2 classes",
    "2 mask weights",
    8,
    "'labels'",
  );
  const few = new Detector(maskRcnnModel(), { layout: "mask_rcnn", classes: ["a", "b"] });
  await assertRejectsWith(() => few.find(plain(64, 64, [255, 0, 0]), 0), UserError, "class 3", "'labels'");
});

Deno.test("input: channels, means, letterbox and grey images", () => {
  const image = plain(2, 2, [51, 102, 204]);
  const { data, shape } = modelInput(image, [null, 3, null, null]);
  assertEquals(shape, [1, 3, 2, 2]);
  assertAlmostEquals(data[0], 0.2, 1e-6);
  assertAlmostEquals(data[8], 0.8, 1e-6);
  const bgr = modelInput(image, [3, null, null], { bgr: true, mean: [4, 2, 1], deviation: [1, 1, 2] });
  assertEquals([bgr.data[0], bgr.data[4], bgr.data[8]], [200, 100, 25]);
  const boxed = modelInput(plain(2, 4, [0]), [1, 3, 4, 4], { letterbox: true });
  assertEquals(Array.from(boxed.data.subarray(0, 8), (v) => Math.round(255 * v)), [
    114,
    114,
    114,
    114,
    0,
    0,
    0,
    0,
  ]);
  assertEquals(boxed.placement, { scale: [1, 1], offset: [0, 1], height: 2, width: 4 });
});

Deno.test("a missing model is told before the package is fetched", async () => {
  await assertMissing(() => loadOnnxModel("none.onnx"), "none.onnx");
});

slowTest("detection runs models in ONNX's format", async () => {
  const allowed = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys", "--allow-ffi"];
  const program = new URL("./run_models.ts", import.meta.url).pathname;
  const { success, stderr } = await new Deno.Command("deno", { // without the lock file, which must not name the package
    args: ["run", "--no-lock", "--no-check", ...allowed, program],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
});
