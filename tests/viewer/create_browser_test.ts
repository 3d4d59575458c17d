import { assert, assertEquals } from "@std/assert";
import validator from "gltf-validator";
import type { Page } from "playwright-core";
import sharp from "sharp";
import { encodeBytesPng } from "../../lib/io/image_file.ts";
import { buildViewer } from "../../viewer/server/build_viewer.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { drawPhoto } from "../photo/_drawn_photo.ts";
import { browserTest, difference, downloaded, lookAt, stopBrowser, withPage } from "./_browser.ts";
import { firstBytes, hand, idle } from "./_create_page.ts";
import { lowContrast } from "./_contrast.ts";
import { serveStatic } from "./_static_host.ts";

const SIZE = 240;
const folder = await Deno.makeTempDir(), site = `${folder}/site`;
const [car] = await loadTemplates("car", "singletpl");

/** A drawn car on a background of large coloured blocks, which nothing finds by itself, and the box of the car. */
async function unevenPhoto(): Promise<{ bytes: Uint8Array; box: [number, number, number, number] }> {
  const { image, mask } = drawPhoto(car, 60, SIZE), data = image.data.slice();
  let [left, top, right, bottom] = [SIZE, SIZE, 0, 0];
  for (let p = 0; p < SIZE * SIZE; p++) {
    const x = p % SIZE, y = Math.floor(p / SIZE), block = (Math.floor(x / 30) + Math.floor(y / 30)) % 3;
    if (!mask[p]) data.set([[200, 60, 60], [60, 190, 80], [70, 80, 200]][block], 3 * p);
    else {[left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x),
        Math.max(bottom, y),
      ];}
  }
  return { bytes: await encodeBytesPng({ ...image, data }), box: [left, top, right, bottom] };
}

/** A drawn car with a transparent background. */
async function cutOutPhoto(): Promise<Uint8Array> {
  const { image, mask } = drawPhoto(car, 60, SIZE), data = new Uint8Array(4 * SIZE * SIZE);
  for (let p = 0; p < SIZE * SIZE; p++) {
    data.set([...image.data.subarray(3 * p, 3 * p + 3), 255 * mask[p]], 4 * p);
  }
  return await encodeBytesPng({ data, height: SIZE, width: SIZE, channels: 4 });
}

const message = (page: Page) => page.textContent("#message");

/** Opens the page as this project's own server serves it. */
async function withServer(body: (address: string) => Promise<void>): Promise<void> {
  await buildViewer("", { folder: site });
  const handler = await viewerHandler(site);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await body(`http://127.0.0.1:${server.addr.port}/create.html`);
  } finally {
    await server.shutdown();
  }
}

browserTest(
  "a dropped photograph is painted, posed, flipped, refined and downloaded as a valid GLB",
  async () => {
    await withServer((address) =>
      withPage(address, { viewport: { width: 1100, height: 760 } }, async (page) => {
        const { bytes, box: [left, top, right, bottom] } = await unevenPhoto();
        await hand(page, "drop", bytes, "my car.png", "image/png");
        await idle(page, "object");
        assert((await page.textContent("#object-told"))!.includes("not plain"));
        assert(await page.isDisabled("#object-done"));
        const veil = (await page.locator("#veil").boundingBox())!, scale = veil.width / SIZE;
        const at = (x: number, y: number): [number, number] => [veil.x + x * scale, veil.y + y * scale];
        await page.mouse.move(...at(left + 30, (top + bottom) / 2)); // a stroke along the car
        await page.mouse.down();
        await page.mouse.move(...at(right - 30, (top + bottom) / 2), { steps: 8 });
        await page.mouse.up();
        assert(!await page.isDisabled("#object-done"));
        const before = await lookAt(page, "#veil");
        await page.click("#polygon"); // and a polygon around it
        assert(await page.isVisible("#polygon-told"));
        for (const [x, y] of [[left, top], [right, top], [right, bottom], [left, bottom]]) {
          await page.mouse.click(...at(x, y));
        }
        await page.keyboard.press("Enter"); // the polygon's own key: the step stays
        await page.locator("#veil").press("Enter");
        assert(difference(before, await lookAt(page, "#veil")) > 0.05);
        assertEquals(await page.evaluate(() => document.body.dataset.step), "object");
        await page.click("#object-done");
        await page.click('[data-category="car"]');
        await idle(page, "pose");
        const count = await page.locator("#poses .card").count();
        assert(count >= 2, `${count} poses`);
        const first = await page.textContent("#pose-caption");
        await page.click("#flip");
        await page.waitForFunction(
          (first) => document.querySelector("#pose-caption")!.textContent !== first,
          first,
        );
        await page.locator("#poses .card").first().click();
        assertEquals(await page.textContent("#pose-caption"), first);
        await page.click("#make");
        await idle(page, "mesh");
        assertEquals(await page.textContent("#mesh-title"), "my car");
        assert((await lookAt(page, "#view")).drawn > 0.03);
        const whole = await lookAt(page, "#work-mesh");
        await page.click("#compare");
        await page.locator("#compare-share").fill("20");
        const some = await lookAt(page, "#work-mesh");
        await page.locator("#compare-share").fill("80");
        assert(difference(whole, some) > 0.02 && difference(some, await lookAt(page, "#work-mesh")) > 0.02);
        const glb = await downloaded(page, () => page.click("#download"));
        assertEquals(glb.name, "my car.glb");
        const { issues, info } = await validator.validateBytes(glb.bytes);
        assertEquals([issues.numErrors, issues.numWarnings, info.totalTriangleCount], [0, 0, 1920]);
        const image = await downloaded(page, () => page.click("#save-image"));
        assertEquals(image.name, "my car.png");
        await page.click("#start-over");
        assert(await page.isVisible("#open"));
      })
    );
  },
);

