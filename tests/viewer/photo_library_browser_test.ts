import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { bundleLibrary, expectedResult, libraryProgram, type LibraryResult } from "../photo/_library.ts";
import { browserTest, stopBrowser, withPage } from "./_browser.ts";

browserTest("the library in one file makes the same mesh in a page as in Deno", async () => {
  const folder = await Deno.makeTempDir();
  await bundleLibrary(folder);
  await Deno.writeTextFile(
    `${folder}/index.html`,
    "<!doctype html><link rel='icon' href='data:,'><body data-ready>A page.",
  );
  await Deno.writeTextFile(
    `${folder}/program.js`,
    `${await libraryProgram("./photo_to_mesh.js")}\nexport { result };`,
  );
  const types: Record<string, string> = { html: "text/html", js: "text/javascript" };
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
    const name = new URL(request.url).pathname.slice(1) || "index.html";
    return new Response(await Deno.readFile(`${folder}/${name}`), {
      headers: { "content-type": types[name.split(".").at(-1)!] },
    });
  });
  try {
    await withPage(`http://127.0.0.1:${server.addr.port}/`, {}, async (page) => {
      const made = await page.evaluate(
        "import('./program.js').then(({ result }) => result)",
      ) as LibraryResult;
      const expected = await expectedResult();
      assertAlmostEquals(made.azimuth, expected.azimuth, 0.5);
      assertAlmostEquals(made.iou, expected.iou, 0.005);
      assertEquals([made.file[0], made.isDoubtful], ["glTF", expected.isDoubtful]);
      assert(made.file[1] > 50_000);
    });
  } finally {
    await server.shutdown();
    await Deno.remove(folder, { recursive: true });
    await stopBrowser();
  }
});
