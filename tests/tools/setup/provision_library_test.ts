import { assert, assertEquals, assertRejects } from "@std/assert";
import { findLibrary, LIBRARY_VARIABLE } from "../../../lib/backend/native/library_path.ts";
import { writeLibraryNote } from "../../../lib/backend/native/library_note.ts";
import { libraryFiles, wheelFor } from "../../../lib/backend/native/platforms.ts";
import { provisionLibrary } from "../../../tools/setup/provision_library.ts";
import { unpackLibraries } from "../../../tools/setup/unpack_libraries.ts";
import { StoppedError, UserError } from "../../../lib/core/errors.ts";
import { fakeLibrary, writeFakeWheel } from "../../backend/fake_library.ts";
import { assertFacts, assertMissing, assertRejectsWith } from "../../helpers/assert_facts.ts";

const ON_LINUX = Deno.build.os === "linux" && wheelFor(`linux-${Deno.build.arch}`) !== null;
const FILES = libraryFiles("linux-x86_64");
const WHEEL = "tensorflow_cpu-2.21.0-cp312-cp312-manylinux_2_27_x86_64.whl";

/** A test in an empty folder, without the variable and with a search path of its own. */
function provisionTest(name: string, run: (folder: string) => Promise<void>): void {
  Deno.test({
    name: `${name} (on Linux)`,
    ignore: !ON_LINUX,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const before = [LIBRARY_VARIABLE, "PATH"].map((key) => [key, Deno.env.get(key)] as const);
      Deno.env.delete(LIBRARY_VARIABLE);
      Deno.env.set("PATH", `${folder}/bin`);
      await Deno.mkdir(`${folder}/bin`);
      try {
        await run(folder);
      } finally {
        for (const [key, value] of before) {
          value === undefined ? Deno.env.delete(key) : Deno.env.set(key, value);
        }
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

/** Puts a program on the search path. */
async function writeProgram(folder: string, name: string, lines: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/bin/${name}`, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
}

async function failure(folder: string, options = {}): Promise<string> {
  const nativeFolder = `${folder}/native`;
  const error = await assertRejects(() => provisionLibrary({ nativeFolder, ...options }), UserError);
  for await (const entry of Deno.readDir(nativeFolder)) {
    assert(!entry.name.startsWith("partial-"), entry.name);
  }
  return error.message;
}

provisionTest("without pip a sentence says what to do", async (folder) => {
  const message = await failure(folder);
  assertFacts(message, "python3 -m pip", "pip3", "pip", "--wheel FILE");
});

provisionTest("a failing pip is quoted", async (folder) => {
  await writeProgram(
    folder,
    "pip",
    `[ "$1" = --version ] && exit 0; echo "ERROR: no such version" >&2; exit 1`,
  );
  const message = await failure(folder);
  assertFacts(message, "`pip`", "ERROR: no such version");
});

provisionTest("a download with another hash is refused and removed", async (folder) => {
  await writeFakeWheel(`${folder}/fake.whl`, { [FILES[0]]: fakeLibrary(), [FILES[1]]: fakeLibrary(300) });
  const copy = `for last; do :; done; /bin/cp ${folder}/fake.whl "$last/${WHEEL}"`;
  await writeProgram(folder, "pip3", `[ "$1" = --version ] || { ${copy}; }`);
  const sha256 = new Uint8Array(
    await crypto.subtle.digest("SHA-256", await Deno.readFile(`${folder}/fake.whl`)),
  );
  assertFacts(await failure(folder), sha256.toHex(), wheelFor(`linux-${Deno.build.arch}`)!.sha256);
});

provisionTest("a wheel file: missing, of another hash", async (folder) => {
  const none = `${folder}/none.whl`;
  await assertMissing(() => provisionLibrary({ nativeFolder: `${folder}/native`, wheel: none }), none);
  const wheel = `${folder}/${WHEEL}`;
  await writeFakeWheel(wheel, { [FILES[0]]: fakeLibrary(), [FILES[1]]: fakeLibrary() });
  const message = await failure(folder, { wheel });
  assertFacts(message, wheel, wheelFor(`linux-${Deno.build.arch}`)!.sha256, "TEXMESH_LIBTENSORFLOW");
});

provisionTest(
  "unpacking keeps the two libraries only, notes them and replaces an older folder",
  async (folder) => {
    const release = wheelFor(`linux-${Deno.build.arch}`)!, wheel = `${folder}/${WHEEL}`;
    const big = fakeLibrary(3_000_000);
    big.subarray(64, 2_000_000).forEach((_, i, bytes) => bytes[i] = i * 7);
    await writeFakeWheel(wheel, { [FILES[0]]: big, [FILES[1]]: fakeLibrary(300) });
    const progress: number[] = [];
    for (let round = 0; round < 2; round++) {
      const note = await unpackLibraries(wheel, release, folder, {
        onProgress: ({ done }) => progress.push(done),
      }, 0);
      await writeLibraryNote(folder, note);
      const place = await findLibrary(folder);
      assertEquals(await Deno.readFile(place!.path), big);
      const names = [...Deno.readDirSync(`${folder}/${note.folder}`)].map(({ name }) => name);
      assertEquals(names.sort(), [...FILES].sort());
    }
    assertEquals(progress.at(-1), 3_000_300);
    assertEquals((await provisionLibrary({ nativeFolder: folder })).sentence.includes("there already"), true);
  },
);

provisionTest(
  "a cut wheel, a wheel without the libraries and a stop leave nothing behind",
  async (folder) => {
    const release = wheelFor(`linux-${Deno.build.arch}`)!, wheel = `${folder}/${WHEEL}`;
    await writeFakeWheel(wheel, { [FILES[0]]: fakeLibrary() });
    const stopped = AbortSignal.abort();
    await assertRejectsWith(() => unpackLibraries(wheel, release, folder, {}, 0), UserError, FILES[1], wheel);
    await writeFakeWheel(wheel, { [FILES[0]]: fakeLibrary(), [FILES[1]]: fakeLibrary() });
    await assertRejects(
      () => unpackLibraries(wheel, release, folder, { signal: stopped }, 0),
      StoppedError,
    );
    await Deno.truncate(wheel, 300);
    await assertRejectsWith(
      () => unpackLibraries(wheel, release, folder, {}, 0),
      UserError,
      wheel,
      "300 bytes",
      "zip",
    );
    assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name).sort(), ["bin", WHEEL].sort());
  },
);

provisionTest("an installed Python TensorFlow is noted in place of a download", async (folder) => {
  const site = `${folder}/site-packages/tensorflow`;
  await Deno.mkdir(site, { recursive: true });
  for (const name of FILES) await Deno.writeFile(`${site}/${name}`, fakeLibrary());
  await writeProgram(folder, "python3", `[ "$1" = -c ] && printf '%s\\n%s\\n' '${site}' 2.21.0`);
  const nativeFolder = `${folder}/native`;
  const provision = await provisionLibrary({ nativeFolder });
  assertEquals([provision.source, provision.version], ["python", "2.21.0"]);
  assertEquals((await findLibrary(nativeFolder))?.path, `${site}/${FILES[0]}`);
});
