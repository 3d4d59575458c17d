import { assertEquals } from "@std/assert";
import { UserError } from "../../../lib/core/errors.ts";
import { IMAGENET_SYNSETS } from "../../../original/datasets/catalog.ts";
import { IMAGENET_FOLDER, setupImagenet } from "../../../original/datasets/setup_imagenet.ts";
import { readTar } from "../../../original/files/tar.ts";
import { assertMissing, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { inProject } from "../../helpers/temporary_folder.ts";
import { writeFile } from "./project.ts";

/** A tar archive. */
function tarOf(files: Record<string, string>, kind = "0"): Uint8Array {
  const blocks: number[] = [];
  for (const [name, text] of Object.entries(files)) {
    const header = new Uint8Array(512);
    const put = (at: number, value: string) => header.set(new TextEncoder().encode(value), at);
    put(0, name);
    put(124, text.length.toString(8).padStart(11, "0"));
    put(148, "        ");
    put(156, kind);
    put(257, "ustar");
    put(148, header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0");
    const content = new Uint8Array(Math.ceil(text.length / 512) * 512);
    content.set(new TextEncoder().encode(text));
    blocks.push(...header, ...content);
  }
  return Uint8Array.from([...blocks, ...new Array(1024).fill(0)]);
}

const SYNSETS = Object.values(IMAGENET_SYNSETS).flat();

Deno.test("setup_imagenet: folders before archives, links or copies, missing ones left out if wished", () =>
  inProject(async () => {
    const write = (path: string, text: string) => writeFile(path, new TextEncoder().encode(text));
    await write("in/n02504013/a.JPEG", "folder");
    await writeFile("in/n02504013.tar", tarOf({ "b.JPEG": "archive" }));
    await writeFile("in/n02504458.tar", tarOf({ "deep/c.JPEG": "archive", "d.JPEG": "x".repeat(700) }));
    await Deno.mkdir("in/n02391049"); // empty
    await assertRejectsWith(() => setupImagenet("in"), UserError, "38 of 40", "n02391049");
    const report = await setupImagenet("in", { skipChecks: true });
    assertEquals([report.copied, report.extracted, report.missing.length], [
      ["n02504013"],
      ["n02504458"],
      38,
    ]);
    assertEquals(await Deno.readTextFile(`${IMAGENET_FOLDER}/n02504013/a.JPEG`), "folder");
    assertEquals(await Deno.readTextFile(`${IMAGENET_FOLDER}/n02504458/c.JPEG`), "archive");
    assertEquals((await Deno.readTextFile(`${IMAGENET_FOLDER}/n02504458/d.JPEG`)).length, 700);
    await assertRejectsWith(
      () => setupImagenet("in", { skipChecks: true }),
      UserError,
      "datasets/imagenet/images",
      "'overwrite'",
    );
    const linked = await setupImagenet("in", { skipChecks: true, overwrite: true, symlinks: true });
    assertEquals(linked.linked, ["n02504013"]);
    assertEquals((await Deno.lstat(`${IMAGENET_FOLDER}/n02504013`)).isSymlink, true);
    assertEquals(SYNSETS.length, 40);
  }));

Deno.test("setup_imagenet: an archive that leads out of the folder, is damaged or cut short is refused", () =>
  inProject(async () => {
    const run = async (bytes: Uint8Array) => {
      await writeFile("in/n02504458.tar", bytes);
      await setupImagenet("in", { skipChecks: true, overwrite: true });
    };
    await assertRejectsWith(
      () => run(tarOf({ "../../evil": "x" })),
      UserError,
      "in/n02504458.tar",
      '"../../evil"',
    );
    await assertRejectsWith(
      () => run(tarOf({ "/etc/evil": "x" })),
      UserError,
      "in/n02504458.tar",
      '"/etc/evil"',
    );
    await assertRejectsWith(
      () => run(tarOf({ a: "x".repeat(2000) }).subarray(0, 1024)),
      UserError,
      "in/n02504458.tar",
      "1024 bytes",
      2512,
    );
    await assertRejectsWith(
      () => run(tarOf({ a: "x" }).map((b, i) => i === 3 ? 9 : b)),
      UserError,
      "in/n02504458.tar",
      "byte 0",
    );
    await writeFile("links.tar", tarOf({ a: "" }, "2"));
    assertEquals(await Array.fromAsync(readTar("links.tar")), []);
    await assertMissing(() => Array.fromAsync(readTar("none.tar")), "none.tar");
  }));
