import { assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

function* pages(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(join(ROOT, folder))) {
    if (isDirectory) yield* pages(join(folder, name));
    else if (name.endsWith(".md")) yield join(folder, name);
  }
}

/** The anchor of a heading. */
const anchorOf = (heading: string) =>
  heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").trim().replace(/\s/g, "-");

function anchorsOf(path: string): Set<string> {
  const text = Deno.readTextFileSync(path);
  return new Set([...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading)));
}

Deno.test("links of the docs lead to files and headings that are there", () => {
  const broken: string[] = [];
  for (const page of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ...pages("docs")]) {
    const text = Deno.readTextFileSync(join(ROOT, page)).replace(/```[^]*?```/g, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      const [path, anchor] = target.split("#"),
        file = path ? join(ROOT, dirname(page), path) : join(ROOT, page);
      try {
        Deno.statSync(file);
        if (anchor && !anchorsOf(file).has(anchor)) broken.push(`${page}: ${target}`);
      } catch {
        broken.push(`${page}: ${target}`);
      }
    }
  }
  assertEquals(broken, []);
});
