import { assertEquals } from "@std/assert";
import { boxMask, pattern, writeBytes, writePair, writeRgbaImage } from "../datasets/photo_fixtures.ts";
import { assertFacts, type Fact } from "../helpers/assert_facts.ts";
import { inWorkplace, type Workplace } from "./_workplace.ts";
import { tinyPipeline } from "./tiny_pipeline.ts";

const HEIGHT = 80, WIDTH = 100, MASK = boxMask(HEIGHT, WIDTH, [10, 20, 80, 70]);

/** Runs the pipeline on a folder; it must end with exit code 1, and leave no data set. */
async function refusal({ call }: Workplace, images: string): Promise<string> {
  const flags = ["--images", images, "--template", "car", "--name", "e2e", "--backend", "wasm"];
  const { code, messages } = await call(tinyPipeline, ...flags, "--num_workers", "0");
  assertEquals(code, 1, messages);
  const hasDataset = await Deno.stat("cache/e2e/dataset.json").then(() => true, () => false);
  assertEquals(hasDataset, false);
  return messages.slice(messages.indexOf("error: "));
}

async function assertRefused(workplace: Workplace, images: string, ...facts: Fact[]): Promise<void> {
  assertFacts(await refusal(workplace, images), images, ...facts);
}

Deno.test("a folder that is not there, is empty, or is a file", () =>
  inWorkplace(async (workplace) => {
    await assertRefused(workplace, "nowhere");
    await Deno.mkdir("empty");
    await assertRefused(workplace, "empty", "RGBA", "masks/", "annotations.json");
    await writeRgbaImage(".", "photo.png", MASK);
    await assertRefused(workplace, "photo.png");
  }));

Deno.test("a photograph without a mask, and masks of another size", () =>
  inWorkplace(async (workplace) => {
    await writeBytes("bare", "a.png", pattern(HEIGHT, WIDTH), HEIGHT, WIDTH);
    await assertRefused(workplace, "bare", "a.png", "masks/");
    await writePair("sizes", "a", MASK);
    await writeBytes("sizes", "masks/a.png", boxMask(81, WIDTH, [9, 9, 90, 70]), 81, WIDTH);
    await assertRefused(workplace, "sizes", "masks/a.png", "100 x 81", "100 x 80");
  }));

Deno.test("masks that are all empty or all full, and images that are damaged or cut short", () =>
  inWorkplace(async (workplace) => {
    await writeRgbaImage("bad", "empty.png", new Uint8Array(HEIGHT * WIDTH));
    await writeRgbaImage("bad", "full.png", new Uint8Array(HEIGHT * WIDTH).fill(1));
    await writeRgbaImage("bad", "short.png", MASK);
    const bytes = await Deno.readFile("bad/short.png");
    await Deno.writeFile("bad/short.png", bytes.slice(0, bytes.length - 60));
    await Deno.writeTextFile("bad/corrupt.png", "not an image");
    await assertRefused(workplace, "bad", "4 of 4");
    await writeRgbaImage("bad", "good.png", MASK);
    await assertRefused(
      workplace,
      "bad",
      "4 of 5",
      "empty.png",
      "full.png",
      "short.png",
      "corrupt.png",
      "--skip_invalid",
    );
  }));

Deno.test("a template that is not there is told before any work, with those there are", () =>
  inWorkplace(async ({ call }) => {
    await writeRgbaImage("photos", "a.png", MASK);
    const flags = ["--images", "photos", "--name", "e2e", "--template", "boat"];
    const { code, messages } = await call(tinyPipeline, ...flags);
    assertEquals(code, 1);
    assertFacts(messages, '"boat"', "motorcycle", "car");
    assertEquals([...Deno.readDirSync(".")].map(({ name }) => name), ["photos"]);
  }));

Deno.test("a single photograph is too few", () =>
  inWorkplace(async ({ call }) => {
    await writeRgbaImage("photos", "a.png", MASK);
    const flags = ["--images", "photos", "--name", "e2e", "--template", "car", "--backend", "wasm"];
    const { code, messages } = await call(tinyPipeline, ...flags);
    assertEquals(code, 1);
    assertFacts(messages, "photos", 2, 1);
  }));

Deno.test("a file in the place of the output folder, and a folder that may not be written to", () =>
  inWorkplace(async (workplace) => {
    await writeRgbaImage("photos", "a.png", MASK);
    await Deno.writeTextFile("output", "x");
    const message = await refusal(workplace, "photos");
    assertFacts(message, "output/e2e/pipeline.json");
    await Deno.remove("output");
    const flags = ["--images", "photos", "--template", "car", "--name", "e2e", "--backend", "wasm"];
    const { code, messages } = await workplace.start("tiny_pipeline.ts", "setup_imagenet", flags);
    assertEquals(code, 1);
    assertFacts(messages, "cache/e2e/dataset.json");
  }));
