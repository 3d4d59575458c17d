import { assert, assertEquals } from "@std/assert";
import sharp from "sharp";
import { labelsOfImage, maskOfAlpha, readMaskImage } from "../../lib/datasets/mask_image.ts";
import { measureMask, withoutStraySpots } from "../../lib/datasets/measure_mask.ts";
import { decodeDeepImage, decodeLabelImage } from "../../lib/io/image_file.ts";
import { bmpBytes } from "../helpers/bmp_writer.ts";

const row = (channels: number, ...values: number[]) => ({
  data: new Uint8Array(values),
  height: 1,
  width: values.length / channels,
  channels,
});

Deno.test("alpha of one half and more is the object; an alpha channel that hides nothing is none", () => {
  assertEquals(maskOfAlpha(row(2, 9, 127, 9, 128, 0, 255)), new Uint8Array([0, 1, 1]));
  assertEquals(maskOfAlpha(row(4, 9, 9, 9, 0, 9, 9, 9, 200)), new Uint8Array([0, 1]));
  assertEquals(maskOfAlpha(row(2, 9, 0, 9, 1, 9, 1)), new Uint8Array([0, 1, 1])); // 0 and 1 of 255
  assertEquals(maskOfAlpha(row(2, 9, 0, 9, 59, 9, 120)), new Uint8Array([0, 0, 1]));
  assertEquals(maskOfAlpha(row(3, 9, 9, 9)), null);
  assertEquals(maskOfAlpha(row(2, 9, 255, 9, 255)), null);
});

const HEIGHT = 120, WIDTH = 160;
/** How much of each pixel an ellipse covers, by 8 x 8 samples, and the pixels whose centres lie in it. */
const COVER = Float64Array.from({ length: HEIGHT * WIDTH }, (_, p) => {
  let count = 0;
  for (let k = 0; k < 64; k++) {
    const x = p % WIDTH + (k % 8 + 0.5) / 8, y = Math.floor(p / WIDTH) + (Math.floor(k / 8) + 0.5) / 8;
    if (((x - 60) / 40) ** 2 + ((y - 50) / 25) ** 2 <= 1) count++;
  }
  return count / 64;
});
const MASK = COVER.map((_, p) =>
  ((p % WIDTH + 0.5 - 60) / 40) ** 2 + ((Math.floor(p / WIDTH) + 0.5 - 50) / 25) ** 2 <= 1 ? 1 : 0
);
const AREA = MASK.reduce((a, b) => a + b, 0), HALF = COVER.filter((share) => share >= 0.5).length;
/** Repeatable noise in [0, 1). */
const noise = (p: number) => (Math.sin(p * 12.9898) * 43758.5453) % 1 * 0.5 + 0.5;

/** An image of values by pixel, C values each. */
function makeImage(channels: 1 | 2 | 3 | 4, valuesOf: (inside: number, p: number) => number[], deep = false) {
  const values = Array.from(MASK, (inside, p) => valuesOf(inside, p)).flat();
  const data = deep ? Uint16Array.from(values) : Uint8Array.from(values, (value) => Math.round(value));
  const image = sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels } });
  return deep
    ? image.toColourspace(channels < 3 ? "grey16" : "rgb16")
    : channels === 1
    ? image.toColourspace("b-w")
    : image;
}
const grey = (object: number, background = 0) => makeImage(1, (inside) => [inside ? object : background]);
const objectColours = (inside: number, p: number) =>
  inside ? [160 - 150 * (p % WIDTH > 60 ? 1 : 0) + 90 * noise(p), 60 + 9 * noise(p), 20] : [0, 0, 0];

const bmp = (bits: 1 | 8, palette: number[][]) =>
  Promise.resolve(bmpBytes(MASK, [HEIGHT, WIDTH], { bits }, palette));

