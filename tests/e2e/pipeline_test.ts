import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import validator from "gltf-validator";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { stoppedError } from "../../lib/core/progress.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readObj } from "../../lib/io/obj.ts";
import { exists } from "../../lib/io/exists.ts";
import { PLAN_WORDS } from "../../lib/pipeline/plan.ts";
import { REFINEMENT_WORDS } from "../../lib/refinement/refinement.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { sampled } from "../helpers/sampled.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { hashFiles, inWorkplace, type Workplace } from "./_workplace.ts";

/** How every job that was stopped tells it. */
const STOPPED = stoppedError("").message;

const PHOTOGRAPHS = 5, MESHES = 2;

const countOf = (text: string, words: string) => text.split(words).length - 1;

/** The command's flags; one thread, so that the same seed gives the same bytes. */
function flagsFor({ backend }: Workplace): string[] {
  const flags = "--images photos --template car --name e2e --train --threads 1 --num_workers 1";
  return [...flags.split(" "), "--backend", backend];
}

async function makePhotographs(): Promise<void> {
  await makeSynthetic("photos", { category: "car", count: PHOTOGRAPHS, seed: 1, resolution: 96 });
}

async function checkMesh(stem: string): Promise<void> {
  const report = await validator.validateBytes(await Deno.readFile(`${stem}.glb`));
  assertEquals([report.issues.numErrors, report.issues.numWarnings], [0, 0], stem);
  const { vertices, faces } = readObj(await Deno.readTextFile(`${stem}.obj`));
  assertEquals([vertices.length / 3, faces.length / 3], [962, 1920]);
  assert(vertices.every(Number.isFinite));
  assertEquals((await readImage(`${stem}.png`)).channels >= 3, true);
}

slowTest(
  "a pipeline leaves all its files; a second call does nothing and says the same",
  () =>
    inWorkplace(async (workplace) => {
      await makePhotographs();
      const run = () => workplace.start("tiny_pipeline.ts", "pipeline", flagsFor(workplace));
      const first = await run();
      assertEquals(first.code, 0, first.messages);
      assertFacts(first.messages, workplace.backend);
      for (let i = 0; i < MESHES; i++) await checkMesh(`output/e2e/mesh_${i}`);
      const grid = await readImage("output/e2e/samples.png");
      assertEquals([grid.height, grid.width], [256, 256 * MESHES]);
      const report = await Deno.readTextFile("output/e2e/report.html");
      assertStringIncludes(report, "</html>");
      assertEquals([...Deno.readDirSync("output/e2e/reconstructions")].length, PHOTOGRAPHS);
      const summary = JSON.parse(await Deno.readTextFile("output/e2e/summary.json"));
      assertEquals(summary.images, { found: PHOTOGRAPHS, used: PHOTOGRAPHS });
      assertEquals([summary.backend, summary.exports.meshes], [workplace.backend, MESHES]);
      assert(summary.reconstruction.iou > 0 && summary.gan.distance > 0);
      assertFacts(first.output, MESHES, "output/e2e");

      const files = await hashFiles();
      const second = await run();
      assertEquals(second.code, 0, second.messages);
      assertEquals(second.output, first.output);
      // the log continues, and the report names what was done before
      assertEquals(await changedFiles(files), ["output/e2e/log.txt", "output/e2e/report.html"]);
      const stageLines = second.messages.split("\n").filter((line) => /^\w+: \d/.test(line));
      assertEquals(new Set(stageLines.map((line) => line.split(":")[0])), new Set(["import", "report"]));
    }),
);

slowTest(
  "with few photographs the meshes are there right after the poses, and networks are trained with --train only",
  () =>
    inWorkplace(async (workplace) => {
      await makePhotographs();
      const flags = flagsFor(workplace).filter((flag) => flag !== "--train");
      const run = (...more: string[]) => workplace.start("tiny_pipeline.ts", "pipeline", [...flags, ...more]);
      const plan = await run("--dry_run");
      assertEquals(countOf(plan.output, PLAN_WORDS.scratch), 4, plan.messages);
      assertFacts(plan.output, `${PHOTOGRAPHS} photographs`, "--train");
      const refused = await run("--from", "train_gan");
      assertEquals(refused.code, 1);
      assertFacts(refused.messages, "train_gan", "--train");
      const { code, messages, output } = await run();
      assertEquals(code, 0, messages);
      assertMatch(messages, /\d [^.]*output\/e2e\/reconstructions[^.]*\b1 minute\b/);
      assertFacts(messages, "--train");
      assertFacts(output, "--train");
      const meshes = [...Deno.readDirSync("output/e2e/reconstructions")];
      const { refinement, trained } = JSON.parse(await Deno.readTextFile("output/e2e/summary.json"));
      assertEquals([trained, refinement.meshes], [false, meshes.length]);
      assert(refinement.iou > 0.9);
      for (const { name } of meshes) {
        const bytes = await Deno.readFile(`output/e2e/reconstructions/${name}`);
        assertEquals((await validator.validateBytes(bytes)).issues.numErrors, 0, name);
      }
      const report = await Deno.readTextFile("output/e2e/report.html");
      assertFacts(report, REFINEMENT_WORDS.full);
      assert(!await exists("checkpoints_recon"));
    }),
);

