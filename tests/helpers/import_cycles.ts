import { dirname, join } from "@std/path";

/** Imports between files: relative ones, of types too, and those that are awaited. */
const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;
const COMMENT = /\/\*[\s\S]*?\*\//g;

/** Files that a source text imports, relative to its own folder. */
export function importsOf(text: string): string[] {
  return Array.from(text.replace(COMMENT, "").matchAll(IMPORT), ([, target]) => target);
}

/** Source files below a folder. */
export function* sourceFiles(folder: string): Generator<string> {
  for (const entry of Deno.readDirSync(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) yield* sourceFiles(path);
    else if (entry.name.endsWith(".ts")) yield path;
  }
}

/** The files below folders, with those that each imports. */
export function importGraph(folders: readonly string[]): Map<string, string[]> {
  const files = folders.flatMap((folder) => [...sourceFiles(folder)]);
  return new Map(
    files.map((path) => [
      path,
      importsOf(Deno.readTextFileSync(path)).map((target) => join(dirname(path), target)),
    ]),
  );
}

/** One way round for each group of files that import each other; a file that imports itself counts. */
export function importCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const state = new Map<string, "open" | "done">(), way: string[] = [], cycles: string[][] = [];
  const visit = (file: string) => {
    if (state.get(file) === "done") return;
    if (state.get(file) === "open") {
      cycles.push([...way.slice(way.indexOf(file)), file]);
      return;
    }
    state.set(file, "open");
    way.push(file);
    for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next);
    way.pop();
    state.set(file, "done");
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
