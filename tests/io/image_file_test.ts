import { assert, assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { UserError } from "../../lib/core/errors.ts";
import {
  decodeByteImage,
  encodeBytesPng,
  encodePng,
  encodeWebp,
  readByteImage,
  readImage,
  writePng,
} from "../../lib/io/image_file.ts";
import { assertDamaged, assertFacts, assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const RED_BLUE = { // red over blue, over blue
  data: new Uint8Array([255, 0, 0, 0, 0, 255, 0, 0, 255]),
  options: { raw: { width: 1, height: 3, channels: 3 } },
} as const;

Deno.test("PNG round trip with 1, 3 and 4 channels", () =>
  inFolder(async (folder) => {
    for (const channels of [1, 3, 4]) {
      const data = Float32Array.from({ length: 2 * 3 * channels }, (_, i) => i * 10 / 255);
      const path = join(folder, `${channels}.png`);
      await writePng(path, { data, height: 2, width: 3, channels });
      const image = await readImage(path);
      assertEquals([image.height, image.width, image.channels], [2, 3, channels]);
      for (const [i, value] of image.data.entries()) assertAlmostEquals(value, data[i], 1e-6);
    }
    const cut = await encodePng({ data: new Float32Array([-1, 2]), height: 1, width: 2, channels: 1 });
    await Deno.writeFile(join(folder, "cut.png"), cut);
    assertEquals([...(await readByteImage(join(folder, "cut.png"))).data], [0, 255]);
    const two = { data: new Float32Array(2), height: 1, width: 1, channels: 2 };
    await assertRejectsWith(() => encodePng(two), TypeError, "PNG", "channels", 2);
  }));

Deno.test("the rotation noted by the camera is applied", () =>
  inFolder(async (folder) => {
    const path = join(folder, "turned.png");
    await sharp(RED_BLUE.data, RED_BLUE.options).withMetadata({ orientation: 6 }).png().toFile(path);
    const image = await readByteImage(path);
    assertEquals([image.height, image.width], [1, 3]); // a quarter turn clockwise: top becomes right
    assertEquals([...image.data], [0, 0, 255, 0, 0, 255, 255, 0, 0]);
  }));

Deno.test("grey, palette, CMYK and 16 bits become 8-bit grey or RGB", () =>
  inFolder(async (folder) => {
    const path = join(folder, "image");
    await sharp(RED_BLUE.data, RED_BLUE.options).png({ palette: true }).toFile(path);
    assertEquals([...(await readByteImage(path)).data], [...RED_BLUE.data]);
    await sharp(RED_BLUE.data, RED_BLUE.options).toColourspace("rgb16").png().toFile(path);
    assertEquals([...(await readByteImage(path)).data], [...RED_BLUE.data]);

    const white = new Uint8Array(8 * 8 * 3).fill(255);
    await sharp(white, { raw: { width: 8, height: 8, channels: 3 } }).toColourspace("cmyk").jpeg().toFile(
      path,
    );
    const cmyk = await readByteImage(path);
    assertEquals(cmyk.channels, 3);
    assertEquals(cmyk.data.every((value) => value > 245), true);

    const grey = new Uint8Array([0, 100, 255]);
    const raw = { width: 3, height: 1, channels: 1 } as const;
    for (const space of ["b-w", "grey16"]) {
      await sharp(grey, { raw }).toColourspace(space).png().toFile(path);
      const image = await readByteImage(path);
      assertEquals([image.channels, ...image.data], [1, 0, 100, 255]);
    }
  }));

Deno.test("missing, foreign and truncated files are named", () =>
  inFolder(async (folder) => {
    const path = join(folder, "broken.png");
    await assertMissing(() => readByteImage(path), path);
    await Deno.writeTextFile(path, "not an image");
    await assertDamaged(() => readByteImage(path), path);
    const noise = Float32Array.from({ length: 64 * 64 }, (_, i) => (i * 7919 % 256) / 255);
    const whole = await encodePng({ data: noise, height: 64, width: 64, channels: 1 });
    await Deno.writeFile(path, whole.slice(0, whole.length / 2));
    await assertDamaged(() => readByteImage(path), path);
  }));

Deno.test("WebP keeps size, channels and, nearly, the values", () =>
  inFolder(async (folder) => {
    const path = join(folder, "image.webp");
    for (const channels of [1, 3, 4]) {
      const data = Float32Array.from(
        { length: 32 * 48 * channels },
        (_, i) => channels === 4 && i % 4 === 3 ? 1 : 0.5 + 0.4 * Math.sin(Math.floor(i / channels) / 300),
      );
      const image = { data, height: 32, width: 48, channels };
      await Deno.writeFile(path, await encodeWebp(image));
      const found = await readImage(path);
      assertEquals([found.height, found.width], [32, 48]);
      for (let p = 0; p < 32 * 48; p++) {
        assertAlmostEquals(found.data[p * found.channels], data[p * channels], 0.05);
      }
      const small = await encodeWebp(image, { quality: 10 });
      assert(small.length <= (await encodeWebp(image, { quality: 95 })).length);
    }
    const two = { data: new Float32Array(2), height: 1, width: 1, channels: 2 };
    await assertRejectsWith(() => encodeWebp(two), TypeError, "WebP", "channels", 2);
    const one = { data: new Float32Array(1), height: 1, width: 1, channels: 1 };
    await assertRejectsWith(() => encodeWebp(one, { quality: 0 }), RangeError, "quality", 0);
  }));

Deno.test("a header that claims far more pixels than its bytes can hold is refused before memory is taken", async () => {
  const bytes = await encodeBytesPng({
    data: new Uint8Array(768).fill(9),
    height: 16,
    width: 16,
    channels: 3,
  });
  const view = new DataView(bytes.buffer);
  view.setUint32(16, 16000); // columns, after signature, length and name of the first chunk
  view.setUint32(20, 16000);
  view.setUint32(29, crc32(bytes.subarray(12, 29)));
  const error = await assertRejects(() => decodeByteImage(bytes, "bomb.png"), UserError);
  assertFacts(error.message, "bomb.png", "16000 x 16000", `${bytes.length} bytes`);
});

/** Checksum of a chunk of PNG. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}
