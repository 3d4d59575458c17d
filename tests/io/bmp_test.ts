import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { decodeByteImage, hasAlpha } from "../../lib/io/image_file.ts";
import { assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { bmpBytes, type BmpKind } from "../helpers/bmp_writer.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const SIZE = [5, 7] as const;
/** Numbers 0 to 2, different in every row and column. */
const NUMBERS = Array.from({ length: 35 }, (_, p) => (p * p + Math.floor(p / 7)) % 3);
/** Colours of the numbers: all of their parts are multiples of 255 / 31 and 255 / 63 alike, or nearly. */
const COLOURS = [[0, 0, 0], [255, 0, 0], [0, 255, 255]];

const packed = (...bits: readonly number[]) =>
  NUMBERS.map((number) =>
    COLOURS[number].reduce(
      (sum, part, c) => sum + (part === 255 ? 2 ** bits[2 * c] * (2 ** bits[2 * c + 1] - 1) : 0),
      0,
    )
  );
const IN_555 = packed(10, 5, 5, 5, 0, 5),
  IN_565 = packed(11, 5, 5, 6, 0, 5),
  IN_888 = packed(16, 8, 8, 8, 0, 8);

const CASES: readonly (readonly [name: string, values: readonly number[], kind: BmpKind])[] = [
  ["4 bits", NUMBERS, { bits: 4 }],
  ["8 bits", NUMBERS, { bits: 8 }],
  ["8 bits, the first row first", NUMBERS, { bits: 8, isTopDown: true }],
  ["8 bits of OS/2", NUMBERS, { bits: 8, isOs2: true }],
  ["runs of 8 bits", NUMBERS, { bits: 8, compression: 1 }],
  ["runs of 4 bits", NUMBERS, { bits: 4, compression: 2 }],
  ["16 bits", IN_555, { bits: 16 }],
  ["16 bits in fields", IN_565, { bits: 16, compression: 3, fields: [0xf800, 0x7e0, 0x1f] }],
  ["24 bits", IN_888, { bits: 24 }],
  ["24 bits of OS/2", IN_888, { bits: 24, isOs2: true }],
  ["32 bits whose fourth byte is not set", IN_888, { bits: 32 }],
  ["32 bits in fields", IN_888, { bits: 32, compression: 3, fields: [0xff0000, 0xff00, 0xff] }],
];

for (const [name, values, kind] of CASES) {
  Deno.test(`BMP: ${name}`, async () => {
    const palette = kind.bits <= 8 ? COLOURS : [];
    const { data, height, width, channels } = await decodeByteImage(
      bmpBytes(values, SIZE, kind, palette),
      "a.bmp",
    );
    assertEquals([height, width, channels], [...SIZE, 3]);
    assertEquals([...data], NUMBERS.flatMap((number) => COLOURS[number]));
  });
}

Deno.test("BMP: 1 bit, the second colour the dark one; 32 bits with alpha", async () => {
  const bits = NUMBERS.map((number) => number % 2);
  const one = await decodeByteImage(bmpBytes(bits, SIZE, { bits: 1 }, [[255, 255, 255], [0, 0, 0]]), "a.bmp");
  assertEquals(one.channels, 1);
  assertEquals([...one.data], bits.map((bit) => 255 * (1 - bit)));
  const seen = NUMBERS.map((number) => number === 2 ? 0xff102030 : 0x102030);
  const { data, channels } = await decodeByteImage(bmpBytes(seen, SIZE, { bits: 32 }), "a.bmp");
  assertEquals(channels, 4);
  assertEquals([...data], NUMBERS.flatMap((number) => [0x10, 0x20, 0x30, number === 2 ? 255 : 0]));
});

Deno.test("BMP that is cut off, or holds another format, is refused with what it says", async () => {
  const whole = bmpBytes(NUMBERS, SIZE, { bits: 8, compression: 1 }, COLOURS);
  const refused = async (bytes: Uint8Array, ...facts: Fact[]) =>
    await assertRejectsWith(() => decodeByteImage(bytes, "a.bmp"), UserError, "a.bmp", ...facts);
  await refused(whole.subarray(0, whole.length - 9), "row 4");
  await refused(bmpBytes(IN_888, SIZE, { bits: 24 }).subarray(0, 90), 174, 90);
  const jpeg = bmpBytes(NUMBERS, SIZE, { bits: 8 }, COLOURS);
  new DataView(jpeg.buffer).setUint32(30, 4, true);
  await refused(jpeg, "BMP", "8 bits", "compression 4", "PNG");
});

Deno.test("BMP has an alpha channel where some pixels are hidden and others are not", () =>
  inFolder(async (folder) => {
    for (const [name, hidden, expected] of [["all", 0, false], ["some", 0xff000000, true]] as const) {
      const values = NUMBERS.map((number) => number === 2 ? 0x102030 + hidden : 0x102030);
      await Deno.writeFile(`${folder}/${name}.bmp`, bmpBytes(values, SIZE, { bits: 32 }));
      assertEquals(await hasAlpha(`${folder}/${name}.bmp`), expected);
    }
  }));
