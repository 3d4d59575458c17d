/** What models must find, whatever runs them. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Detector } from "../../../original/detect/detector.ts";
import type { Instance } from "../../../lib/datasets/detect/instance.ts";
import type { ImageModel } from "../../../lib/vision/image_model.ts";
import { measureMask } from "../../../lib/datasets/measure_mask.ts";

/** An image of one colour. */
export function plain(height: number, width: number, colour: readonly number[]) {
  const data = Uint8Array.from(
    { length: height * width * colour.length },
    (_, k) => colour[k % colour.length],
  );
  return { data, height, width, channels: colour.length };
}

/** Tight box of an object's mask. */
export function tightBox({ mask }: Instance, height: number, width: number) {
  return measureMask(mask, height, width).box;
}

/** A model of Mask R-CNN's kind finds the car and the person. */
export async function checkMaskRcnn(model: ImageModel): Promise<void> {
  const detector = new Detector(model, { layout: "mask_rcnn" });
  const [car, person] = await detector.find(plain(80, 100, [204, 0, 0]), 0.5);
  assertEquals([car.className, car.box, person.className], ["car", [10, 20, 90, 70], "person"]);
  assertAlmostEquals(car.score, 0.8, 1e-4);
  assertEquals(tightBox(car, 80, 100), [10, 20, 50, 70]); // the left half of the box
  assertEquals(tightBox(person, 80, 100), [0, 0, 20, 10]);
  assertEquals((await detector.find(plain(80, 100, [204, 0, 0]), 0.9)).map(({ className }) => className), [
    "person",
  ]);
}

/** A model of YOLO's kind finds the bird and the car. */
export async function checkYolo(model: ImageModel): Promise<void> {
  const detector = new Detector(model, { layout: "yolo" });
  const found = await detector.find(plain(32, 64, [10, 20, 30]), 0.5); // 16 rows above and below are filled
  assertEquals(found.map(({ className }) => className), ["bird", "car"]);
  assertEquals(found[1].box, [12, 4, 52, 28]);
  assertEquals(tightBox(found[1], 32, 64), [12, 4, 32, 28]); // the left half of the image
  assertEquals(tightBox(found[0], 32, 64), [12, 4, 52, 28]);
  const large = await detector.find(plain(64, 128, [10, 20, 30]), 0.5);
  assertEquals(large[1].box, [24, 8, 104, 56]);
  assertEquals(tightBox(large[1], 64, 128), [24, 8, 64, 56]);
}
