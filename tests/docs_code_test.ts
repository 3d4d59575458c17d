import { assert } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { slowTest } from "./helpers/slow_test.ts";
import { inFolder } from "./helpers/temporary_folder.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url));

/** Programs in the Markdown of a page: blocks of TypeScript that import what they use. */
function programsOf(page: string): string[] {
  const text = Deno.readTextFileSync(join(ROOT, page));
  return [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) => code).filter((code) =>
    code.includes("import ")
  );
}

slowTest(
  "the programs of README, tutorials and how-to pages are type-checked",
  () =>
    inFolder(async (folder) => {
      const pages = ["tutorial", "how_to"].flatMap((part) =>
        [...Deno.readDirSync(join(ROOT, "docs", part))].map(({ name }) => `docs/${part}/${name}`)
      );
      const files: string[] = [];
      for (const page of ["README.md", ...pages.filter((name) => name.endsWith(".md"))]) {
        for (const [i, code] of programsOf(page).entries()) {
          files.push(join(folder, `${page.replaceAll("/", "_")}_${i}.ts`));
          await Deno.writeTextFile(files.at(-1)!, code.replaceAll(/"texmesh(\/|")/g, '"@texmesh/texmesh$1'));
        }
      }
      assert(files.length >= 4, `${files.length} programs`);
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["check", "--config", join(ROOT, "deno.json"), ...files],
        env: { NO_COLOR: "1" },
      }).output();
      assert(success, new TextDecoder().decode(stderr));
    }),
);
