import { type PoseCorrection, writePoseCorrections } from "../../lib/pose/pose_corrections.ts";
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { correctionsFile, poseChoiceFile, posesFile } from "../../lib/core/paths.ts";
import { azimuthDegrees, azimuthError } from "../../lib/metrics/azimuth_error.ts";
import { checkDataset, checkPhotographs } from "../../lib/pipeline/check_data.ts";
import type { PipelineRequest } from "../../lib/pipeline/pipeline_request.ts";
import { stagesOf } from "../../lib/pipeline/pipeline_stages.ts";
import { PIPELINE_SIZES } from "../../lib/pipeline/sizes.ts";
import { viewerHandler } from "../../viewer/server/server.ts";
import { ViewerPoses } from "../../viewer/server/poses.ts";
import { readPoseChoice } from "../../lib/pose/choice_file.ts";
import { readPoseEstimates } from "../../lib/pose/files.ts";
import { turnPose } from "../../viewer/hand_pose.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { choosePosed, makePosedDataset, PHOTOGRAPHS, POSED } from "./_posed_dataset.ts";

/** Settings of the pipeline's pose step 2. */
async function step2Settings(): Promise<string> {
  const request = {
    ...{ name: POSED.dataset, category: "car", mode: POSED.mode, seed: 1, workers: 0 },
    ...{ backend: { name: "cpu" }, sizes: PIPELINE_SIZES.demo },
  } as unknown as PipelineRequest;
  return JSON.stringify((await stagesOf(request, 5)).find(({ name }) => name === "pose_step2")!.settings);
}

Deno.test("what a person says about poses is kept in a file that step 2, the pipeline and check_data honour", () =>
  inProject(async () => {
    const before = await makePosedDataset(5), settings = await step2Settings();
    assertEquals(before.kept.length, 5);
    const { dataset, mode } = POSED, poses = await ViewerPoses.open(dataset, mode);
    const { photographs, templates } = poses.list();
    assertEquals(photographs.length, 5);
    const [first, second] = photographs,
      [{ pose }] = poses.posesOf(second.id),
      turned = turnPose(pose, Math.PI, 0);
    await poses.correct(first.id, JSON.stringify({ kind: "exclude" }));
    await poses.correct(second.id, JSON.stringify({ kind: "pose", ...turned, template: templates[0].name }));
    await assertRejectsWith(
      () => poses.correct(second.id, '{"kind":"pose"}'),
      UserError,
      second.id,
      "rotation",
    );
    await assertRejectsWith(() => poses.correct("nobody", null), UserError, "nobody", dataset);
    assertEquals(poses.list().photographs.slice(-2).map(({ id }) => id).sort(), [first.id, second.id].sort());
    assert(settings !== await step2Settings(), "the pipeline would skip step 2");

    await Deno.mkdir("site");
    const handler = await viewerHandler("site", { poses });
    const send = (origin: string, method: string, address: string, body?: string) =>
      handler(new Request(`http://127.0.0.1/api/poses${address}`, { method, body, headers: { origin } }));
    const own = "http://127.0.0.1", exclude = JSON.stringify({ kind: "exclude" });
    const statuses = [
      await send("http://example.com", "PUT", `/${second.id}/correction`, exclude),
      await send(own, "PUT", `/${second.id}/correction`, "{}"),
      await send(own, "PUT", "/nobody/correction", exclude),
      await send(own, "POST", `/${second.id}/correction`, exclude),
      await send(own, "GET", `/${second.id}/photograph`),
      await send(own, "GET", "/../correction"),
    ].map(({ status }) => status);
    assertEquals(statuses, [403, 422, 422, 405, 200, 404]);

    const told: string[] = [];
    await choosePosed((sentence) => told.push(sentence));
    assertFacts(told.join("\n"), "1 pose", "1 photograph");
    const kept = await readPoseEstimates(posesFile(dataset, mode));
    assertEquals(kept.ids.includes(first.id), false);
    const row = kept.ids.indexOf(second.id), rotation = kept.rotation.subarray(4 * row, 4 * row + 4);
    assert(azimuthError(azimuthDegrees(rotation), azimuthDegrees(turned.rotation)) < 1e-3);
    assertAlmostEquals(kept.scale[row], pose.scale, 1e-6);
    const { corrected, ids } = await readPoseChoice(poseChoiceFile(dataset, mode));
    assertEquals(ids.map((id, i) => [id, corrected[i]]).filter(([, mark]) => mark), [
      ...ids.flatMap((id) => id === first.id ? [[id, 2]] : id === second.id ? [[id, 1]] : []),
    ]);

    const sheet = { name: dataset, category: "car", sheet: "sheet.png" };
    for (const { facts } of [await checkDataset(sheet), await checkPhotographs(PHOTOGRAPHS, sheet)]) {
      const line = facts.find(([name]) => name === "corrections");
      assertFacts(line![1], "1 pose", "1 photograph", correctionsFile(dataset));
    }
    await poses.correct(first.id, null);
    await choosePosed();
    assert((await readPoseEstimates(posesFile(dataset, mode))).ids.includes(first.id));
    await writePoseCorrections(correctionsFile(dataset), {
      [second.id]: { kind: "pose", ...turned, template: "pickup" } as PoseCorrection,
    });
    await choosePosed((sentence) => told.push(sentence));
    assertFacts(told.at(-1)!, "'mode: singletpl'", "pickup");
    await Deno.writeTextFile(
      correctionsFile(dataset),
      JSON.stringify({ version: 1, corrections: { gone: { kind: "exclude" } } }),
    );
    assertFacts(
      (await checkDataset(sheet)).warnings.join("\n"),
      correctionsFile(dataset),
      "1 photographs",
      "gone",
    );
    await Deno.writeTextFile(correctionsFile(dataset), "{");
    await assertRejectsWith(() => choosePosed(), UserError, correctionsFile(dataset), "JSON");
  }));
