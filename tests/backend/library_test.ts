import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { checkLibraryHeader } from "../../lib/backend/native/library_check.ts";
import { writeLibraryNote } from "../../lib/backend/native/library_note.ts";
import { findLibrary, LIBRARY_VARIABLE } from "../../lib/backend/native/library_path.ts";
import {
  currentPlatform,
  libraryFiles,
  WHEEL_RELEASES,
  wheelFor,
} from "../../lib/backend/native/platforms.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { UserError } from "../../lib/core/errors.ts";
import { assertFacts, assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { fakeLibrary } from "./fake_library.ts";

const ON_LINUX = Deno.build.os === "linux";

/** Runs with the variable set to a value, or unset. */
async function withVariable(value: string | null, run: () => Promise<void>): Promise<void> {
  const before = Deno.env.get(LIBRARY_VARIABLE);
  value === null ? Deno.env.delete(LIBRARY_VARIABLE) : Deno.env.set(LIBRARY_VARIABLE, value);
  try {
    await run();
  } finally {
    before === undefined ? Deno.env.delete(LIBRARY_VARIABLE) : Deno.env.set(LIBRARY_VARIABLE, before);
  }
}

Deno.test({
  name: "a library file is checked by its headers before it is opened (Linux libraries)",
  ignore: !ON_LINUX,
  fn: () =>
    inFolder(async (folder) => {
      const path = `${folder}/lib.so`;
      const fault = async (bytes: Uint8Array) => {
        await Deno.writeFile(path, bytes);
        return (await assertRejects(() => checkLibraryHeader(path), UserError)).message;
      };
      await Deno.writeFile(path, fakeLibrary());
      await checkLibraryHeader(path);
      assertFacts(
        await fault(fakeLibrary().slice(0, 200)),
        path,
        "200 bytes",
        256,
      );
      assertFacts(await fault(new Uint8Array(10)), path, "10 bytes");
      assertFacts(await fault(new Uint8Array(0)), path, "0 bytes");
      assertFacts(await fault(new TextEncoder().encode("x".repeat(500))), path, "ELF");
      assertFacts(await fault(fakeLibrary(256, 40)), path, "ELF machine 40");
      await assertMissing(() => checkLibraryHeader(`${folder}/none`), `${folder}/none`);
    }),
});

Deno.test({
  name: "the library of setup's note is used while it is the noted file (Linux libraries)",
  ignore: !ON_LINUX,
  fn: () =>
    withVariable(null, () =>
      inFolder(async (folder) => {
        assertEquals(await findLibrary(folder), null);
        await Deno.mkdir(`${folder}/tf`);
        const path = `${folder}/tf/lib.so`, bytes = fakeLibrary();
        await Deno.writeFile(path, bytes);
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
        const sha256 = digest.toHex();
        const note = (modified: number | null) =>
          writeLibraryNote(folder, {
            source: "wheel",
            version: "2.21.0",
            folder: "tf",
            files: [{ name: "lib.so", bytes: bytes.length, sha256, modified }],
          });
        await note(1); // another time: hashed, found equal, noted again
        assertEquals((await findLibrary(folder))?.path, path);
        assert(!(await Deno.readTextFile(`${folder}/library.json`)).includes(`"modified": 1\n`));
        bytes[100] = 7;
        await Deno.writeFile(path, bytes);
        await note(1);
        await assertRejectsWith(() => findLibrary(folder), UserError, path, sha256);
        await Deno.writeFile(path, bytes.slice(0, 250));
        await assertRejectsWith(() => findLibrary(folder), UserError, path, "250 bytes", 256);
        await Deno.remove(path);
        await assertMissing(() => findLibrary(folder), path);
        await assertRejectsWith(() => findLibrary(folder), UserError, "deno task setup");
        await Deno.writeTextFile(`${folder}/library.json`, "{}");
        await assertRejectsWith(() => findLibrary(folder), UserError, `${folder}/library.json`, '"source"');
      })),
});

Deno.test("the variable names a file or its folder; a missing or wrong file is an error, and auto goes on", () =>
  inFolder(async (folder) => {
    await withVariable(`${folder}/none`, async () => {
      await assertRejectsWith(() => findLibrary(), UserError, LIBRARY_VARIABLE, `${folder}/none`);
    });
    const path = `${folder}/${libraryFiles(currentPlatform())[0]}`;
    await Deno.writeTextFile(path, "this is no library, but long enough to be looked at: ".repeat(10));
    await withVariable(folder, async () => {
      const error = await assertRejects(() => useBackend({ backend: "native" }), UserError);
      assertStringIncludes(error.message, path);
      const { name, sentence } = await useBackend({ backend: "auto" });
      assert(name !== "native");
      assertFacts(sentence, "native", path);
    });
  }));

const COMPILER = await findCompiler();

Deno.test({
  name: `another version of the library is named, and auto goes on${
    COMPILER ? "" : " (ignored: no C compiler)"
  }`,
  ignore: !COMPILER,
  fn: () =>
    inFolder(async (folder) => {
      const source = `${folder}/old.c`, library = `${folder}/${libraryFiles(currentPlatform())[0]}`;
      await Deno.writeTextFile(source, 'const char *TF_Version(void) { return "1.15.0"; }\n');
      const args = ["-shared", "-fPIC", source, "-o", library];
      assert((await new Deno.Command(COMPILER!, { args }).output()).success);
      await withVariable(folder, async () => {
        const error = await assertRejects(() => useBackend({ backend: "native" }), UserError);
        assertFacts(error.message, library, "TensorFlow 1.15.0");
        const { name, sentence } = await useBackend({ backend: "auto" });
        assert(name !== "native");
        assertFacts(sentence, "TensorFlow 1.15.0");
      });
    }),
});

async function findCompiler(): Promise<string | null> {
  if (!ON_LINUX) return null;
  try {
    const { success } = await new Deno.Command("cc", { args: ["--version"], stdout: "null", stderr: "null" })
      .output();
    return success ? "cc" : null;
  } catch {
    return null;
  }
}

Deno.test("wrong options are named", async () => {
  await assertRejectsWith(
    () => useBackend({ backend: "cuda" as "native" }),
    UserError,
    "'backend'",
    "auto, native, webgpu, wasm, cpu",
    '"cuda"',
  );
  await assertRejectsWith(() => useBackend({ backend: "wasm", threads: -1 }), UserError, "'threads'", -1);
});

Deno.test("the table of wheels has a pinned hash for each platform", () => {
  for (const release of WHEEL_RELEASES) assert(/^[0-9a-f]{64}$/.test(release.sha256), release.platform);
  assertEquals(new Set(WHEEL_RELEASES.map(({ sha256 }) => sha256)).size, WHEEL_RELEASES.length);
  assertEquals(wheelFor("plan9-mips"), null);
  assertEquals(wheelFor("linux-x86_64")?.package, "tensorflow-cpu");
});
