import { assert, assertEquals } from "@std/assert";
import { encodeBytesPng } from "../../lib/io/image_file.ts";
import { iou } from "../../lib/metrics/iou.ts";
import { findOnnxWeb } from "../../lib/vision/onnx_web.ts";
import { buildViewer } from "../../viewer/server/build_viewer.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { encodeOnnx, type OnnxGraph } from "../helpers/onnx_builder.ts";
import { browserTest, stopBrowser, withPage } from "./_browser.ts";
import { firstBytes, hand, idle, shownMask } from "./_create_page.ts";
import { serveStatic } from "./_static_host.ts";

const SIDE = 200;
const folder = await Deno.makeTempDir();
const runtime = await findOnnxWeb().catch(() => null);
const lack = runtime === null ? "onnxruntime-web is not there; deno task setup --vision" : "";

/** A red ring with a tail before blocks of green and blue, or before grey, and its true mask. */
async function photograph(background: "blocks" | "plain"): Promise<{ png: Uint8Array; mask: Float32Array }> {
  const data = new Uint8Array(3 * SIDE * SIDE), mask = new Float32Array(SIDE * SIDE);
  for (let p = 0; p < mask.length; p++) {
    const x = p % SIDE, y = Math.floor(p / SIDE), radius = Math.hypot(x - 90, y - 100);
    mask[p] = (radius > 24 && radius < 55) || (Math.abs(y - 100) < 14 && x >= 140 && x < 180) ? 1 : 0;
    const block = (Math.floor(x / 14) + 2 * Math.floor(y / 14)) % 3, shade = (x * 7 + y * 13) % 24;
    const behind = background === "plain"
      ? [215, 215, 215]
      : [[70, 130, 60], [60, 80, 170], [110, 150, 150]][block]
        .map((value) => value + shade);
    data.set(mask[p] ? [185 + shade, 60 + shade, 50] : behind, 3 * p);
  }
  return { png: await encodeBytesPng({ data, height: SIDE, width: SIDE, channels: 3 }), mask };
}

/** Tells how red an image is, as odds. */
const REDNESS: OnnxGraph = {
  input: { name: "image", shape: [1, 3, 96, 96] },
  constants: [{ name: "weights", shape: [1, 3, 1, 1], values: [20, -20, 0] }],
  nodes: [{ kind: "Conv", inputs: ["image", "weights"], outputs: ["map"] }],
  outputs: [{ name: "map", rank: 4 }],
};

const pngFile = (png: Uint8Array) => ({
  name: "ring.png",
  mimeType: "image/png",
  buffer: Buffer.from(png),
});

/** A viewer with a small model, and its photographs. */
async function viewerWithModel(site: string): Promise<void> {
  const path = `${folder}/red.onnx`;
  await Deno.writeFile(path, encodeOnnx(REDNESS));
  const model = { title: "Redness", path, licence: "none" };
  await buildViewer("", { folder: site, vision: { runtime: runtime!, model } });
}

browserTest(
  "a model removes a structured background, loaded when it is needed, in a worker",
  async () => {
    const site = `${folder}/model`, { png, mask } = await photograph("blocks");
    await viewerWithModel(site);
    const handler = await viewerHandler(site), asked: string[] = [];
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
      asked.push(new URL(request.url).pathname);
      return handler(request);
    });
    try {
      await withPage(`http://127.0.0.1:${server.addr.port}/create.html`, {}, async (page) => {
        assert((await firstBytes(page)) < 1.5e6, `${await firstBytes(page)} bytes`);
        assertEquals(asked.filter((path) => path.startsWith("/vision/")), []);
        await hand(page, "drop", png, "ring.png", "image/png");
        await idle(page, "object");
        const told = (await page.textContent("#object-told"))!;
        assert(/^Found by the model Redness, (9\d|100) % sure/.test(told), told);
        assert(iou(await shownMask(page), mask) > 0.97, `${iou(await shownMask(page), mask)}`);
        const loads = () => asked.filter((path) => path.endsWith("/model.onnx")).length;
        assertEquals(loads(), 1);
        await page.click("#undo");
        assert(!(await shownMask(page)).includes(1));
        await page.keyboard.press("a"); // again, and nothing is loaded twice
        await idle(page, "object");
        assert(iou(await shownMask(page), mask) > 0.97);
        assertEquals(loads(), 1);
        await page.click("#guess"); // by colour, as asked
        await idle(page, "object");
        assert((await page.textContent("#object-told"))!.includes("cannot be found by colour"));
      });
    } finally {
      await server.shutdown();
    }
  },
  lack,
);

