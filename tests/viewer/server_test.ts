import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { readFolderLayout } from "../../lib/datasets/folder_layout.ts";
import { encodeBytesPng, readByteImage } from "../../lib/io/image_file.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { boxMask, pattern, writeBytes } from "../datasets/photo_fixtures.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const ADDRESS = "http://127.0.0.1:8080";

/** A request whose path is sent as it is written: the class `Request` would tidy it first. */
function requestOf(path: string, init: RequestInit = {}, host = ADDRESS): Request {
  const request = new Request(host + "/", init);
  Object.defineProperty(request, "url", { value: host + path });
  return request;
}

const maskPng = (height: number, width: number, box: readonly number[]) =>
  encodeBytesPng({
    data: boxMask(height, width, box).map((value) => 255 * value),
    height,
    width,
    channels: 1,
  }) as Promise<Uint8Array<ArrayBuffer>>;

const put = (path: string, body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  requestOf(path, {
    method: "PUT",
    body,
    headers: {
      origin: ADDRESS,
      "content-type": "image/png",
      "content-length": `${body.length}`,
      ...headers,
    },
  });

Deno.test("files of the folder are served with their types and a content policy", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/site/wasm`, { recursive: true });
    await Deno.writeTextFile(`${folder}/site/index.html`, "<p>page</p>");
    await Deno.writeTextFile(`${folder}/site/generator_worker.js`, "1");
    await Deno.writeTextFile(`${folder}/site/wasm/a b#.wasm`, "22");
    const handler = await viewerHandler(`${folder}/site`);
    const page = await handler(requestOf("/"));
    assertEquals([page.status, await page.text()], [200, "<p>page</p>"]);
    assertStringIncludes(page.headers.get("content-type")!, "text/html");
    const policy = page.headers.get("content-security-policy")!;
    assertStringIncludes(policy, "default-src 'none'");
    assertStringIncludes(policy, "script-src 'self';");
    assert(!policy.includes("unsafe"), policy);
    for (const path of ["/generator_worker.js", "/vision/onnxruntime.js"]) {
      const worker = await handler(requestOf(path));
      assertStringIncludes(worker.headers.get("content-security-policy")!, "wasm-unsafe-eval");
      await worker.body?.cancel();
    }
    const wasm = await handler(requestOf("/wasm/a%20b%23.wasm", { method: "HEAD" }));
    assertEquals([wasm.status, wasm.headers.get("content-length")], [200, "2"]);
    assertEquals(wasm.headers.get("content-type"), "application/wasm");
  });
});

Deno.test("nothing beside the folder can be reached, by dots, escapes or links", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/site/inner`, { recursive: true });
    await Deno.mkdir(`${folder}/site-secret`);
    for (const file of ["secret.txt", "site-secret/secret.txt", "site/.hidden", "site/inner/in.txt"]) {
      await Deno.writeTextFile(`${folder}/${file}`, "secret");
    }
    await Deno.symlink(`${folder}/secret.txt`, `${folder}/site/link.txt`);
    await Deno.symlink(folder, `${folder}/site/up`);
    const handler = await viewerHandler(`${folder}/site`);
    for (
      const path of [
        ...["/../secret.txt", "/inner/../../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt"],
        ...["/inner/..%2f..%2fsecret.txt", "/..\\secret.txt", "/%5c..%5csecret.txt", "//etc/passwd"],
        ...["/%2fetc/passwd", "/link.txt", "/up/secret.txt", "/../site-secret/secret.txt", "/.hidden"],
        ...["/secret.txt%00.html", "/%ff", "/inner", "/nothing.html"],
        `/${folder}/secret.txt`,
      ]
    ) {
      const response = await handler(requestOf(path));
      assert([400, 404].includes(response.status), `${path}: ${response.status}`);
      assert(!(await response.text()).includes("secret"), path);
    }
    assertEquals((await handler(requestOf("/inner/in.txt"))).status, 200);
  });
});

Deno.test("other hosts, other methods and images without --images are refused", async () => {
  await inFolder(async (folder) => {
    await Deno.writeTextFile(`${folder}/index.html`, "page");
    const handler = await viewerHandler(folder);
    const statusOf = async (request: Request) => (await handler(request)).status;
    assertEquals(await statusOf(requestOf("/", {}, "http://texmesh.example:8080")), 403);
    assertEquals(await statusOf(requestOf("/", {}, "http://192.168.0.2:8080")), 403);
    assertEquals(await statusOf(requestOf("/index.html", {}, "http://localhost:8080")), 200);
    assertEquals(await statusOf(requestOf("/index.html", { method: "POST", body: "x" })), 405);
    assertEquals(await statusOf(requestOf("/api/images")), 404);
    assertEquals(await statusOf(put("/api/masks/a.png", await maskPng(2, 2, [0, 0, 1, 1]))), 404);
  });
});

Deno.test("photographs are listed, and a mask is saved to masks/ or into an RGBA image's alpha channel", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/site`);
    await Deno.writeTextFile(`${folder}/site/manifest.json`, '{"version":1}');
    await writeBytes(folder, "photos/a b.png", pattern(20, 30), 20, 30);
    const handler = await viewerHandler(`${folder}/site`, { images: `${folder}/photos` });
    assertEquals(await (await handler(requestOf("/manifest.json"))).json(), { version: 1, images: true });
    const list = async () => await (await handler(requestOf("/api/images"))).json();
    assertEquals(await list(), [{ name: "a b.png", target: "masks/a b.png", hasMask: false }]);
    const image = await handler(requestOf("/api/images/a%20b.png"));
    assertEquals(
      new Uint8Array(await image.arrayBuffer()),
      await Deno.readFile(`${folder}/photos/a b.png`),
    );

    const box = [3, 2, 20, 15];
    const saved = await handler(put("/api/masks/a%20b.png", await maskPng(20, 30, box)));
    assertEquals(await saved.json(), { saved: "masks/a b.png" });
    const { data } = await readByteImage(`${folder}/photos/masks/a b.png`);
    assertEquals(data, boxMask(20, 30, box).map((value) => 255 * value));
    assertEquals(await list(), [{ name: "a b.png", target: "masks/a b.png", hasMask: true }]);
    const mask = await handler(requestOf("/api/masks/a%20b.png"));
    await Deno.writeFile(`${folder}/mask.png`, new Uint8Array(await mask.arrayBuffer()));
    assertEquals((await readByteImage(`${folder}/mask.png`)).data, data);

    await Deno.remove(`${folder}/photos/masks`, { recursive: true });
    const rgba = Uint8Array.from({ length: 20 * 30 * 4 }, (_, i) => i * 7 % 256);
    await writeBytes(folder, "photos/a b.png", rgba, 20, 30);
    assertEquals((await list())[0].target, "a b.png");
    await (await handler(put("/api/masks/a%20b.png", await maskPng(20, 30, box)))).json();
    const rgbaImage = await readByteImage(`${folder}/photos/a b.png`);
    const expected = boxMask(20, 30, box);
    assertEquals(rgbaImage.data, rgba.map((value, i) => i % 4 === 3 ? 255 * expected[i >> 2] : value));
  });
});