type Case = [name: string, bytes: () => Promise<Uint8Array>, area: number, kind?: string, inverted?: boolean];
const CASES: Case[] = [
  ["1 bit", () => grey(255).png({ palette: true, colours: 2 }).toBuffer(), AREA],
  ["0 and 1", () => grey(1).png().toBuffer(), AREA],
  ["0 and 255", () => grey(255).png().toBuffer(), AREA],
  ["blue", () => makeImage(3, (inside) => [0, 0, 128 * inside]).png().toBuffer(), AREA],
  [
    "palette",
    () => makeImage(3, (inside) => inside ? [128, 0, 64] : [0, 0, 0]).png({ palette: true }).toBuffer(),
    AREA,
  ],
  [
    "blue background, another colour",
    () => makeImage(3, (inside) => inside ? [112, 0, 143] : [0, 0, 255]).png().toBuffer(),
    AREA,
  ],
  [
    "coloured background, the object black",
    () => makeImage(3, (inside) => inside ? [0, 0, 0] : [0, 200, 0]).png().toBuffer(),
    ...[AREA, "values", true] as const,
  ],
  [
    "16 bits, whose lower byte is 0",
    () => makeImage(1, (inside) => [256 * inside], true).png().toBuffer(),
    AREA,
  ],
  ["white and alpha", () => makeImage(2, (inside) => [255, 255 * inside]).png().toBuffer(), AREA, "alpha"],
  [
    "coloured background",
    () => makeImage(3, (inside) => inside ? [255, 0, 0] : [0, 0, 255]).png().toBuffer(),
    AREA,
  ],
  ["16 bits, label 1", () => makeImage(1, (inside) => [inside], true).png().toBuffer(), AREA],
  ["16 bits, 65535", () => makeImage(1, (inside) => [65535 * inside], true).png().toBuffer(), AREA],
  [
    "labels",
    () => makeImage(1, (inside, p) => [inside && 1 + Math.floor((p % WIDTH) / 40)]).png().toBuffer(),
    AREA,
  ],
  [
    "labels 1 and 200",
    () => makeImage(1, (inside, p) => [inside && (p % WIDTH > 60 ? 200 : 1)]).png().toBuffer(),
    AREA,
  ],
  ["grey and opaque alpha", () => makeImage(2, (inside) => [255 * inside, 255]).png().toBuffer(), AREA],
  [
    "grey and alpha",
    () => makeImage(2, (inside, p) => [255 * noise(p), 255 * inside]).png().toBuffer(),
    AREA,
    "alpha",
  ],
  [
    "RGBA image",
    () => makeImage(4, (inside, p) => [...objectColours(1, p), 255 * inside]).png().toBuffer(),
    AREA,
    "alpha",
  ],
  [
    "half-transparent overlay",
    () => makeImage(4, (inside) => [255, 0, 0, 100 * inside]).png().toBuffer(),
    AREA,
    "alpha",
  ],
  ["object on black", () => makeImage(3, objectColours).png().toBuffer(), AREA, "object_image"],
  [
    "JPEG saved again as PNG",
    async () => await sharp(await grey(255).jpeg({ quality: 90 }).toBuffer()).png().toBuffer(),
    AREA,
  ],
  [
    "noise of few levels",
    () => makeImage(1, (inside, p) => [inside ? 255 - 6 * noise(p) : 6 * noise(p)]).png().toBuffer(),
    AREA,
  ],
  [
    "4 grey levels",
    () => makeImage(1, (_, p) => [Math.round(COVER[p] * 4) * 63.75]).png().toBuffer(),
    COVER.filter((s) => Math.round(s * 4) >= 2).length,
  ],
  ["antialiased", () => makeImage(1, (_, p) => [255 * COVER[p]]).png().toBuffer(), HALF],
  ["GIF", () => grey(255).gif().toBuffer(), AREA],
  ["WebP", () => grey(255).webp({ lossless: true }).toBuffer(), AREA],
  ["TIFF", () => grey(1).tiff({ compression: "lzw" }).toBuffer(), AREA],
  ["BMP of 1 bit", () => bmp(1, [[0, 0, 0], [255, 255, 255]]), AREA],
  ["BMP of a palette", () => bmp(8, [[0, 0, 0], [255, 0, 0]]), AREA],
  ["white background", () => grey(0, 255).png().toBuffer(), AREA, "values", true],
  ["1 as background", () => grey(0, 1).png().toBuffer(), AREA, "values", true],
  ...[90, 95, 98, 100].map((
    quality,
  ): Case => [`JPEG, ${quality}`, () => grey(255).jpeg({ quality }).toBuffer(), AREA]),
  [
    "JPEG of colours",
    () => makeImage(3, (inside) => [0, 180 * inside, 90 * inside]).jpeg({ quality: 95 }).toBuffer(),
    AREA,
  ],
  ["JPEG, white background", () => grey(0, 255).jpeg({ quality: 95 }).toBuffer(), AREA, "values", true],
];

