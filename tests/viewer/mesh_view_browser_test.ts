import { assert, assertNotEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { meshView } from "../../lib/notebook/mesh_view.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { browserTest, lookAt, stopBrowser, withPage } from "./_browser.ts";
import { serveStatic } from "./_static_host.ts";

browserTest(
  "a notebook's mesh turns, and turns further where it is dragged",
  () =>
    inFolder(async (folder) => {
      const texture = floatImage(8, 16, 3);
      texture.data.forEach((_, i) => texture.data[i] = (i * 7 % 11) / 10);
      const view = await meshView(sphereTopology(), texture, { size: 200, speed: 0.5 });
      const page = `<!doctype html><link rel=icon href='data:,'><body data-ready style="margin:0">${view}`;
      await Deno.writeTextFile(`${folder}/index.html`, page);
      const server = serveStatic(folder, "");
      try {
        await withPage(`http://127.0.0.1:${server.addr.port}/`, {}, async (page) => {
          const turn =
            "Number(document.querySelector('iframe').contentDocument.documentElement.dataset.turn)";
          await page.waitForFunction(`${turn} > 0.7`); // it began at 0.6
          const { drawn, data } = await lookAt(page, "iframe");
          assert(drawn > 0.3 && new Set(data).size > 50, `${drawn}`);
          await page.mouse.move(100, 100);
          await page.mouse.down();
          const before = await page.evaluate(turn) as number;
          await page.mouse.move(160, 100, { steps: 3 });
          await page.waitForFunction(`${turn} > ${before} + 0.5`);
          const held = await page.evaluate(turn);
          await page.waitForTimeout(300);
          assert(await page.evaluate(turn) === held, "it turns on while it is held");
          await page.mouse.up();
          await page.waitForFunction(`${turn} > ${held}`);
          assertNotEquals((await lookAt(page, "iframe")).data, data);
        });
      } finally {
        await server.shutdown();
        await stopBrowser();
      }
    }),
);
