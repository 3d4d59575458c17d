import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { readPoseChoice, writePoseChoice } from "../../lib/pose/choice_file.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { trueChoice } from "../report/_experiment.ts";
import { inProject } from "../helpers/temporary_folder.ts";

const HYPOTHESES = {
  N: 3,
  H: 2,
  T: 1,
  rotation: Float32Array.from({ length: 24 }, (_, i) => i),
  scale: Float32Array.from({ length: 6 }, (_, i) => i),
  translation: Float32Array.from({ length: 12 }, (_, i) => i),
  perspective: new Float32Array(6),
  weights: new Float32Array(6).fill(1),
  iou: Float32Array.of(0.9, 0.1, 0.8, 0.1, 0.7, 0.1),
  ids: ["a", "b", "c"],
};

Deno.test("the table of the choice comes back from its file", () =>
  inProject(async () => {
    await writePoseChoice("choice.safetensors", trueChoice(HYPOTHESES));
    const table = await readPoseChoice("choice.safetensors");
    assertEquals(table.ids, ["a", "b", "c"]);
    assertEquals([...table.kept], [1, 0, 1]);
    assertEquals([...table.score], [...Float32Array.of(0.6, 0.2, 0.55)]);
    assertEquals([...table.rotation.subarray(4, 8)], [8, 9, 10, 11]);
    assertEquals([table.rule, table.threshold], ["agreement and score", 0.25]);
  }));

Deno.test("a file of something else is refused", () =>
  inProject(async () => {
    const path = "other.safetensors";
    await writeSafetensors(path, { scale: { data: new Float32Array(1), shape: [1] } });
    await assertRejectsWith(() => readPoseChoice(path), UserError, path);
    const choice = JSON.stringify({ ids: ["a"], rule: "all", threshold: null });
    await writeSafetensors(path, { scale: { data: new Float32Array(1), shape: [1] } }, { choice });
    await assertRejectsWith(() => readPoseChoice(path), UserError, path, '"rotation"', "float32 [1, 4]");
  }));
