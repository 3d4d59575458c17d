import { assert, assertEquals } from "@std/assert";
import type { Page } from "playwright-core";
import { decodeByteImage, readByteImage } from "../../lib/io/image_file.ts";
import { buildViewer } from "../../viewer/server/build_viewer.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { boxMask, pattern, writeBytes } from "../datasets/photo_fixtures.ts";
import { browserTest, downloaded, stopBrowser, withPage } from "./_browser.ts";

const HEIGHT = 60, WIDTH = 90;
const folder = await Deno.makeTempDir();
const photo = pattern(HEIGHT, WIDTH); // [H, W, 3]

/** A red box of 20 x 20 pixels on grey, 7 % of the image, `[H, W, 3]`. */
function onPlainBackground(): Uint8Array {
  const mask = boxMask(HEIGHT, WIDTH, [30, 20, 50, 40]);
  return Uint8Array.from({ length: 3 * HEIGHT * WIDTH }, (_, k) => {
    return mask[Math.floor(k / 3)] ? [200, 30, 30][k % 3] : 180 + k % 2;
  });
}

/** Serves an empty viewer, with a folder of photographs or without, while `body` runs. */
async function withServer(
  images: string | undefined,
  body: (address: string) => Promise<void>,
): Promise<void> {
  const site = `${folder}/site`;
  await buildViewer("", { folder: site });
  const handler = await viewerHandler(site, { images });
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await body(`http://127.0.0.1:${server.addr.port}/mask.html`);
  } finally {
    await server.shutdown();
  }
}

/** Paints from one place to another; places are shares of the photograph's width and height. */
async function stroke(page: Page, from: readonly number[], to: readonly number[]): Promise<void> {
  const { x, y, width, height } = (await page.locator("#veil").boundingBox())!;
  await page.mouse.move(x + from[0] * width, y + from[1] * height);
  await page.mouse.down();
  await page.mouse.move(x + to[0] * width, y + to[1] * height, { steps: 5 });
  await page.mouse.up();
}

/** Share of object pixels, and whether the middle of the photograph is object. */
function maskOf(
  { data, channels }: { data: Uint8Array; channels: number },
): { share: number; middle: boolean } {
  const alpha = Array.from({ length: HEIGHT * WIDTH }, (_, i) => data[i * channels + channels - 1]);
  assert(alpha.every((value) => value === 0 || value === 255));
  return {
    share: alpha.filter(Boolean).length / alpha.length,
    middle: alpha[HEIGHT / 2 * WIDTH + WIDTH / 2] === 255,
  };
}

browserTest("a mask is painted, erased, undone, and downloaded as an RGBA image", async () => {
  await writeBytes(folder, "bird.png", photo, HEIGHT, WIDTH);
  await withServer(undefined, (address) =>
    withPage(address, {}, async (page) => {
      assert(await page.isDisabled("#download"));
      await page.setInputFiles("#picker", `${folder}/bird.png`);
      await page.waitForSelector("#veil:visible");
      await page.fill("#size", "20");
      const rgbaImage = async () => {
        const { name, bytes } = await downloaded(page, () => page.click("#download"));
        assertEquals(name, "bird.png");
        return await decodeByteImage(bytes, name);
      };
      await stroke(page, [0.3, 0.5], [0.7, 0.5]);
      const painted = await rgbaImage();
      const { share, middle } = maskOf(painted);
      assert(middle && share > 0.12 && share < 0.25, `${share}`);
      const colours = painted.data.filter((_, i) => i % 4 < 3);
      assertEquals(colours, photo); // hidden ones too
      await page.keyboard.press("e");
      await stroke(page, [0.5, 0.1], [0.5, 0.9]);
      assertEquals(maskOf(await rgbaImage()).middle, false);
      await page.keyboard.press("Control+z");
      assertEquals(maskOf(await rgbaImage()), { share, middle });
      await page.keyboard.press("y");
      assertEquals(maskOf(await rgbaImage()).middle, false);
      await page.click("#clear");
      assertEquals(maskOf(await rgbaImage()).share, 0);
      await page.keyboard.press("b");
      await page.focus("#veil");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press(" "); // where the last stroke ended, one step to the left
      assert(maskOf(await rgbaImage()).share > 0.03);
      await page.click("#invert");
      await page.click("#hide-background");
      assert(maskOf(await rgbaImage()).share > 0.9);
    }));
});

browserTest("with --images the photographs are listed, and masks are saved beside them", async () => {
  const images = `${folder}/photos`;
  await writeBytes(images, "a #1.png", photo, HEIGHT, WIDTH);
  await writeBytes(images, "b.png", photo, HEIGHT, WIDTH);
  await writeBytes(images, "plain.png", onPlainBackground(), HEIGHT, WIDTH);
  await withServer(images, (address) =>
    withPage(address, {}, async (page) => {
      await page.click("#list button:has-text('a #1.png')");
      await page.waitForSelector("#veil:visible");
      await stroke(page, [0.4, 0.5], [0.6, 0.5]);
      assertEquals(await page.textContent("#save"), "Save masks/a #1.png");
      await page.keyboard.press("s");
      await page.waitForFunction(() =>
        document.querySelector("#message")?.textContent === "Saved masks/a #1.png."
      );
      const { share, middle } = maskOf(await readByteImage(`${images}/masks/a #1.png`));
      assert(middle && share > 0.01, `${share}`);
      await page.click("#list button:has-text('b.png')"); // nothing is left to ask about
      await page.waitForFunction(() => document.querySelector("#share")?.textContent?.includes("object 0 %"));
      await page.click("#list button:has-text('a #1.png')");
      const text = `object ${Math.round(100 * share)} %`;
      await page.waitForFunction(
        (text) => document.querySelector("#share")?.textContent?.includes(text),
        text,
      );
      assertEquals(await page.textContent("#list button[aria-current=true] .dim"), "mask");
      await page.click("#list button:has-text('plain.png')");
      await page.waitForFunction(() => document.querySelector("#share")?.textContent?.startsWith("plain"));
      await page.click("#guess");
      await page.waitForFunction(() =>
        /object [5-9] %/.test(document.querySelector("#share")?.textContent ?? "")
      );
      await page.click("#undo");
      await page.waitForFunction(() => document.querySelector("#share")?.textContent?.includes("object 0 %"));
    }));
});

Deno.test.afterAll(async () => {
  await stopBrowser();
  await Deno.remove(folder, { recursive: true });
});
