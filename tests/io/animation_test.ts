import { assert, assertEquals } from "@std/assert";
import sharp from "sharp";
import { floatImage } from "../../lib/core/arrays.ts";
import { encodeAnimation } from "../../lib/io/animation.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

/** An image of one colour. */
function plain(color: readonly number[], side = 16) {
  const image = floatImage(side, side, color.length);
  image.data.forEach((_, i) => image.data[i] = color[i % color.length]);
  return image;
}

Deno.test("an animation holds its frames in order", async () => {
  const frames = [plain([1, 0, 0, 1]), plain([0, 1, 0, 1]), plain([0, 0, 1, 1])];
  for (const format of ["webp", "gif"] as const) {
    const bytes = await encodeAnimation(frames, format, { framesPerSecond: 5, loops: 2 });
    for (let page = 0; page < 3; page++) {
      const { data, info } = await sharp(bytes, { page }).removeAlpha().raw().toBuffer({
        resolveWithObject: true,
      });
      assertEquals([info.width, info.height], [16, 16]);
      const brightest = [0, 1, 2].map((c) => data[c]).indexOf(Math.max(...data.subarray(0, 3)));
      assertEquals(brightest, page, format);
    }
    const { loop, delay } = await sharp(bytes, { animated: true }).metadata();
    assertEquals([loop, delay], [2, [200, 200, 200]]);
  }
});

Deno.test("a transparent background stays transparent", async () => {
  const bytes = await encodeAnimation([plain([0, 0, 0, 0]), plain([1, 1, 1, 1])], "webp");
  const { data, info } = await sharp(bytes, { page: 0 }).raw().toBuffer({ resolveWithObject: true });
  assertEquals(info.channels, 4);
  assert(data.every((value, i) => i % 4 !== 3 || value === 0));
});

Deno.test("frames and options that cannot be encoded are named", async () => {
  await assertRejectsWith(() => encodeAnimation([], "gif"), TypeError, "0 frames");
  const mixed = [plain([0, 0, 0]), plain([0, 0, 0], 8)];
  await assertRejectsWith(() => encodeAnimation(mixed, "gif"), TypeError, "frame 1", "8 x 8", "16 x 16");
  await assertRejectsWith(() => encodeAnimation([plain([0])], "gif"), TypeError, "channels", 1);
  const one = [plain([0, 0, 0])];
  await assertRejectsWith(
    () => encodeAnimation(one, "gif", { framesPerSecond: 0 }),
    RangeError,
    "framesPerSecond",
    0,
  );
  await assertRejectsWith(() => encodeAnimation(one, "webp", { quality: 0 }), RangeError, "quality", 0);
});
