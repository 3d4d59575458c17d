import { assert, assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { assertSnapshot } from "@std/testing/snapshot";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { StoppedError } from "../../lib/core/errors.ts";
import { cacheFolder, hypothesesFile, poseChoiceFile } from "../../lib/core/paths.ts";
import { REFINEMENT_WORDS } from "../../lib/refinement/refinement.ts";
import { buildReport } from "../../lib/report/build_report.ts";
import { writePoseChoice } from "../../lib/pose/choice_file.ts";
import { runRefine } from "../../lib/pipeline/refine.ts";
import { LEFT_OUT_REASONS } from "../../lib/report/posed_photographs.ts";
import type { ReportRequest } from "../../lib/report/report_request.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { makeGenerated, makePhotographs, makePoses, makeReconstruction, NAME } from "./_experiment.ts";

const REQUEST: ReportRequest = {
  name: NAME,
  dataset: NAME,
  mode: "singletpl",
  facts: [["backend", "wasm <test>"]],
  summary: { header: ["figure", "value"], rows: [["IoU", "0.91"]] },
  stageTimes: [{ stage: "pose step 1", seconds: 65, note: "resumed" }],
};

const pageOf = async (request = REQUEST) => await Deno.readTextFile(await buildReport(request));
const count = (page: string, text: string | RegExp) => page.split(text).length - 1;

/** What a page says, a line a piece. */
const textOf = (page: string) =>
  page.replace(/<style>[^]*?<\/style>/, "").split(/<[^>]+>/).map((piece) => piece.trim()).filter(Boolean)
    .join("\n");

Deno.test("a report of nothing says what is missing", (context) =>
  inProject(async () => {
    const page = await pageOf();
    await assertSnapshot(context, textOf(page));
    assertFacts(
      page,
      "cache/toy/dataset.json",
      "generate_pseudogt",
      "output/toy/samples.png",
      "checkpoints_gan/toy",
    );
    assertFacts(page, "1 min 05 s", "wasm &lt;test&gt;");
  }));

Deno.test("a report of photographs alone, and with hypotheses", () =>
  inProject(async () => {
    const dataset = await makePhotographs();
    assertFacts(await pageOf(), "pose_step1", "pose_step2");
    await makePoses(dataset);
    await Deno.remove(`${cacheFolder(NAME)}/poses_estimated_singletpl.safetensors`);
    const page = await pageOf();
    assertEquals(count(page, "not chosen yet"), 3);
    assertFacts(page, "pose_step2");
    assert(!page.includes("pose_step1"));
    await Deno.writeTextFile(hypothesesFile(NAME, "singletpl"), "damaged");
    assertFacts(await pageOf(), hypothesesFile(NAME, "singletpl"));
  }));

Deno.test("a whole report holds all sections in one file that loads and runs nothing", () =>
  inProject(async () => {
    await useBackend({ backend: "wasm" });
    const dataset = await makePhotographs();
    await makePoses(dataset);
    await makeReconstruction();
    await makeGenerated(dataset);
    const done: number[] = [];
    const path = await buildReport(REQUEST, { onProgress: (progress) => done.push(progress.done) });
    assertEquals(path, "output/toy/report.html");
    assertEquals(done, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const page = await Deno.readTextFile(path);
    assertStringIncludes(page, "default-src 'none'");
    for (const outside of ["<script", "http:", "<link"]) assert(!page.includes(outside), outside);
    assertEquals(page.match(/https:\/\/[^"]*/g), null);
    assertEquals(count(page, /src="(?!data:image\/webp;base64,)/), 0);
    assertEquals(count(page, "<img "), 1 + 3 + 3 + 3 + 1 + 1); // sheet, poses, reconstructions, textures, sheet, mesh
    assertEquals(count(page, `<span class="kept">kept</span>`), 2);
    assertEquals(count(page, ", not trained on"), 1);
    assertFacts(page, LEFT_OUT_REASONS.unknown, "checkpoints_recon/toy", "mean IoU");
    assertStringIncludes(page, "<dt>angle error</dt><dd>0.0°</dd>");
    assertStringIncludes(page, "<dt>seen</dt><dd>25 %</dd>");
    assertMatch(page, /distance\/combined[^.<]* 12\.50 [^.<]*\b3\./);
    assertEquals(await pageOf(), page, "the same inputs give the same page");
    const few = await pageOf({ ...REQUEST, mostImages: 1 });
    assertEquals(count(few, "<img "), 1 + 1 + 1 + 1 + 1 + 1);
    assertFacts(few, "1 of 3");
  }));

slowTest(
  "reconstructions are shown refined where they are, and as predicted on request",
  () =>
    inProject(async () => {
      await useBackend({ backend: "wasm" });
      await makePoses(await makePhotographs());
      await runRefine({ dataset: NAME, mode: "singletpl", textureResolution: 256, rounds: 0, workers: 0 });
      const page = await pageOf();
      assertFacts(page, REFINEMENT_WORDS.full);
      assert(!page.includes("as predicted") && !page.includes("not trained on<"));
      await makeReconstruction();
      assertFacts(await pageOf(), REFINEMENT_WORDS.none);
      await runRefine({ dataset: NAME, mode: "singletpl", name: NAME, textureResolution: 256, workers: 0 });
      const refined = await pageOf();
      assertFacts(refined, REFINEMENT_WORDS.full);
      assertEquals(count(refined, ", as predicted"), 1, "the photograph that step 2 left out");
      assertFacts(await pageOf({ ...REQUEST, refine: "none" }), REFINEMENT_WORDS.none);
    }),
);

Deno.test("the table of the choice tells why a photograph was left out; one of other poses is not believed", () =>
  inProject(async () => {
    const choice = await makePoses(await makePhotographs());
    await writePoseChoice(poseChoiceFile(NAME, "singletpl"), choice);
    const page = await pageOf();
    assertFacts(page, `${LEFT_OUT_REASONS.score}<`);
    assert(!page.includes(LEFT_OUT_REASONS.unknown));
    assertStringIncludes(page, "<dt>disagreement</dt><dd>0.020</dd>");
    await writePoseChoice(poseChoiceFile(NAME, "singletpl"), { ...choice, kept: Int32Array.of(0, 1) });
    assertFacts(await pageOf(), LEFT_OUT_REASONS.unknown);
  }));

Deno.test("a report can be stopped", () =>
  inProject(async () => {
    const signal = AbortSignal.abort();
    await assertRejects(() => buildReport(REQUEST, { signal }), StoppedError);
  }));
