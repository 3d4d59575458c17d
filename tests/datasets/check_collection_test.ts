import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { hashDistance, perceptualHash } from "../../lib/datasets/perceptual_hash.ts";
import { inspectPhotographs } from "../../lib/datasets/import_photographs.ts";
import { silhouetteLikeness, silhouetteOf } from "../../lib/datasets/viewpoints.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { boxMask, OPTIONS, writeBytes, writeRgbaImage } from "./photo_fixtures.ts";

/** An image of smooth random colours, `[H, W, 3]`. */
function smooth(seed: number, height: number, width: number): Uint8Array {
  const prng = new Prng(seed, "smooth");
  const waves = Array.from({ length: 6 }, () => [prng.uniform(1, 4), prng.uniform(1, 4), prng.uniform(0, 6)]);
  return Uint8Array.from({ length: height * width * 3 }, (_, k) => {
    const p = Math.floor(k / 3), y = Math.floor(p / width) / height, x = (p % width) / width;
    const value = waves.reduce(
      (sum, [u, v, phase]) => sum + Math.sin(2 * Math.PI * (u * x + v * y) + phase),
      0,
    );
    return 128 + 20 * value;
  });
}

Deno.test("hashes: brighter, noisier and smaller copies are near, other images far", () => {
  const image = (data: Uint8Array, height = 90, width = 120) => ({ data, height, width, channels: 3 });
  const whole = { x: 10, y: 4, size: 80 };
  const first = perceptualHash(image(smooth(1, 90, 120)), whole);
  const prng = new Prng(1, "noise");
  const noisy = smooth(1, 90, 120).map((v) => Math.min(255, v + 20 + prng.integer(9)));
  assert(hashDistance(first, perceptualHash(image(noisy), whole)) <= 4);
  const data = smooth(1, 90, 120);
  const half = Uint8Array.from({ length: 45 * 60 * 3 }, (_, k) => { // means of 2 x 2 pixels
    const at = (Math.floor(k / 180) * 2 * 120 + Math.floor(k % 180 / 3) * 2) * 3 + k % 3;
    return (data[at] + data[at + 3] + data[at + 360] + data[at + 363]) / 4;
  });
  const small = perceptualHash(image(half, 45, 60), { x: 5, y: 2, size: 40 });
  assert(hashDistance(first, small) <= 4);
  for (let seed = 2; seed < 12; seed++) {
    assert(hashDistance(first, perceptualHash(image(smooth(seed, 90, 120)), whole)) > 12);
  }
  assertEquals(hashDistance([0, -1], [-1, -1]), 32);
});

Deno.test("silhouettes: the same contour either way round is alike, others are not", () => {
  const crop = { x: 0, y: 0, size: 64 };
  const left = silhouetteOf(boxMask(64, 64, [0, 20, 40, 60]), 64, 64, crop);
  const right = silhouetteOf(boxMask(64, 64, [24, 20, 64, 60]), 64, 64, crop);
  const flat = silhouetteOf(boxMask(64, 64, [0, 0, 64, 10]), 64, 64, crop);
  assertEquals(silhouetteLikeness([left, right]), 1);
  assert(silhouetteLikeness([left, flat]) < 0.1);
  assert(Number.isNaN(silhouetteLikeness([left])));
});

Deno.test("a collection: copies are named, few images and one viewpoint are warned of", () =>
  inFolder(async (folder) => {
    const mask = boxMask(80, 100, [10, 20, 80, 70]);
    for (const name of ["a", "b", "c", "d"]) {
      const colours = smooth(name === "c" ? 1 : name.charCodeAt(0), 80, 100);
      if (name === "a") colours.set(smooth(1, 80, 100));
      const data = Uint8Array.from(
        { length: 32000 },
        (_, k) => k % 4 === 3 ? 255 * mask[k >> 2] : colours[(k >> 2) * 3 + k % 4],
      );
      await writeBytes(folder, `${name}.png`, data, 80, 100);
    }
    const { report } = await inspectPhotographs(folder, OPTIONS);
    assertEquals(report.problems.map(({ file, kind }) => [file, kind]), [["c.png", "copy"]]);
    assertFacts(report.problems[0].value, "a.png");
    assertEquals(report.warnings.length, 2);
    assertFacts(report.warnings[1], "IoU", "1.00");
    assertEquals(report.sides, [70, 70, 70]);
    await writeRgbaImage(folder, "e.png", boxMask(80, 100, [45, 0, 55, 80]));
    await writeRgbaImage(folder, "f.png", boxMask(80, 100, [0, 35, 100, 45]));
    assertEquals((await inspectPhotographs(folder, OPTIONS)).report.warnings.length, 1);
  }));
