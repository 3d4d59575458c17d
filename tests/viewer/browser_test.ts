import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { WebIO } from "@gltf-transform/core";
import type { Page } from "playwright-core";
import validator from "gltf-validator";
import { decodeByteImage } from "../../lib/io/image_file.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { serveStatic } from "./_static_host.ts";
import { browserTest, difference, downloaded, lookAt, stopBrowser, withPage } from "./_browser.ts";
import { lowContrast } from "./_contrast.ts";
import { exemplarSite, EXPORTED, formulaSite } from "./_site.ts";

const folder = await Deno.makeTempDir();
const site = `${folder}/site`;
let server: Deno.HttpServer<Deno.NetAddr> | null = null;

/** Address of the viewer, which is written and served at the first call. */
async function viewerAddress(): Promise<string> {
  if (server === null) {
    await formulaSite(folder);
    server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, await viewerHandler(site));
  }
  return `http://127.0.0.1:${server.addr.port}/`;
}

const titleOf = (page: Page) => page.textContent("#title");
const waitForTitle = (page: Page, title: string) =>
  page.waitForFunction((text) => document.querySelector("#title")?.textContent === text, title);

/** Opens the generator, and waits until it made its first object. */
async function openGenerator(page: Page): Promise<void> {
  await page.click("#tab-generator");
  await page.waitForSelector("#generator-status[data-milliseconds]");
}

/** Takes a sample of the gallery to the generator, which makes it again, and downloads it. */
async function liveAgain(page: Page, sample: number) {
  await page.click("#tab-gallery");
  await page.click(`.card:has-text('Sample ${sample}')`);
  await page.click("#to-generator");
  await page.waitForFunction(() =>
    document.querySelector("#facts")?.textContent === "seed 3 · truncation 0.7"
  );
  return await downloaded(page, () => page.click("#download"));
}

/** Makes sure that a GLB is valid, and reads its vertices, image and facts. */
async function readGlb(bytes: Uint8Array) {
  const { issues } = await validator.validateBytes(bytes);
  assertEquals([issues.numErrors, issues.numWarnings], [0, 0], JSON.stringify(issues.messages));
  const root = (await new WebIO().readBinary(bytes as Uint8Array<ArrayBuffer>)).getRoot();
  const [primitive] = root.listMeshes()[0].listPrimitives();
  return {
    positions: primitive.getAttribute("POSITION")!.getArray()!,
    uvs: primitive.getAttribute("TEXCOORD_0")!.getArray()!,
    image: await decodeByteImage(root.listTextures()[0].getImage()!, "texture"),
    extras: root.getAsset().extras as Record<string, unknown>,
    name: root.listMeshes()[0].getName(),
  };
}

const largest = (a: ArrayLike<number>, b: ArrayLike<number>) => {
  assertEquals(a.length, b.length);
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
};

browserTest("the gallery shows its meshes, and next, keys and filters change what is shown", async () => {
  await withPage(await viewerAddress(), {}, async (page) => {
    await waitForTitle(page, "Sample 0");
    const first = await lookAt(page, "#view");
    assert(first.drawn > 0.03, `the canvas is blank: ${first.drawn}`);
    await page.click("#next");
    await waitForTitle(page, "Sample 1");
    assert(difference(first, await lookAt(page, "#view")) > 0.005, "next shows the same image");
    await page.keyboard.press("p");
    await waitForTitle(page, "Sample 0");
    assert(difference(first, await lookAt(page, "#view")) < 0.002, "previous shows another image");
    await page.keyboard.press("p"); // around the end
    await waitForTitle(page, "photo #1");
    await page.waitForFunction(() => document.querySelectorAll(".card canvas[data-drawn]").length === 4);
    assert((await lookAt(page, ".card canvas")).drawn > 0.02, "a thumbnail is blank");
    await page.click(".chip:has-text('Reconstructed')");
    assertEquals(await page.locator(".card:visible").count(), 1);
  });
});

