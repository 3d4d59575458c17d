import { assert, assertEquals } from "@std/assert";
import sharp from "sharp";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { renderTurntable, writeTurntable, writeTurntableImages } from "../../lib/rendering/turntable.ts";
import { assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";
import { dentedSphere } from "./scenes.ts";

const topology = sphereTopology();
/** Twice as long from front to back, moved to the side. */
const mesh = {
  ...topology,
  vertices: topology.vertices.map((x, i) => i % 3 === 1 ? x : 0.5 * x + (i % 3 === 0 ? 3 : 0)),
};
/** Red on the left half of the object, blue on the other. */
const halves: FloatImage = {
  data: Float32Array.from({ length: 2 * 8 * 3 }, (_, i) => {
    const column = Math.floor(i / 3) % 8, isLeft = column >= 2 && column < 6;
    return i % 3 === (isLeft ? 0 : 2) ? 1 : 0;
  }),
  height: 2,
  width: 8,
  channels: 3,
};
const small = { size: 32, supersample: 2, frames: 8, elevation: 0, light: 0 };

/** First and last column or row with something in it. */
function extent({ data, width, height }: FloatImage, axis: 0 | 1): [number, number] {
  const seen = Array.from({ length: width * height }, (_, o) => o).filter((o) => data[4 * o + 3] > 0)
    .map((o) => axis === 0 ? o % width : Math.floor(o / width));
  return [Math.min(...seen), Math.max(...seen)];
}

Deno.test("a turntable shows the front, the object's left side and back, in the middle at one scale", () => {
  const images = [...renderTurntable(mesh, halves, small)];
  assertEquals(images.length, 8);
  const widths = images.map((image) => {
    const [left, right] = extent(image, 0);
    assert(Math.abs(left + right - 31) <= 1 && left >= 0 && right <= 31);
    return right - left;
  });
  assert(widths[2] > widths[0] + 8 && Math.abs(widths[2] - widths[6]) <= 1);
  const [red, , blue] = images[2].data.subarray(4 * (16 * 32 + 16));
  assert(red > 0.9 && blue < 0.1, "90 degrees shows the object's left");
  const [otherRed, , otherBlue] = images[6].data.subarray(4 * (16 * 32 + 16));
  assert(otherRed < 0.1 && otherBlue > 0.9);
});

Deno.test("a turntable is written as images and as an animation of the same frames", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const paths = await writeTurntableImages(folder, mesh, halves, { ...small, frames: 3 });
    assertEquals(paths.map((path) => path.slice(folder.length)), [
      "/frame_000.png",
      "/frame_001.png",
      "/frame_002.png",
    ]);
    for (const end of ["webp", "gif"]) {
      const path = `${folder}/turn.${end}`;
      await writeTurntable(path, mesh, halves, { ...small, frames: 3, framesPerSecond: 10 });
      const { pages, pageHeight, width, delay, loop } = await sharp(path, { animated: true }).metadata();
      assertEquals([pages, pageHeight, width, loop], [3, 32, 32, 0]);
      assertEquals(delay, [100, 100, 100]);
    }
    await assertRejectsWith(
      () => writeTurntable(`${folder}/turn.mp4`, mesh, null, small),
      UserError,
      `${folder}/turn.mp4`,
      ".webp",
      ".gif",
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("wrong options of a turntable are named", () => {
  const first = (options: Parameters<typeof renderTurntable>[2]) => () =>
    void renderTurntable(mesh, null, options).next();
  assertThrowsWith(first({ frames: 0 }), RangeError, "frames", 1, 0);
  assertThrowsWith(first({ elevation: 91 }), RangeError, "elevation", "-90 to 90", 91);
  assertThrowsWith(first({ fill: 2 }), RangeError, "fill", 0, 1, 2);
  assertThrowsWith(first({ size: 4096 }), RangeError, "size", "1 to 2048", 4096);
});

Deno.test("images go up to 2048 pixels, and are the same in any strip", () => {
  const { vertices } = dentedSphere(51);
  const large = renderImage({ ...topology, vertices }, halves, { size: 2048, supersample: 1, light: 0.5 });
  assertEquals([large.height, large.width, large.data.length], [2048, 2048, 2048 * 2048 * 4]);
  const fine = renderImage({ ...topology, vertices }, halves, { size: 512, supersample: 4, light: 0.5 });
  let worst = 0;
  for (let y = 0; y < 512; y += 37) {
    for (let x = 0; x < 512; x += 31) {
      let alpha = 0;
      for (let s = 0; s < 16; s++) {
        alpha += large.data[4 * ((4 * y + (s >> 2)) * 2048 + 4 * x + s % 4) + 3] / 16;
      }
      worst = Math.max(worst, Math.abs(alpha - fine.data[4 * (512 * y + x) + 3]));
    }
  }
  assertEquals(worst, 0);
});