browserTest("a model of one's own is opened on any static host, and what is none is told", async () => {
  const site = `${folder}/own`, { png, mask } = await photograph("blocks");
  await buildViewer("", { folder: site, vision: { runtime: runtime!, model: null } });
  const server = serveStatic(site, "/some/where");
  try {
    await withPage(`http://127.0.0.1:${server.addr.port}/some/where/create.html`, {}, async (page) => {
      await hand(page, "drop", png, "ring.png", "image/png");
      await idle(page, "object");
      assert((await page.textContent("#object-told"))!.includes("or load a model"));
      const file = { name: "red.onnx", mimeType: "", buffer: Buffer.from(encodeOnnx(REDNESS)) };
      await page.setInputFiles("#model-picker", file);
      await page.waitForFunction(() =>
        document.querySelector("#object-told")!.textContent!.includes("red.onnx")
      );
      await idle(page, "object");
      assert(iou(await shownMask(page), mask) > 0.97);
      await hand(page, "drop", new TextEncoder().encode("no model"), "bad.onnx", "");
      await page.waitForFunction(() =>
        document.querySelector("#message")!.textContent!.includes("The model bad.onnx cannot be used")
      );
      await idle(page, "object");
      assert((await page.textContent("#object-told"))!.includes("cannot be found by colour")); // the other way
    });
  } finally {
    await server.shutdown();
  }
}, lack);

browserTest("the mask brush takes the model, too, or finds the object by colour", async () => {
  const site = `${folder}/brush`,
    { png, mask } = await photograph("blocks"),
    plain = await photograph("plain");
  await viewerWithModel(site);
  const handler = await viewerHandler(site);
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
  try {
    await withPage(`http://127.0.0.1:${server.addr.port}/mask.html`, {}, async (page) => {
      const told = (start: string) =>
        page.waitForFunction(
          (start) => document.querySelector("#message")!.textContent!.startsWith(start),
          start,
        );
      await page.setInputFiles("#picker", pngFile(png));
      await page.waitForSelector("#veil:visible");
      await page.keyboard.press("a");
      await told("Found by the model Redness");
      assert(iou(await shownMask(page), mask) > 0.97);
      page.on("dialog", (dialog) => dialog.accept()); // the mask was not saved
      await page.setInputFiles("#picker", pngFile(plain.png));
      await page.waitForFunction(() => document.querySelector("#share")!.textContent!.includes("object 0 %"));
      await page.click("#guess");
      await told("Found on its plain background, by colour");
      assert(iou(await shownMask(page), plain.mask) > 0.97);
    });
  } finally {
    await server.shutdown();
  }
}, lack);

browserTest(
  "without a model backgrounds are removed by colour, and what models need is told in a sentence",
  async () => {
    const site = `${folder}/colour`, { png, mask } = await photograph("plain");
    await buildViewer("", { folder: site });
    const server = serveStatic(site, "");
    try {
      await withPage(`http://127.0.0.1:${server.addr.port}/create.html`, {}, async (page) => {
        await hand(page, "drop", png, "ring.png", "image/png");
        await idle(page, "object");
        assert(
          (await page.textContent("#object-told"))!.startsWith("Found on its plain background, by colour"),
        );
        assert(iou(await shownMask(page), mask) > 0.97);
        assert(await page.isHidden("#by-model"));
        await page.click("#load-model");
        assert((await page.textContent("#message"))!.includes("deno task setup --vision"));
      });
    } finally {
      await server.shutdown();
    }
  },
);

Deno.test.afterAll(async () => {
  await stopBrowser();
  await Deno.remove(folder, { recursive: true });
});