browserTest(
  "texture, light, wireframe, turntable and camera change the image, by button and by key",
  async () => {
    await withPage(await viewerAddress(), {}, async (page) => {
      await waitForTitle(page, "Sample 0");
      let before = await lookAt(page, "#view");
      for (const [id, key] of [["texture", "t"], ["light", "l"], ["wireframe", "w"]]) {
        await page.click(`#${id}`);
        const after = await lookAt(page, "#view");
        assert(difference(before, after) > 0.005, `${id} changes nothing`);
        await page.keyboard.press(key);
        assert(difference(before, await lookAt(page, "#view")) < 0.002, `${key} does not take ${id} back`);
        assertEquals(await page.getAttribute(`#${id}`, "aria-pressed"), `${id !== "wireframe"}`);
      }
      await page.focus("#view");
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("+");
      const turned = await lookAt(page, "#view");
      assert(difference(before, turned) > 0.005, "arrows turn nothing");
      await page.keyboard.press("0");
      before = await lookAt(page, "#view");
      await page.mouse.move(250, 200);
      await page.mouse.down();
      await page.mouse.move(350, 230, { steps: 4 });
      await page.mouse.up();
      assert(difference(before, await lookAt(page, "#view")) > 0.005, "dragging turns nothing");
      await page.click("#turntable");
      const start = await lookAt(page, "#view");
      let turnedBy = 0;
      for (let i = 0; i < 20 && turnedBy < 0.005; i++) {
        await page.waitForTimeout(100);
        turnedBy = difference(start, await lookAt(page, "#view"));
      }
      assert(turnedBy >= 0.005, "the turntable stands still");
      await page.keyboard.press("r");
      assertEquals(await page.getAttribute("#turntable", "aria-pressed"), "false");
      await page.keyboard.press("?");
      assert(await page.isVisible("#help"));
      await page.click("#help button");
      assert(await page.isHidden("#help"));
    });
  },
);

browserTest("the live generator makes the mesh and the texture of deno task export", async () => {
  await withPage(await viewerAddress(), {}, async (page) => {
    await openGenerator(page);
    const live = await liveAgain(page, 2);
    assertEquals(live.name, "toy_seed3_2.glb");
    const [made, exported] = await Promise.all([
      readGlb(live.bytes),
      readGlb(await Deno.readFile(`${folder}/output/mesh_2.glb`)),
    ]);
    assert(largest(made.positions, exported.positions) < 1e-5, "vertices differ");
    assert(largest(made.image.data, exported.image.data) <= 1, "textures differ");
    assertEquals(made.uvs, exported.uvs);
    assertEquals(made.extras, exported.extras);
    assertEquals([made.extras.seed, made.extras.truncation, made.extras.sample], [
      EXPORTED.seed,
      EXPORTED.truncationSigma,
      2,
    ]);
    const neighbour = await readGlb(await Deno.readFile(`${folder}/output/mesh_1.glb`));
    assert(largest(made.positions, neighbour.positions) > 1e-3, "all samples are alike");
  });
});

browserTest("the live generator takes detail from exemplars as deno task export does", async () => {
  const place = await Deno.makeTempDir();
  try {
    const viewer = await exemplarSite(place), handler = await viewerHandler(`${place}/site`);
    assert(viewer.folder.endsWith("site"));
    await using host = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
    await withPage(`http://127.0.0.1:${host.addr.port}/`, {}, async (page) => {
      await openGenerator(page);
      const live = await readGlb((await liveAgain(page, 1)).bytes);
      const exported = await readGlb(await Deno.readFile(`${place}/output/mesh_1.glb`));
      assertEquals(live.image.width, 256);
      assert(largest(live.positions, exported.positions) < 1e-5, "vertices differ");
      assert(largest(live.image.data, exported.image.data) <= 1, "textures differ");
    });
  } finally {
    await Deno.remove(place, { recursive: true });
  }
});

browserTest(
  "seed, sample, truncation, class and the latent interpolation between samples change what is made",
  async () => {
    await withPage(await viewerAddress(), {}, async (page) => {
      await openGenerator(page);
      let last = "";
      const change = async (what: string, act: () => Promise<unknown>) => {
        await act();
        await page.waitForSelector('#view[aria-busy="false"]');
        const { bytes } = await downloaded(page, () => page.keyboard.press("d"));
        const now = [...(await readGlb(bytes)).positions].join();
        assert(now !== last, `${what} changes nothing`);
        last = now;
      };
      await change("opening", () => Promise.resolve());
      await change("next", async () => {
        await page.click("#next");
        await waitForTitle(page, "Sample 1");
      });
      await change("the class", () => page.selectOption("#class", "1"));
      await change("truncation", () => page.fill("#truncation", "0.3"));
      await change("the seed", async () => {
        await page.fill("#seed", "12");
        await page.waitForFunction(() =>
          document.querySelector("#facts")?.textContent?.startsWith("seed 12")
        );
        await page.click("#turntable");
      });
      await change("the way to the next sample", async () => {
        await page.fill("#blend", "0.5");
        await waitForTitle(page, "Between samples 1 and 2");
      });
      await page.keyboard.press("s");
      await page.waitForFunction(() => (document.querySelector("#seed") as HTMLInputElement).value !== "12");
      await page.click("#play");
      await page.waitForFunction(() =>
        Number((document.querySelector("#sample") as HTMLInputElement).value) > 0
      );
      await page.click("#play");
      assertEquals(await page.textContent("#play"), "Animate");
    });
  },
);