/** Pixels of the ellipse that touch its outside. */
const RIM = MASK.map((inside, p) => inside && [1, -1, WIDTH, -WIDTH].some((step) => !MASK[p + step]) ? 1 : 0);
/** Pixels outside of the ellipse that are at most five from it. */
const OUTSIDE = MASK.map((inside, p) => {
  const isNear = (y: number, x: number) => Math.hypot(y, x) <= 5 && MASK[p + y * WIDTH + x];
  const steps = Array.from({ length: 11 }, (_, k) => k - 5);
  return !inside && steps.some((y) => steps.some((x) => isNear(y, x))) ? 1 : 0;
});
CASES.push(
  [
    "label with a void ring",
    () => makeImage(1, (inside, p) => [RIM[p] ? 255 : 7 * inside]).png().toBuffer(),
    AREA - RIM.reduce((a, b) => a + b, 0),
  ],
  [
    "label with a void ring outside that is five pixels wide",
    () => makeImage(1, (inside, p) => [inside ? 7 : OUTSIDE[p] ? 255 : 0]).png().toBuffer(),
    AREA,
  ],
  [
    "trimap: 1 object, 2 background, 3 between",
    () => makeImage(1, (inside, p) => [inside ? 1 : OUTSIDE[p] ? 3 : 2]).png().toBuffer(),
    AREA,
  ],
  [
    "coloured label with a void ring",
    () =>
      makeImage(3, (inside, p) => RIM[p] ? [224, 224, 192] : [128 * inside, 0, 0]).png({ palette: true })
        .toBuffer(),
    AREA - RIM.reduce((a, b) => a + b, 0),
  ],
);

const boxOf = (name: string) => /void ring$/.test(name) ? [21, 26, 99, 74] : [20, 25, 100, 75];
for (const [name, bytesOf, area, kind = "values", inverted = false] of CASES) {
  Deno.test(`mask image: ${name}`, async () => {
    const found = readMaskImage(await decodeDeepImage(await bytesOf(), name));
    const { area: measured, box } = measureMask(found.mask, HEIGHT, WIDTH);
    assertEquals([measured, found.kind, found.isInverted, box], [area, kind, inverted, boxOf(name)]);
  });
}

Deno.test("a soft mask is taken from half of its largest value on, an object on black in JPEG nearly whole", async () => {
  const blurred = await grey(255).blur(6).png().toBuffer();
  const soft = readMaskImage(await decodeDeepImage(blurred, "soft"));
  const { data } = await decodeDeepImage(blurred, "soft"),
    most = Math.max(...data);
  assertEquals([...soft.mask], Array.from(data, (value) => value >= most / 2 ? 1 : 0));
  assertEquals(soft.kind, "values");
  const jpeg = await makeImage(3, objectColours).jpeg({ quality: 92 }).toBuffer();
  const { mask, kind } = readMaskImage(await decodeDeepImage(jpeg, "object on black"));
  const wrong = mask.reduce((sum, value, p) => sum + (value === MASK[p] ? 0 : 1), 0);
  assertEquals(kind, "object_image");
  assert(wrong < 0.05 * AREA, `${wrong} pixels of ${AREA}`);
});

Deno.test("a photograph in place of a mask is none; a label image of many colours is one", async () => {
  const photograph = makeImage(3, (_, p) => [0, 1, 2].map((c) => 255 * noise(3 * p + c)));
  const read = async (image: ReturnType<typeof makeImage>) =>
    readMaskImage(await decodeDeepImage(await image.png().toBuffer(), "mask")).kind;
  assertEquals(await read(photograph), "photograph");
  const parts = makeImage(
    3,
    (_, p) => [20 * Math.floor(p % WIDTH / 16), 20 * Math.floor(p / WIDTH / 12), 99],
  );
  assertEquals(await read(parts), "values");
});

Deno.test("labels of grey images, stored with one channel or three alike, 8 bits or 16", () => {
  assertEquals(labelsOfImage(row(1, 0, 3, 200)), new Uint8Array([0, 3, 200]));
  assertEquals(labelsOfImage(row(2, 4, 255, 5, 255)), new Uint8Array([4, 5]));
  assertEquals(labelsOfImage(row(3, 4, 4, 4, 0, 0, 0)), new Uint8Array([4, 0]));
  assertEquals(labelsOfImage(row(3, 4, 4, 5)), null);
  const deep = { data: Uint16Array.of(0, 1, 40_000), height: 1, width: 3, channels: 1 };
  assertEquals(labelsOfImage(deep), Uint16Array.of(0, 1, 40_000));
});

