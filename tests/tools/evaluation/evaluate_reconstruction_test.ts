import { assert, assertEquals, assertMatch } from "@std/assert";
import { UsageError } from "../../../lib/core/errors.ts";
import { evaluationLines, evaluationSets } from "../../../cli/reconstruction_evaluation.ts";
import type { ReconstructionEvaluation } from "../../../tools/evaluation/evaluate_reconstruction.ts";
import type { ViewResult } from "../../../tools/evaluation/measure_methods.ts";
import { evaluateReconstruction } from "../../../scripts/evaluate_reconstruction.ts";
import { inWorkplace } from "../../e2e/_workplace.ts";
import { assertFacts, assertRejectsWith } from "../../helpers/assert_facts.ts";
import { slowTest } from "../../helpers/slow_test.ts";

const none = { count: 0, iou: null, psnr: null, chamfer: null };

Deno.test("figures are told with their bounds, and what is not known is left out", () => {
  const evaluation: ReconstructionEvaluation = {
    dataset: "evaluate_reconstruction_car",
    run: "run",
    iterations: 2400,
    trainingMinutes: 12.34,
    trainingModels: ["a", "b", "c"],
    testModels: ["d"],
    test: { count: 20, iou: 0.84, psnr: 14, chamfer: 0.05 },
    testAll: { count: 24, iou: 0.83, psnr: 13, chamfer: 0.06 },
    training: { count: 60, iou: 0.9, psnr: 16, chamfer: 0.04 },
    template: none,
    perModel: { d: { count: 20, iou: 0.84, psnr: null, chamfer: null } },
    views: [],
    image: "output/run/evaluation.png",
  };
  const lines = evaluationLines(evaluation);
  assertFacts(lines[0], "2400 iterations", "12.3 min", 3, 1, "d");
  assertEquals(lines[1], "IoU, 20 test photographs  0.840  ≥ 0.85  short");
  assert(lines.includes("PSNR inside the mask, dB  14.000  -  ok"));
  assert(!lines.some((line) => line.includes("template")));
  const synthetic = { ...evaluation, dataset: "evaluate_reconstruction_synthetic", trainingMinutes: null };
  assertEquals(evaluationLines(synthetic)[1], "IoU, 20 test photographs  0.840  ≥ 0.9  short");
  assert(!/\bmin\b/.test(evaluationLines(synthetic)[0]));
});

Deno.test("figures of views are told, and only refined objects of rendered cars are held to bounds", () => {
  const own = { count: 2, iou: 0.97, psnr: 28, ssim: null, lp: 0.1 };
  const novel = { count: 9, iou: 0.9, psnr: 16.5, ssim: 0.4, lp: 0.7 };
  const views: ViewResult[] = (["network", "refined"] as const).flatMap((method) =>
    (["true", "own"] as const).map((poses) => ({ method, poses, own, novel }))
  );
  const evaluation: ReconstructionEvaluation = {
    ...{ dataset: "evaluate_reconstruction_car", run: "run", iterations: 1, trainingMinutes: null },
    ...{ trainingModels: [], testModels: [], test: none, testAll: none, training: none, template: none },
    ...{ perModel: {}, views, image: "" },
  };
  const lines = evaluationLines(evaluation);
  assert(lines.includes("network, true poses, own view, 2: hard IoU  0.970  -  ok"));
  assert(lines.includes("refined, true poses, own view, 2: hard IoU  0.970  ≥ 0.975  short"));
  assert(lines.includes("refined, true poses, novel views, 9: LP  0.700  ≤ 0.68  short"));
  assert(lines.includes("refined, own poses, novel views, 9: LP  0.700  ≤ 0.92  ok"));
  assert(lines.includes("refined, own poses, novel views, 9: PSNR, dB  16.500  ≥ 16.5  ok")); // the network's
  const synthetic = evaluationLines({ ...evaluation, dataset: "evaluate_reconstruction_synthetic" });
  assert(synthetic.includes("refined, true poses, own view, 2: hard IoU  0.970  -  ok"));
});

Deno.test("without --data the rendered cars are taken where they are, and the synthetic set", async () => {
  const before = Deno.env.get("TEXMESH_DATA");
  Deno.env.set("TEXMESH_DATA", "/nowhere");
  try {
    const told: string[] = [];
    assertEquals(await evaluationSets(["auto"], null, (text) => told.push(text)), ["synthetic"]);
    assertFacts(told[0], "/nowhere/renders/car", "TEXMESH_DATA");
    assertEquals(await evaluationSets(["a", "synthetic"], null), ["a", "synthetic"]);
    await assertRejectsWith(() => evaluationSets(["auto"], "run"), UsageError, "--data", "--name");
  } finally {
    if (before === undefined) Deno.env.delete("TEXMESH_DATA");
    else Deno.env.set("TEXMESH_DATA", before);
  }
});

slowTest(
  "the evaluation trains on some models and tests with others, and tests a run that is there",
  () =>
    inWorkplace(async ({ call, backend, env }) => {
      for (const [name, value] of Object.entries(env)) Deno.env.set(name, value); // where the native library is
      const line =
        `--data synthetic --limit 12 --iters 4 --batch_size 4 --num_workers 2 --backend ${backend}`;
      const first = await call(evaluateReconstruction, ...`${line} --json output/e.json`.split(" "));
      assertEquals(first.code, 0, first.messages);
      assertMatch(first.output, /\bmin\b.*\b4\b.*\b2\b/);
      const [evaluation] = JSON.parse(await Deno.readTextFile("output/e.json"));
      assert(evaluation.test.iou > 0 && evaluation.test.iou < 1 && evaluation.template.iou > 0.8);
      assert((await Deno.stat(evaluation.image)).size > 1000);
      const views: ViewResult[] = evaluation.views;
      const methods = ["template", "network", "refined mean shape", "refined"];
      assertEquals(
        views.map(({ method, poses }) => `${method}, ${poses}`),
        ["true", "own"].flatMap((poses) => methods.map((method) => `${method}, ${poses}`)),
      );
      assert(views.every(({ novel }) => novel.iou! > 0.5));
      for (const poses of ["true", "own"]) {
        const [, network, meanShape, refined] = views.filter((view) => view.poses === poses).map(({ own }) =>
          own
        );
        assert(network.lp! > 0.3 && meanShape.lp! < 0.3 && refined.lp! < 0.3);
        assert(meanShape.iou! > 0.95, `${meanShape.iou}`);
        assert(refined.iou! > network.iou!, `${refined.iou} beside ${network.iou} of hardly any training`);
      }
      const run = "evaluate_reconstruction_synthetic_12";
      const again = await call(evaluateReconstruction, ...`${line} --name ${run}`.split(" "));
      assertEquals(again.code, 0, again.messages);
      assertEquals(again.output.split("\n").slice(1), first.output.split("\n").slice(1)); // but for the minutes
      const few = await call(
        evaluateReconstruction,
        ..."--data synthetic --limit 2 --num_workers 0".split(" "),
      );
      assertEquals(few.code, 1);
      assertFacts(few.messages, "synthetic", 2);
      const unknown = await call(evaluateReconstruction, "--name", "nobody");
      assertFacts(unknown.messages, '"nobody"');
    }),
);