browserTest(
  "a GLB that is dropped on the page is shown; other files are refused with a sentence",
  async () => {
    await withPage(await viewerAddress(), {}, async (page) => {
      const bytes = [...await Deno.readFile(`${folder}/output/mesh_0.glb`)];
      const drop = (name: string, content: number[]) =>
        page.evaluate(([name, content]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([new Uint8Array(content as number[])], name as string));
          for (const kind of ["dragenter", "dragover", "drop"]) {
            document.body.dispatchEvent(
              new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }),
            );
          }
        }, [name, content] as const);
      await drop("mine.glb", bytes);
      await waitForTitle(page, "mine.glb");
      assertEquals(await page.locator(".card").count(), 5);
      assertEquals((await downloaded(page, () => page.click("#download"))).bytes, Uint8Array.from(bytes));
      await drop("broken.glb", [1, 2, 3]);
      await page.waitForFunction(() =>
        document.querySelector("#message")?.textContent?.includes("not a GLB file")
      );
      await drop("notes.txt", [1]);
      await page.waitForFunction(() =>
        document.querySelector("#message")?.textContent?.includes("notes.txt")
      );
      assertEquals(await titleOf(page), "mine.glb");
    });
  },
);

browserTest("on a small screen everything is reached without scrolling aside, by touch", async () => {
  const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  const address = await viewerAddress();
  for (const path of ["", "mask.html"]) {
    await withPage(address + path, phone, async (page) => {
      const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
      assert(widths[0] <= widths[1], `the page is ${widths[0]} px wide on a screen of ${widths[1]}`);
      for (const control of await page.locator("button:visible, input:visible:not([type=range])").all()) {
        const box = await control.boundingBox();
        assert(
          box && box.x >= 0 && box.x + box.width <= 390.5,
          `${await control.textContent()} lies outside`,
        );
        assert(box.height >= 28 && box.width >= 28, `${await control.textContent()} is too small to touch`);
      }
      if (path !== "") return;
      await page.tap("#next");
      await waitForTitle(page, "Sample 1");
      assert((await lookAt(page, "#view")).drawn > 0.03);
      await page.tap("#tab-generator");
      await page.waitForSelector("#generator-status[data-milliseconds]");
    });
  }
});

browserTest("all texts stand out from their background by 4.5 to 1, in light and dark", async () => {
  const address = await viewerAddress();
  for (const colorScheme of ["light", "dark"] as const) {
    await withPage(address, { colorScheme }, async (page) => {
      assertEquals(await lowContrast(page, 4.5), []);
      await openGenerator(page);
      await page.keyboard.press("?");
      assertEquals(await lowContrast(page, 4.5), []);
    });
    await withPage(`${address}mask.html`, { colorScheme }, async (page) => {
      assertEquals(await lowContrast(page, 4.5), []);
    });
  }
});

browserTest("the folder works on any host: without headers, under a path, without the network", async () => {
  await viewerAddress();
  const host = serveStatic(site, "/some/where");
  try {
    await withPage(`http://127.0.0.1:${host.addr.port}/some/where/`, {}, async (page) => {
      assertEquals(await page.evaluate(() => crossOriginIsolated), false);
      await openGenerator(page);
      assertEquals(await page.textContent("#generator-status span"), "WebAssembly");
      await page.fill("#truncation", "0.7");
      await page.fill("#seed", "3");
      await page.waitForFunction(() =>
        document.querySelector("#facts")?.textContent === "seed 3 · truncation 0.7"
      );
      const { extras } = await readGlb((await downloaded(page, () => page.click("#download"))).bytes);
      assertAlmostEquals(extras.truncation as number, 0.7, 1e-9);
    });
  } finally {
    await host.shutdown();
  }
});

Deno.test.afterAll(async () => {
  await stopBrowser();
  await server?.shutdown();
  await Deno.remove(folder, { recursive: true });
});
