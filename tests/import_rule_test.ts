import { assertEquals } from "@std/assert";
import { dirname, join, relative } from "@std/path";
import { importCycles, importGraph, importsOf, sourceFiles } from "./helpers/import_cycles.ts";

/** Folders of lib from the ground up: each may import from those before it. */
const ORDER = [
  ["core"],
  ["io"],
  ["distributed"],
  ["backend"],
  ["vision"],
  ["mesh"],
  ["rendering"],
  ["networks"],
  ["training"],
  ["metrics"],
  ["templates"],
  ["datasets"],
  ["remeshing", "pose", "reconstruction", "refinement", "pseudogt", "gan"],
  ["photo"],
  ["report"],
  ["notebook"],
  ["pipeline"],
];
const RANK = new Map(ORDER.flatMap((folders, rank) => folders.map((folder) => [folder, rank] as const)));
const ROOT = new URL("..", import.meta.url).pathname;
const LIB = join(ROOT, "lib");
/** What scripts and tools take from elsewhere, which the diagram does not show. */
const OUTSIDE = ["bench", "tests", "mod.ts", "deno.json"];
/** Folders beside lib: which of them, besides lib and itself, each may import. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  original: [],
  demo: [],
  tools: ["demo"],
  viewer: [],
  cli: ["demo", "original", "tools"],
  scripts: ["demo", "original", "tools", "cli", "viewer", "bench", "tests"],
};

function violation(from: string, to: string): string | null {
  const [fromFolder] = from.split("/"), [toFolder, ...rest] = to.split("/");
  if (to.startsWith("..")) return "leaves lib";
  if (!RANK.has(fromFolder) || !RANK.has(toFolder)) return "a folder that the order does not name";
  if (fromFolder === toFolder) return null;
  if (RANK.get(toFolder)! < RANK.get(fromFolder)!) return null;
  // what a stage hands on (types, reader, writer) is in its files.ts, which the other stages may read
  if (RANK.get(toFolder) === RANK.get(fromFolder) && rest.join("/") === "files.ts") return null;
  return `${fromFolder} may not import ${toFolder}`;
}

Deno.test("imports in lib go from stages to ops to kernels to core, never back and never sideways", () => {
  const violations: string[] = [];
  for (const path of sourceFiles(LIB)) {
    for (const target of importsOf(Deno.readTextFileSync(path))) {
      const from = relative(LIB, path), to = relative(LIB, join(dirname(path), target));
      const why = violation(from, to);
      if (why) violations.push(`${from} imports ${to}: ${why}`);
    }
  }
  assertEquals(violations, []);
});

Deno.test("folders beside lib import what the table allows", () => {
  const violations: string[] = [];
  for (const [folder, others] of Object.entries(BESIDE)) {
    for (const path of sourceFiles(join(ROOT, folder))) {
      for (const target of importsOf(Deno.readTextFileSync(path))) {
        const [top, rest] = relative(ROOT, join(dirname(path), target)).split("/");
        const isAllowed = rest === undefined || ["lib", folder, ...others].includes(top);
        if (!isAllowed) violations.push(`${relative(ROOT, path)} imports ${target}`);
      }
    }
  }
  assertEquals(violations, []);
});

Deno.test("the import rule catches a step back, a step sideways and a way out", () => {
  assertEquals(violation("core/a.ts", "pose/step1.ts"), "core may not import pose");
  assertEquals(violation("gan/a.ts", "pseudogt/project.ts"), "gan may not import pseudogt");
  assertEquals(violation("gan/a.ts", "pseudogt/files.ts"), null);
  assertEquals(violation("gan/a.ts", "../scripts/demo.ts"), "leaves lib");
});

Deno.test("no file imports itself by way of others, types included", () => {
  const folders = ["lib", ...Object.keys(BESIDE)].map((folder) => join(ROOT, folder));
  const cycles = importCycles(importGraph(folders));
  assertEquals(cycles.map((cycle) => cycle.map((file) => relative(ROOT, file)).join(" < ")), []);
});

Deno.test("the search for circles finds each of them, also of types and of one file", () => {
  const text =
    'import type { A } from "./b.ts";\nexport * from "../c.ts";\nawait import("./d.ts");\n/** from "./e.ts" */';
  assertEquals(importsOf(text), ["./b.ts", "../c.ts", "./d.ts"]);
  const graph = new Map([["a", ["b", "x"]], ["b", ["c"]], ["c", ["b", "d"]], ["d", ["d"]], ["e", ["a"]]]);
  assertEquals(importCycles(graph), [["b", "c", "b"], ["d", "d"]]);
});

Deno.test("the diagram in architecture.md shows every import between folders", () => {
  const page = Deno.readTextFileSync(join(ROOT, "docs/explanation/architecture.md"));
  const arrows = Array.from(
    page.matchAll(/^ {2}(\w+)(?:\[.*?\])? --> (\w+)/gm),
    ([, from, to]) => [from, to],
  );
  const nextOf = Map.groupBy(arrows, ([from]) => from);
  const reaches = (from: string, to: string): boolean =>
    (nextOf.get(from) ?? []).some(([, next]) => next === to || reaches(next, to));
  const folderOf = (path: string) => {
    const [top, inner] = relative(ROOT, path).split("/");
    return top === "lib" ? inner : top;
  };
  const missing = new Set<string>();
  for (
    const [path, targets] of importGraph(["lib", ...Object.keys(BESIDE)].map((name) => join(ROOT, name)))
  ) {
    for (const [from, to] of targets.map((target) => [folderOf(path), folderOf(target)])) {
      const isShown = from === to || OUTSIDE.includes(to) || reaches(from, to);
      if (!isShown) missing.add(`${from} --> ${to}`);
    }
  }
  assertEquals([...missing], []);
});
