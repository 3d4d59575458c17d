/**
 * The case of pose step 2: selection, semantic template, scores, choice and discard rule.
 *
 * @module
 */
import { resolveOptions } from "../../lib/core/option.ts";
import { CHOOSE_OPTIONS } from "../../lib/pose/choose_options.ts";
import type { Dataset, SampleRecord } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import type { Hypotheses } from "../../lib/pose/files.ts";
import { rotationDisagreement } from "../../lib/metrics/rotation_disagreement.ts";
import { createRunner } from "../../lib/pose/parts_task.ts";
import { chooseImages } from "../../lib/pose/choose.ts";
import { observe, poseOf } from "../../lib/pose/observe_image.ts";
import { selectImages } from "../../lib/pose/semantics.ts";
import { sideViewScore } from "../../lib/pose/side_view.ts";
import { choosePoses } from "../../lib/pose/step2.ts";
import type { Template } from "../../lib/templates/template_file.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

const SCORES = { absolute: 1e-5 }, PARTS = { absolute: 1e-4 };

/** The whole of step 2 on 12 images of 6 hypotheses. */
export async function step2Case(data: CaseData): Promise<Check[]> {
  const dataset = datasetOf(data), hypotheses = hypothesesOf(data, dataset);
  const templates = [templateOf(data)];
  const [N, H] = data.shape("iou"), imageResolution = data.shape("mask")[1];
  const options = resolveOptions(CHOOSE_OPTIONS, { imageResolution, workers: 0 });
  const choice = await choosePoses(dataset, templates, hypotheses, options);
  const selected = selectImages(hypotheses, options.vAgrThreshold);
  const job = { dataset, templates, hypotheses, options, before: null, callbacks: {} };
  const collect = createRunner({
    faces: sphereTopology().faces,
    templates: [templates[0].vertices],
    imageResolution,
  });
  const accumulated = new Float64Array(data.floats("semantic_accumulator").length); // [V, C]
  for (const { image, hypothesis } of selected) {
    const { parts } = await observe(job, image);
    const { sums } = collect({ kind: "collect", pose: poseOf(hypotheses, image, hypothesis), parts });
    sums.forEach((value, i) => accumulated[i] += value);
  }
  const byIou = chooseImages(
    { scores: hypotheses.iou, iou: hypotheses.iou, rotation: hypotheses.rotation, H },
    options,
  );
  const kept = Array.from({ length: N }, (_, i) => choice.kept.includes(i) ? 1 : 0);
  const rows = Array.from({ length: N }, (_, i) => i);
  return [
    close(
      "complementary_score",
      rows.flatMap((i) =>
        Array.from(
          { length: H },
          (_, h) => sideViewScore(hypotheses.rotation.subarray(4 * (i * H + h), 4 * (i * H + h) + 4)),
        )
      ),
      data.floats("complementary_score"),
      SCORES,
    ),
    close("v_agr_iou", byIou.disagreement, data.floats("v_agr_iou"), SCORES),
    same("images_used", selected.map(({ image }) => image), data.ints("images_used_for_template")),
    close("semantic_accumulator", accumulated, data.floats("semantic_accumulator"), { ofLargest: 1e-4 }),
    close("semantic_template", choice.semantics!.probabilities, data.floats("semantic_template"), PARTS),
    close("iou", choice.iou, data.floats("iou"), { absolute: 1e-3 }),
    close("miou", choice.miou, data.floats("miou"), PARTS),
    close(
      "v_agr_miou",
      rows.map((i) =>
        rotationDisagreement(
          choice.scores.subarray(i * H, (i + 1) * H),
          hypotheses.rotation.subarray(4 * i * H, 4 * (i + 1) * H),
        )
      ),
      data.floats("v_agr_miou"),
      { absolute: 1e-3 },
    ),
    same("best", choice.best, data.ints("best_proposal_indices")),
    close("thresh_miou", [choice.threshold ?? NaN], [data.number("thresh_miou")], PARTS),
    same("valid", kept, data.ints("valid")),
  ];
}

function hypothesesOf(data: CaseData, { records }: Dataset): Hypotheses {
  const floats = (name: string) => Float32Array.from(data.floats(name));
  const [N, H] = data.shape("step1_iou");
  return {
    N,
    H,
    T: 1,
    rotation: floats("R"),
    scale: floats("s"),
    translation: floats("t"),
    perspective: floats("z0"),
    weights: new Float32Array(N * H).fill(1),
    iou: floats("step1_iou"),
    ids: records.map(({ id }) => id),
  };
}

function templateOf(data: CaseData): Template {
  return {
    name: "car",
    category: "car",
    vertices: Float32Array.from(data.floats("template_vertices")),
    partLabels: new Uint8Array(data.shape("template_vertices")[0]),
    partNames: [],
  };
}

/** The case's images: masks and part maps, no colours. */
function datasetOf(data: CaseData): Dataset {
  const masks = data.rows("mask"), truths = data.rows("true_q");
  const parts = data.images("segmentation_32nds", 1 / 32);
  const side = data.shape("mask")[1];
  const records = masks.map((_, i): SampleRecord => ({
    id: `car_${i}`,
    imagePath: "",
    maskPath: null,
    maskRuns: null,
    partsPath: null,
    classIndex: 0,
    width: side,
    height: side,
    box: [0, 0, side - 1, side - 1],
    truePose: { rotation: truths[i], scale: NaN, translation: [NaN, NaN], perspective: NaN },
  }));
  return {
    name: "step2_car",
    category: "car",
    classNames: ["car"],
    partNames: Array.from({ length: parts[0].channels - 2 }, (_, p) => `part${p + 1}`),
    length: masks.length,
    records,
    sample: (i) =>
      Promise.resolve({
        id: records[i].id,
        classIndex: 0,
        image: { data: new Float32Array(3 * side * side), height: side, width: side, channels: 3 },
        mask: { data: Float32Array.from(masks[i]), height: side, width: side, channels: 1 },
        parts: parts[i],
        crop: { x: 0, y: 0, size: side },
        truePose: records[i].truePose,
      }),
  };
}
