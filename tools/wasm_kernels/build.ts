/**
 * Compiles the kernels in C to `_wasm_kernels.ts`. Needed only after a change of the C sources, by their authors: the
 * result is committed, and nobody else needs a compiler.
 *
 * Usage: `deno run -A tools/wasm_kernels/build.ts [COMPILER...]`. The compiler is clang with wasm-ld, given as the words of its
 * call; by default `clang`. Zig's works too: `python3 -m ziglang cc`.
 *
 * @module
 */
import { encodeBase64, hashOfSources, SOURCES } from "./sources.ts";

const FLAGS = [
  "--target=wasm32-freestanding",
  "-O3",
  "-ffp-contract=off",
  "-nostdlib",
  "-fvisibility=hidden",
  "-Wall",
  "-Wextra",
  "-Wl,--no-entry,--import-memory,--shared-memory,--max-memory=4294901760,--export-dynamic,--strip-all",
  "-Wl,--export=__heap_base,-z,stack-size=8192",
];
const FEATURES = ["simd128", "bulk-memory", "atomics", "mutable-globals", "nontrapping-fptoint"];

const [command, ...words] = Deno.args.length > 0 ? Deno.args : ["clang"];
const features = words.includes("ziglang")
  ? [`-mcpu=generic+${FEATURES.map((name) => name.replaceAll("-", "_")).join("+")}`]
  : FEATURES.map((name) => `-m${name}`);
const folder = new URL("./", import.meta.url).pathname;
const file = await Deno.makeTempFile({ suffix: ".wasm" });
const units = SOURCES.filter((name) => name.endsWith(".c"));
const { code } = await new Deno.Command(command, {
  args: [...words, ...FLAGS, ...features, ...units, "-o", file],
  cwd: folder,
  stdout: "inherit",
  stderr: "inherit",
}).spawn().status;
if (code === 0) {
  const text = encodeBase64(await Deno.readFile(file));
  const lines = text.match(/.{1,100}/g)!.map((line) => `  "${line}"`).join(" +\n");
  const module = [
    "/**",
    " * The kernels of tools/wasm_kernels as WebAssembly in base64, made by its build.ts; not to be edited.",
    " *",
    " * @module",
    " */",
    "/** SHA-256 of the sources. */",
    `export const SOURCE_HASH: string = "${await hashOfSources()}";`,
    "",
    "/** The module. */",
    `export const KERNELS: string =\n${lines};`,
    "",
  ].join("\n");
  await Deno.writeTextFile(`${folder}../../lib/rendering/_wasm_kernels.ts`, module);
}
await Deno.remove(file);
Deno.exit(code);
