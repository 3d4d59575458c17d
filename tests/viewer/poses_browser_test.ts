import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { correctionsFile, posesFile, VIEWER_BUNDLE } from "../../lib/core/paths.ts";
import { buildViewer } from "../../viewer/server/build_viewer.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { ViewerPoses } from "../../viewer/server/poses.ts";
import { readPoseEstimates } from "../../lib/pose/files.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { choosePosed, makePosedDataset, POSED } from "../pipeline/_posed_dataset.ts";
import { browserTest, stopBrowser, withPage } from "./_browser.ts";
import { lowContrast } from "./_contrast.ts";

const bundle = fromFileUrl(new URL(`../../${VIEWER_BUNDLE}`, import.meta.url));

browserTest(
  "poses are checked by keyboard alone: right, flipped, turned by hand, left out, taken back",
  () =>
    inProject(async () => {
      await makePosedDataset(5);
      const { dataset, mode } = POSED, { folder } = await buildViewer(dataset, { bundle });
      const handler = await viewerHandler(folder, { poses: await ViewerPoses.open(dataset, mode) });
      const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, handler);
      const ids: string[] = [];
      try {
        await withPage(`http://127.0.0.1:${server.addr.port}/poses.html`, {}, async (page) => {
          const name = () => page.locator("#photo-name").textContent();
          const press = async (key: string) => {
            ids.push((await name())!);
            await page.keyboard.press(key);
          };
          const seen = (count: number) =>
            page.waitForFunction(
              (count) => document.querySelector("#told")!.textContent!.includes(`; ${count} seen`),
              count,
            );
          const caption = await page.textContent("#pose-caption");
          await page.keyboard.press("f");
          await page.waitForFunction(
            (text) => document.querySelector("#pose-caption")!.textContent !== text,
            caption,
          );
          await press("Enter");
          await seen(1);
          await press("x");
          await seen(2);
          await page.keyboard.press("h");
          for (let k = 0; k < 4; k++) await page.keyboard.press("ArrowRight");
          await page.keyboard.press("s");
          await page.waitForTimeout(1500);
          await press("Enter");
          await seen(3);
          await press("Enter");
          await seen(4);
          await page.keyboard.press("p");
          await page.waitForFunction(
            (id) => document.querySelector("#photo-name")!.textContent === id,
            ids[3],
          );
          await page.keyboard.press("z");
          await seen(3);
          assertEquals(await lowContrast(page, 4.5), []);
        });
      } finally {
        await server.shutdown();
        await stopBrowser();
      }
      const { corrections } = JSON.parse(await Deno.readTextFile(correctionsFile(dataset)));
      assertEquals(Object.keys(corrections).sort(), ids.slice(0, 3).sort());
      assertEquals(corrections[ids[1]], { kind: "exclude" });
      await choosePosed();
      const kept = await readPoseEstimates(posesFile(dataset, mode)), row = kept.ids.indexOf(ids[0]);
      assertEquals(kept.ids.includes(ids[1]), false);
      const dot = corrections[ids[0]].rotation.reduce((sum: number, value: number, k: number) => {
        return sum + value * kept.rotation[4 * row + k];
      }, 0);
      assert(Math.abs(dot) > 0.9999, `${dot}`);
    }),
);