Deno.test("labels of PNG are the numbers that the file holds, of a palette and of few bits too", async () => {
  const labels = MASK.map((inside, p) => inside ? 1 + (p % WIDTH > 60 ? 1 : 0) : 0);
  const coloured = makeImage(3, (_, p) => [[0, 0, 0], [0, 128, 0], [128, 0, 0]][labels[p]]);
  const found = await decodeLabelImage(await coloured.png({ palette: true, colours: 4 }).toBuffer(), "parts");
  const byColour = new Map(Array.from(labels, (label, p) => [label, found.data[p]]));
  assertEquals([found.channels, byColour.size, new Set(byColour.values()).size], [1, 3, 3]);
  assert([...byColour.values()].every((number) => number < 4));
  assertEquals(Array.from(labels, (label) => byColour.get(label)), [...found.data]);
});

/** A TIFF file of 32-bit floating values, as programs for science write masks. */
function floatTiff(values: ArrayLike<number>): Uint8Array {
  const entries = [
    ...[[256, WIDTH], [257, HEIGHT], [258, 32], [259, 1], [262, 1], [273, 0], [277, 1], [278, HEIGHT]],
    ...[[279, 4 * values.length], [339, 3]],
  ];
  const start = 8 + 2 + 12 * entries.length + 4,
    view = new DataView(new ArrayBuffer(start + 4 * values.length));
  [0x49, 0x49, 42, 0, 8].forEach((byte, k) => view.setUint8(k, byte));
  view.setUint16(8, entries.length, true);
  entries.forEach(([tag, value], k) => {
    [tag, 4].forEach((word, n) => view.setUint16(10 + 12 * k + 2 * n, word, true));
    [1, tag === 273 ? start : value].forEach((word, n) => view.setUint32(14 + 12 * k + 4 * n, word, true));
  });
  Array.from(values).forEach((value, p) => view.setFloat32(start + 4 * p, value, true));
  return new Uint8Array(view.buffer);
}

Deno.test("values of 32 bits: shares from 0 to 1 are stretched, labels kept", async () => {
  const bytes = floatTiff(COVER);
  assertEquals(
    measureMask(readMaskImage(await decodeDeepImage(bytes, "soft")).mask, HEIGHT, WIDTH).area,
    HALF,
  );
  const labels = await decodeDeepImage(floatTiff(MASK.map((inside) => 300 * inside)), "labels");
  assertEquals([...new Set(labels.data)].sort((a, b) => a - b), [0, 300]);
});

Deno.test("area, box, border and pieces of a mask", () => {
  const mask = new Uint8Array([
    ...[0, 1, 0, 0, 0],
    ...[0, 1, 0, 0, 1],
    ...[0, 0, 1, 0, 0],
    ...[0, 0, 0, 0, 0],
  ]);
  assertEquals(measureMask(mask, 4, 5), {
    area: 4,
    box: [1, 0, 5, 3],
    borderPixels: 2,
    pieces: 2,
    largestPiece: 3,
  });
  assertEquals(measureMask(new Uint8Array(20), 4, 5).box, [0, 0, 0, 0]);
});

Deno.test("stray pixels are taken away where they change the box, and only there", () => {
  const mask = Uint8Array.from(MASK);
  assertEquals(withoutStraySpots(mask, HEIGHT, WIDTH), null);
  mask[5 * WIDTH + 150] = 1;
  assertEquals(withoutStraySpots(mask, HEIGHT, WIDTH), { mask: Uint8Array.from(MASK), pixels: 1 });
  mask[5 * WIDTH + 150] = 0;
  for (let k = 0; k < 6; k++) mask[18 * WIDTH + 60 + k] = 1; // a line above it, and spots all around
  for (const p of [2 * WIDTH + 9, 7 * WIDTH + 140, 99 * WIDTH + 11]) mask[p] = 1;
  assertEquals(withoutStraySpots(mask, HEIGHT, WIDTH), { mask: Uint8Array.from(MASK), pixels: 9 });
  mask.set(MASK);
  mask[26 * WIDTH + 22] = 1; // a spot in the box
  assertEquals(withoutStraySpots(mask, HEIGHT, WIDTH), null);
});