Deno.test("the first mask of a folder with RGBA images keeps their masks, which an import reads from masks/ then", async () => {
  await inFolder(async (folder) => {
    const rgba = Uint8Array.from(
      { length: 6 * 8 * 4 },
      (_, i) => i % 4 === 3 ? 255 * (i % 8 > 4 ? 1 : 0) : i,
    );
    for (const name of ["a", "b"]) await writeBytes(folder, `photos/images/${name}.png`, rgba, 6, 8);
    await writeBytes(folder, "photos/images/c.png", pattern(6, 8), 6, 8);
    await Deno.writeTextFile(`${folder}/index.html`, "page");
    const handler = await viewerHandler(folder, { images: `${folder}/photos` });
    const saved = await handler(put("/api/masks/images%2Fc.png", await maskPng(6, 8, [1, 1, 4, 4])));
    assertEquals(await saved.json(), { saved: "masks/c.png" });
    for (const name of ["a", "b"]) {
      const { data } = await readByteImage(`${folder}/photos/masks/${name}.png`);
      assertEquals(data, rgba.filter((_, i) => i % 4 === 3));
    }
    const { sources } = await readFolderLayout(`${folder}/photos`);
    assertEquals(sources.map(({ mask }) => mask?.kind), ["file", "file", "file"]);
    const images = await (await handler(requestOf("/api/images"))).json();
    assertEquals(images.map(({ target }: { target: string }) => target), [
      "masks/a.png",
      "masks/b.png",
      "masks/c.png",
    ]);
  });
});

Deno.test("masks of foreign pages, wrong sizes, other files and links out are refused", async () => {
  await inFolder(async (folder) => {
    await Deno.mkdir(`${folder}/site`);
    await Deno.mkdir(`${folder}/elsewhere`);
    await writeBytes(folder, "photos/a.png", pattern(4, 4), 4, 4);
    const handler = await viewerHandler(`${folder}/site`, { images: `${folder}/photos` });
    const mask = await maskPng(4, 4, [0, 0, 2, 2]);
    const statusOf = async (request: Request) => (await handler(request)).status;
    assertEquals(await statusOf(put("/api/masks/a.png", mask, { origin: "http://evil.example" })), 403);
    assertEquals(await statusOf(put("/api/masks/a.png", mask, { "content-type": "text/plain" })), 415);
    assertEquals(await statusOf(put("/api/masks/a.png", mask, { "content-length": "999999999" })), 413);
    assertEquals(await statusOf(put("/api/masks/a.png", await maskPng(5, 4, [0, 0, 1, 1]))), 422);
    assertEquals(await statusOf(put("/api/masks/a.png", new Uint8Array([1, 2, 3]))), 422);
    assertEquals(await statusOf(put("/api/masks/b.png", mask)), 422);
    assertEquals(await statusOf(put("/api/masks/..%2fsite%2fb.png", mask)), 400);
    await Deno.symlink(`${folder}/elsewhere`, `${folder}/photos/masks`);
    assertEquals(await statusOf(put("/api/masks/a.png", mask)), 422);
    assertEquals([...Deno.readDirSync(`${folder}/elsewhere`)], []);
    assertEquals([...Deno.readDirSync(`${folder}/photos`)].map(({ name }) => name).sort(), [
      "a.png",
      "masks",
    ]);
  });
});
