import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import { bundleLibrary, expectedResult, libraryProgram, type LibraryResult } from "./_library.ts";
import { slowTest } from "../helpers/slow_test.ts";

const folder = await Deno.makeTempDir();
const library = await bundleLibrary(folder);
const hasNode = await new Deno.Command("node", { args: ["--version"] }).output().then(
  ({ success }) => success,
  () => false,
);
const expected = await expectedResult();

/** Runs a program that prints a result. */
async function run(program: string, args: readonly string[]): Promise<LibraryResult> {
  const path = join(folder, "program.mjs");
  await Deno.writeTextFile(path, program);
  const { stdout, stderr } = await new Deno.Command(args[0], { args: [...args.slice(1), path], cwd: folder })
    .output();
  const text = new TextDecoder().decode(stdout);
  assert(text.length > 0, new TextDecoder().decode(stderr));
  return JSON.parse(text);
}

function check({ azimuth, iou, file: [magic, length], isDoubtful }: LibraryResult): void {
  assertAlmostEquals(azimuth, expected.azimuth, 0.5);
  assertAlmostEquals(iou, expected.iou, 0.005);
  assertEquals([magic, isDoubtful], ["glTF", expected.isDoubtful]);
  assert(length > 50_000, `${length} bytes`);
}

const program = `${await libraryProgram(toFileUrl(library).href)}\nconsole.log(JSON.stringify(result));`;

Deno.test("the library in one file makes the same mesh in Deno, without any permission but to read it", async () => {
  assert((await Deno.stat(library)).size < 300_000);
  check(await run(program, [Deno.execPath(), "run", "--no-config", "--no-prompt", `--allow-read=${folder}`]));
});

slowTest(
  "the library in one file makes the same mesh in Node",
  async () => check(await run(program, ["node"])),
  hasNode ? null : "there is no node",
);

slowTest("without WebAssembly the library does the same in plain JavaScript", async () => {
  const plain = `delete globalThis.WebAssembly;\n${program}`;
  check(await run(plain, [Deno.execPath(), "run", "--no-config", "--no-prompt", `--allow-read=${folder}`]));
});

Deno.test("the example of the library runs, with nothing but leave to read", async () => {
  const module = new URL("../../lib/photo/mod.ts", import.meta.url), text = await Deno.readTextFile(module);
  const [, code] = /```ts\n(.*?)```/s.exec(text)!, path = join(folder, "example.ts");
  const example = code.replaceAll(/^ \* ?/gm, "").replace('"./mod.ts"', JSON.stringify(module.href))
    .replace("import.meta.url", JSON.stringify(module.href));
  assert(example.trim().split("\n").length <= 20);
  await Deno.writeTextFile(path, example);
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--config", config, "--no-prompt", "--allow-read", path],
  }).output();
  const [, length, iou] = /^(\d+) ([\d.]+)/.exec(new TextDecoder().decode(stdout)) ?? [];
  assert(Number(length) > 30_000 && Number(iou) > 0.9, new TextDecoder().decode(stderr));
});

globalThis.addEventListener("unload", () => Deno.removeSync(folder, { recursive: true }));
