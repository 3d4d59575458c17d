import { assert } from "@std/assert";
import { bundleForBrowser } from "../helpers/bundle_for_browser.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { browserTest, lookAt, stopBrowser, withPage } from "./_browser.ts";
import { serveStatic } from "./_static_host.ts";

browserTest(
  "examples/live.ts moves its camera until the shapes agree, a step a frame",
  () =>
    inFolder(async (folder) => {
      await bundleForBrowser("examples/live.ts", `${folder}/live.js`);
      const page =
        "<!doctype html><link rel=icon href='data:,'><body data-ready><script type=module src=live.js></script>";
      await Deno.writeTextFile(`${folder}/index.html`, page);
      const server = serveStatic(folder, "");
      try {
        await withPage(`http://127.0.0.1:${server.addr.port}/`, {}, async (page) => {
          await page.waitForFunction("Number(document.title) > 0");
          const before = Number(await page.title());
          await page.waitForFunction(`Number(document.title) < ${0.3 * before}`);
          assert((await lookAt(page, "canvas")).drawn > 0.1);
        });
      } finally {
        await server.shutdown();
        await stopBrowser();
      }
    }),
);