browserTest(
  "a cut-out is pasted on a phone, turned by hand with keys, and settles; any static host under any path",
  async () => {
    await buildViewer("", { folder: site });
    const server = serveStatic(site, "/some/where"),
      phone = { viewport: { width: 390, height: 780 }, hasTouch: true };
    try {
      await withPage(`http://127.0.0.1:${server.addr.port}/some/where/create.html`, phone, async (page) => {
        assert((await firstBytes(page)) < 1.5e6, `${await firstBytes(page)} bytes`);
        await hand(page, "paste", await cutOutPhoto(), "cut.png", "image/png");
        await idle(page, "object");
        assert((await page.textContent("#object-told"))!.includes("transparent"));
        await page.keyboard.press("Enter");
        await page.click('[data-category="car"]');
        await idle(page, "pose");
        assertEquals(await cornerOpacity(page), 0); // the background stays transparent
        const start = await page.textContent("#pose-caption");
        await page.keyboard.press("h");
        for (let k = 0; k < 40; k++) await page.keyboard.press("ArrowRight");
        await page.waitForFunction(
          (start) => document.querySelector("#pose-caption")!.textContent !== start,
          start,
        );
        for (let k = 0; k < 36; k++) await page.keyboard.press("ArrowLeft");
        const cards = await page.locator("#poses .card").count();
        await page.keyboard.press("s");
        await page.waitForFunction(
          (cards) => document.querySelectorAll("#poses .card").length > cards,
          cards,
        );
        assertEquals(await page.textContent("#pose-caption"), start);
        await page.keyboard.press("Enter");
        await idle(page, "mesh");
        assert(
          / 9[5-9]\.\d %/.test((await page.textContent("#mesh-told"))!),
          (await page.textContent("#mesh-told"))!,
        );
        const width = await page.evaluate(() => document.documentElement.scrollWidth);
        assert(width <= 390, `the page is ${width} wide`);
        assertEquals(await lowContrast(page, 4.5), []);
      });
    } finally {
      await server.shutdown();
    }
  },
);

/** Alpha in a corner of the square around the object. */
function cornerOpacity(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#pose-view")!, { width, height } = canvas;
    const side = Math.min(width, height), [x, y] = [(width - side) / 2 + 4, (height - side) / 2 + 4];
    return canvas.getContext("2d")!.getImageData(x, y, 1, 1).data[3];
  });
}

browserTest(
  "large photographs are scaled and stand upright; what is no photograph is refused in a sentence",
  async () => {
    await withServer((address) =>
      withPage(address, { colorScheme: "dark" }, async (page) => {
        assertEquals(await lowContrast(page, 4.5), []);
        await hand(page, "drop", new TextEncoder().encode("no image"), "notes.txt", "text/plain");
        await page.waitForFunction(() => !document.querySelector<HTMLElement>("#message")!.hidden);
        assert((await message(page))!.includes("Cannot open notes.txt"));
        const square = { create: { width: 300, height: 300, channels: 3 as const, background: "#c03020" } };
        const red = await sharp(square).png().toBuffer();
        const lying = await sharp({
          create: { width: 2400, height: 1200, channels: 3, background: "#e8e8e8" },
        })
          .composite([{ input: red, left: 400, top: 450 }]).withMetadata({ orientation: 6 }).jpeg()
          .toBuffer();
        await hand(page, "drop", lying, "lying.jpg", "image/jpeg");
        await idle(page, "object");
        const size = await page.evaluate(() => {
          const { width, height } = document.querySelector<HTMLCanvasElement>("#photograph")!;
          return [width, height];
        });
        assertEquals(size, [800, 1600]);
        assert((await page.textContent("#object-told"))!.includes("Found on its plain background"));
        await page.click("#clear");
        assert(await page.isDisabled("#object-done"));
        await page.keyboard.press("z");
        await page.click("#object-done");
        await page.click("#any-class"); // all classes, and stopped on the way
        await page.waitForFunction(() => document.body.dataset.step === "pose");
        await page.click("#start-over");
        await page.click("#example");
        await idle(page, "object");
        assertEquals(
          await page.evaluate(() => document.querySelector<HTMLElement>("#message")!.hidden),
          true,
        );
      })
    );
    await stopBrowser();
    await Deno.remove(folder, { recursive: true });
  },
);
