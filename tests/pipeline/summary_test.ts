import { assert, assertEquals } from "@std/assert";
import type { PipelineResult } from "../../lib/pipeline/pipeline.ts";
import type { PipelineRequest } from "../../lib/pipeline/pipeline_request.ts";
import { PIPELINE_SIZES } from "../../lib/pipeline/sizes.ts";
import { summarise, summaryRows } from "../../lib/pipeline/summary.ts";

const BACKEND = { name: "wasm", sentence: "Backend: wasm (one thread)." } as const;
const REQUEST: PipelineRequest = {
  name: "run",
  images: "photos",
  category: "bird",
  mode: "singletpl",
  sizes: PIPELINE_SIZES.small,
  limit: 0,
  seed: 7,
  skipInvalid: false,
  workers: null,
  backend: BACKEND,
};

/** Every key of version 2: programs read them, so a change of this list is a new version. */
const KEYS = [
  "version",
  "name",
  "category",
  "preset",
  "seed",
  "backend",
  "images.found",
  "images.used",
  "poses.kept",
  "poses.recall",
  "poses.mean_iou",
  "poses.median_degrees",
  "poses.geodesic_distance",
  "poses.share_under_10_degrees",
  "poses.share_over_90_degrees",
  "refinement.meshes",
  "refinement.iou",
  "refinement.folder",
  "trained",
  "reconstruction.iterations",
  "reconstruction.iou",
  "gan.iterations",
  "gan.distance_name",
  "gan.distance",
  "gan.distance_texture_only",
  "gan.distance_mesh_only",
  "gan.kernel_distance",
  "exports.meshes",
  "exports.folder",
  "stages",
  "seconds",
];

/** Paths of all leaves of an object, dots between keys; lists are leaves. */
export function leafPaths(value: object, prefix = ""): string[] {
  return Object.entries(value).flatMap(([key, inner]) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? leafPaths(inner, `${prefix}${key}.`)
      : [`${prefix}${key}`]
  );
}

function stage(name: string, result: Record<string, number | string | null>, seconds = 1.26) {
  return { name, seconds, skipped: false, result };
}

function resultOf(stages: PipelineResult["stages"]): PipelineResult {
  return { stages, figures: Object.fromEntries(stages.map(({ name, result }) => [name, result])) };
}

Deno.test("the summary has the same keys, whatever the stages came to", () => {
  const full = resultOf([
    stage("import", { found: 12, used: 10, notes: 0 }),
    stage("pose_step2", { kept: 9, recall: 0.9, meanIou: 0.8, medianDegrees: 5, geodesicDistance: 0.1 }),
    stage("evaluate", {
      label: "feature distance",
      distance: 50,
      textureOnly: 40,
      meshOnly: 30,
      kernel: 0.1,
    }),
    stage("export", { meshes: 16, folder: "output/run" }),
  ]);
  for (const result of [full, resultOf([])]) {
    const summary = summarise(REQUEST, result);
    assertEquals(leafPaths(summary), KEYS);
    assertEquals(summary.version, 2);
    assertEquals(JSON.parse(JSON.stringify(summary)), summary); // nothing that JSON drops
  }
  const { images, poses, gan, exports, stages, seconds } = summarise(REQUEST, full);
  assertEquals(images, { found: 12, used: 10 });
  assertEquals([poses.kept, poses.mean_iou, poses.share_under_10_degrees], [9, 0.8, null]);
  assertEquals([gan.distance, gan.distance_name, gan.iterations], [50, "feature distance", null]);
  assertEquals(exports, { meshes: 16, folder: "output/run" });
  assertEquals([stages[0], seconds], [{ name: "import", seconds: 1.3 }, 5]);
});

Deno.test("docs/reference/summary.md names exactly these keys", async () => {
  const page = await Deno.readTextFile(new URL("../../docs/reference/summary.md", import.meta.url));
  const rows = page.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) => [...row.split("|")[1].matchAll(/`([^`]+)`/g)].map(([, key]) => key));
  assertEquals(named.map((key) => key.replace(/\[\].*/, "")), [
    ...KEYS.slice(0, -2),
    "stages",
    "stages",
    "seconds",
  ]);
});

Deno.test("the closing table tells what is not known, and has no pose errors without a truth", () => {
  const stages = [
    stage("import", { found: 12, used: 10, notes: 0 }),
    stage("pose_step2", { kept: 9, recall: 0.9, medianDegrees: null }),
    stage("refine", { meshes: 9, iou: 0.97, folder: "output/run/reconstructions" }),
    stage("reconstruct", {}),
    stage("export", { meshes: 16, folder: "output/run" }),
  ];
  const rows = summaryRows(summarise(REQUEST, resultOf(stages)), BACKEND);
  assert(rows.every(([label, value]) => label !== "" && !/null|undefined|NaN/.test(value)), `${rows}`);
  assertEquals(rows[0], ["photographs", "10 used of 12"]);
  assertEquals(rows.find(([label]) => label === "reconstruction IoU")?.[1], "not known");
  assert(!rows.some(([label]) => label.startsWith("pose error")));
  const valueOf = (label: string, of = rows) => of.find(([name]) => name === label)?.[1];
  assertEquals(valueOf("refined meshes"), "9 in output/run/reconstructions, IoU 0.970");
  const few = summaryRows(summarise(REQUEST, resultOf(stages.slice(0, 3))), BACKEND);
  assertEquals(valueOf("networks"), undefined);
  assertEquals(valueOf("networks", few), "not trained, as photographs are few; pipeline --train trains them");
  assert(!few.some(([label]) => label === "exported meshes"));
  assertEquals(rows.at(-1), ["backend", "wasm (one thread)."]);
  const known = [
    ...stages,
    stage("pose_step2", { kept: 9, recall: 0.9, medianDegrees: 3, under10: 1, flips: 0 }),
  ];
  const errors = summaryRows(summarise(REQUEST, resultOf(known)), BACKEND)
    .filter(([label]) => label.startsWith("pose error"));
  assertEquals(errors.map(([, value]) => value), ["3.0°", "100 % / 0 %"]);
});
