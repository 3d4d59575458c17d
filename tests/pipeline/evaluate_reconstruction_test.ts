import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { evaluationLines, evaluationSets } from "../../cli/reconstruction_evaluation.ts";
import type { ReconstructionEvaluation } from "../../lib/pipeline/evaluate_reconstruction.ts";
import { evaluateReconstruction } from "../../scripts/evaluate_reconstruction.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { slowTest } from "../helpers/slow_test.ts";

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
    picture: "output/run/evaluation.png",
  };
  const lines = evaluationLines(evaluation);
  assertStringIncludes(
    lines[0],
    "2400 iterations, 12.3 min of training; 3 models in training, 1 in the test (d)",
  );
  assertEquals(lines[1], "IoU, 20 test photographs  0.840  ≥ 0.85  short");
  assert(lines.includes("PSNR inside the mask, dB  14.000  -  ok"));
  assert(!lines.some((line) => line.includes("template")));
  const synthetic = { ...evaluation, dataset: "evaluate_reconstruction_synthetic", trainingMinutes: null };
  assertEquals(evaluationLines(synthetic)[1], "IoU, 20 test photographs  0.840  ≥ 0.9  short");
  assert(!evaluationLines(synthetic)[0].includes("min of training"));
});

Deno.test("without --data the rendered cars are taken where they are, and the synthetic set", async () => {
  const before = Deno.env.get("TEXMESH_DATA");
  Deno.env.set("TEXMESH_DATA", "/nowhere");
  try {
    const told: string[] = [];
    assertEquals(await evaluationSets(["auto"], null, (text) => told.push(text)), ["synthetic"]);
    assertStringIncludes(told[0], "there is no /nowhere/renders/car");
    assertEquals(await evaluationSets(["a", "synthetic"], null), ["a", "synthetic"]);
    const error = await evaluationSets(["auto"], "run").catch((error) => error);
    assertStringIncludes(error.message, "--data is needed with --name");
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
      assertStringIncludes(first.output, "min of training; 4 models in training, 2 in the test");
      const [evaluation] = JSON.parse(await Deno.readTextFile("output/e.json"));
      assert(evaluation.test.iou > 0 && evaluation.test.iou < 1 && evaluation.template.iou > 0.8);
      assert((await Deno.stat(evaluation.picture)).size > 1000);
      const run = "evaluate_reconstruction_synthetic_12";
      const again = await call(evaluateReconstruction, ...`${line} --name ${run}`.split(" "));
      assertEquals(again.code, 0, again.messages);
      assertEquals(again.output.split("\n").slice(1), first.output.split("\n").slice(1)); // but for the minutes
      const few = await call(
        evaluateReconstruction,
        ..."--data synthetic --limit 2 --num_workers 0".split(" "),
      );
      assertEquals(few.code, 1);
      assertStringIncludes(few.messages, "leave none to test with; take more pictures");
      const unknown = await call(evaluateReconstruction, "--name", "nobody");
      assertStringIncludes(unknown.messages, 'There is no run "nobody"');
    }),
);