slowTest(
  "a plan is told before, single stages are made again, and a failure says how to resume",
  () =>
    inWorkplace(async (workplace) => {
      await makePhotographs();
      const run = (...more: string[]) =>
        workplace.start("tiny_pipeline.ts", "pipeline", [...flagsFor(workplace), ...more]);
      const plan = await run("--dry_run");
      assertEquals([plan.code, countOf(plan.output, PLAN_WORDS.scratch)], [0, 10], plan.messages);
      assert(!await exists("cache/e2e"), "a plan writes nothing");
      const early = await run("--only", "export");
      assertEquals(early.code, 1);
      assertFacts(early.messages, "export", "import", "--only");
      assert(!early.messages.includes("output/e2e/log.txt"), early.messages);
      await Deno.mkdir("checkpoints_gan");
      await Deno.writeTextFile("checkpoints_gan/e2e", "a file in the way");
      const failed = await run();
      assertEquals(failed.code, 1, failed.messages);
      const again = "deno task pipeline --images photos --template car --name e2e --train";
      assertFacts(failed.messages, "train_gan", "output/e2e/log.txt", again);
      assertStringIncludes(await Deno.readTextFile("output/e2e/log.txt"), "train_gan: ");
      await Deno.remove("checkpoints_gan/e2e");
      assertEquals((await run("--only", "reconstruct")).code, 0);
      const later = await run("--dry_run");
      assertEquals(
        later.output.split("\n").slice(1, 6).map((line) =>
          Object.values(PLAN_WORDS).find((words) => line.includes(words))
        ),
        Array(5).fill(PLAN_WORDS.skip),
      );
      assertEquals(countOf(later.output, PLAN_WORDS.scratch), 5);
    }),
);

Deno.test("Ctrl-C and SIGTERM end with 130 and 143, and say how to resume", () =>
  inWorkplace(async (workplace) => {
    await makePhotographs();
    for (const [signal, wanted] of [[2, 130], [15, 143]]) {
      const env = { TEXMESH_E2E_RAISE: `${signal}:import:1` };
      const { code, messages } = await workplace.start(
        "tiny_pipeline.ts",
        "pipeline",
        flagsFor(workplace),
        env,
      );
      assertEquals(code, wanted, messages);
      assertStringIncludes(messages, STOPPED);
    }
  }));

Deno.test("a result file where the task may not write is refused before any work", () =>
  inWorkplace(async ({ start }) => {
    const args = ["--name", "e2e", "--json", "elsewhere/figures.json"];
    const { code, messages } = await start("../../scripts/evaluate.ts", "evaluate", args);
    assertEquals(code, 2, messages);
    assertFacts(messages, "--json", "output/figures.json", '"elsewhere/figures.json"');
  }));

/** Files that differ from those of before, with new and missing ones. */
async function changedFiles(before: Record<string, string>): Promise<string[]> {
  const now = await hashFiles();
  const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
  return [...paths].filter((path) => before[path] !== now[path]).sort();
}

/** Files that hold times of the day's work, or lines of work that was done twice. */
const NOT_COMPARED = ["report.html", "summary.json", "pipeline.json", "log.txt"].map((name) =>
  `output/e2e/${name}`
);

/** The summary without its times. */
async function figures(): Promise<unknown> {
  const { stages: _, seconds: __, ...rest } = JSON.parse(await Deno.readTextFile("output/e2e/summary.json"));
  return rest;
}

const POINTS = sampled([
  "import:2",
  "pose_step1:2",
  "pose_step2:3",
  "refine:3",
  "refine:9",
  "reconstruct:3",
  "reconstruct:2",
  "export_reconstructions:2",
  "generate_pseudogt:1",
  "train_gan:3",
  "train_gan:2",
  "evaluate:1",
  "export:1",
  "report:2",
], 4);

/** The log tells work that was done twice. */
const NOT_COMPARED_AFTER_KILLS = [...NOT_COMPARED, "checkpoints_recon/e2e/log.txt"];

slowTest(
  "a pipeline that is stopped or killed in each stage ends with the files of an undisturbed one",
  () =>
    inWorkplace(async (workplace) => {
      await makePhotographs();
      const run = (env = {}) => workplace.start("tiny_pipeline.ts", "pipeline", flagsFor(workplace), env);
      const undisturbed = await run();
      assertEquals(undisturbed.code, 0, undisturbed.messages);
      const wanted = await hashFiles(), wantedFigures = await figures();
      for (const folder of ["cache", "output", "checkpoints_recon", "checkpoints_gan"]) {
        await Deno.remove(join(workplace.folder, folder), { recursive: true });
      }
      for (const [i, point] of POINTS.entries()) { // test:faults does both to every stage, at random moments
        const isKilled = i % 2 === 1;
        const { code, messages } = await run({ TEXMESH_E2E_RAISE: `${isKilled ? 9 : 2}:${point}` });
        if (isKilled) {
          assert(code !== 0, point);
          continue;
        }
        assertEquals(code, 130, `${point}: ${messages}`);
        assertStringIncludes(messages, STOPPED);
      }
      const last = await run();
      assertEquals(last.code, 0, last.messages);
      assertEquals(
        (await changedFiles(wanted)).filter((path) => !NOT_COMPARED_AFTER_KILLS.includes(path)),
        [],
      );
      assertEquals(await figures(), wantedFigures);
    }),
);
