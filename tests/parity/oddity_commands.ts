/**
 * Cases of commands that went wrong once, run in this process with few files of their own.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { checkImage } from "../../lib/datasets/check.ts";
import { lockRun } from "../../lib/pipeline/run_lock.ts";
import { addTemplate } from "../../scripts/add_template.ts";
import { checkData } from "../../scripts/check_data.ts";
import { pipeline } from "../../scripts/pipeline.ts";
import { boxMask, writeRgbaImage } from "../datasets/photo_fixtures.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { assertFacts, type Fact } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { pageNames, readPage } from "../../viewer/server/pages.ts";

const MASK = boxMask(80, 100, [10, 20, 80, 70]);
const PIPELINE = "--images photos --template bird --train --backend wasm";

/** Runs a command line, and compares its exit code and facts of what it says. */
async function says(command: unknown, line: string, code: number, ...facts: Fact[]): Promise<void> {
  const { code: found, messages, output } = await callCommand(command as never, line.split(" "));
  assertEquals(found, code, messages);
  assertFacts(messages + output, ...facts);
}

/** Runs with a folder of photographs. */
function withPhotographs(count: number, use: () => Promise<void>): Promise<void> {
  return inProject(async () => {
    for (let k = 0; k < count; k++) await writeRgbaImage("photos", `${k}.png`, MASK);
    await use();
  });
}

/** What is run of a case, by words of its command; paths are relative to its folder. */
const RUNNERS: readonly (readonly [words: RegExp, run: (folder: string) => Promise<void>])[] = [
  [/--dry_run/, () =>
    withPhotographs(1, async () => {
      await says(pipeline, `${PIPELINE} --name one --dry_run`, 1, 2, 1); // two are needed
      await says(pipeline, `${PIPELINE} --name one`, 1, 2, 1);
    })],
  [/twice at once/, () =>
    withPhotographs(2, async () => {
      const lock = await lockRun("twice");
      await says(pipeline, `${PIPELINE} --name twice`, 1, "twice", Deno.pid);
      lock.release();
    })],
  [
    /--images A --images B/,
    () => says(checkData, "--images A --images B", 2, "--images", "A, B"),
  ],
  [/--config/, () =>
    withPhotographs(1, async () => {
      const before = Deno.env.get("INIT_CWD");
      await Deno.mkdir("elsewhere");
      await Deno.rename("photos", "elsewhere/pics");
      Deno.env.set("INIT_CWD", Deno.realPathSync("elsewhere"));
      try {
        await says(checkData, "--images pics --template bird", 0, "1 found, 1 usable");
        await says(
          checkData,
          "--images gone --template bird",
          1,
          join(Deno.realPathSync("elsewhere"), "gone"),
        );
      } finally {
        if (before === undefined) Deno.env.delete("INIT_CWD");
        else Deno.env.set("INIT_CWD", before);
      }
    })],
  [/add_template --name car/, (folder) => {
    const mesh = Deno.realPathSync(join(folder, "quads.obj"));
    return inProject(() => says(addTemplate, `--name car --mesh ${mesh}`, 1, "--overwrite"));
  }],
  [/reconstruct_photo/, async (folder) => {
    const source = { id: "up", image: "up.png", parts: null, statedSize: null, camera: null };
    const { area, problems } = await checkImage(folder, {
      ...source,
      mask: { kind: "file", path: "inv.png" },
    });
    assertEquals(problems.map(({ kind }) => kind).slice(0, 1), ["inverted_mask"]);
    assert(area !== null);
  }],
  [/file:\/\//, async () => {
    for (const name of (await pageNames()).filter((name) => name.endsWith(".html"))) {
      const html = new TextDecoder().decode(await readPage(name));
      assertStringIncludes(html, "when it is opened as a file");
    }
  }],
];

/** How a case is run, by its command; null if it is none of these. */
export function commandRunner(command: string): ((folder: string) => Promise<void>) | null {
  return RUNNERS.find(([words]) => words.test(command))?.[1] ?? null;
}
