/**
 * The summary of a pipeline: the closing table, and `summary.json` with the same figures under fixed keys.
 *
 * @module
 */
import type { ActiveBackend } from "../backend/select_backend.ts";
import { formatDuration } from "../report/stage_section.ts";
import type { PipelineResult } from "./pipeline.ts";
import type { PipelineRequest } from "./pipeline_request.ts";

/** A figure, or null where it cannot be known (such as a pose error without true poses). */
export type Figure = number | null;

/** Content of `summary.json`. The keys are documented in docs/reference/summary.md and do not change within a version. */
export interface Summary {
  /** Version of these keys. */
  readonly version: 2;
  /** Name of the run. */
  readonly name: string;
  /** Category of the objects. */
  readonly category: string;
  /** Sizes of the networks. */
  readonly preset: string;
  /** Seed of all randomness. */
  readonly seed: number;
  /** Backend that computed the networks. */
  readonly backend: string;
  /** Photographs in the folder, and those that were used. */
  readonly images: { readonly found: Figure; readonly used: Figure };
  /** Poses that were kept, and their errors against the truth. */
  readonly poses: {
    readonly kept: Figure;
    readonly recall: Figure;
    readonly mean_iou: Figure;
    readonly median_degrees: Figure;
    readonly geodesic_distance: Figure;
    readonly share_under_10_degrees: Figure;
    readonly share_over_90_degrees: Figure;
  };
  /** Refined objects of the posed photographs: their meshes, and the IoU of the meshes with the masks. */
  readonly refinement: { readonly meshes: Figure; readonly iou: Figure; readonly folder: string };
  /** Whether networks were trained. */
  readonly trained: boolean;
  /** Training of the reconstruction, and the IoU of its silhouettes with the masks. */
  readonly reconstruction: { readonly iterations: Figure; readonly iou: Figure };
  /** Training of the GAN, and its FID or FD to the real images. */
  readonly gan: {
    readonly iterations: Figure;
    readonly distance_name: string;
    readonly distance: Figure;
    readonly distance_texture_only: Figure;
    readonly distance_mesh_only: Figure;
    readonly kernel_distance: Figure;
  };
  /** Exported meshes. */
  readonly exports: { readonly meshes: Figure; readonly folder: string };
  /** Seconds of each stage. */
  readonly stages: readonly { readonly name: string; readonly seconds: number }[];
  /** Seconds of all stages. */
  readonly seconds: number;
}

/** Puts the figures of a pipeline under the summary's keys. */
export function summarise(request: PipelineRequest, { figures, stages }: PipelineResult): Summary {
  const number = (stage: string, key: string): Figure => {
    const value = figures[stage]?.[key];
    return typeof value === "number" ? value : null;
  };
  const text = (stage: string, key: string): string => String(figures[stage]?.[key] ?? "");
  return {
    version: 2,
    name: request.name,
    category: request.category,
    preset: request.sizes.preset,
    seed: request.seed,
    backend: request.backend.name,
    images: { found: number("import", "found"), used: number("import", "used") },
    poses: {
      kept: number("pose_step2", "kept"),
      recall: number("pose_step2", "recall"),
      mean_iou: number("pose_step2", "meanIou"),
      median_degrees: number("pose_step2", "medianDegrees"),
      geodesic_distance: number("pose_step2", "geodesicDistance"),
      share_under_10_degrees: number("pose_step2", "under10"),
      share_over_90_degrees: number("pose_step2", "flips"),
    },
    refinement: {
      meshes: number("refine", "meshes"),
      iou: number("refine", "iou"),
      folder: text("refine", "folder"),
    },
    trained: "reconstruct" in figures,
    reconstruction: { iterations: number("reconstruct", "iterations"), iou: number("reconstruct", "iou") },
    gan: {
      iterations: number("train_gan", "iterations"),
      distance_name: text("evaluate", "label"),
      distance: number("evaluate", "distance"),
      distance_texture_only: number("evaluate", "textureOnly"),
      distance_mesh_only: number("evaluate", "meshOnly"),
      kernel_distance: number("evaluate", "kernel"),
    },
    exports: { meshes: number("export", "meshes"), folder: text("export", "folder") },
    stages: stages.map(({ name, seconds }) => ({ name, seconds: Math.round(seconds * 10) / 10 })),
    seconds: Math.round(stages.reduce((sum, { seconds }) => sum + seconds, 0) * 10) / 10,
  };
}

/** The closing table: label and value; pose errors only where there is a truth. */
export function summaryRows(summary: Summary, backend: ActiveBackend): [string, string][] {
  const { images, poses, refinement, trained, reconstruction, gan, exports } = summary;
  const fixed = (value: Figure, digits: number) => value === null ? "not known" : value.toFixed(digits);
  const share = (value: Figure) => value === null ? "not known" : `${(100 * value).toFixed(0)} %`;
  const untrainedRows: [string, string][] = [
    ["networks", "not trained, as photographs are few; pipeline --train trains them"],
  ];
  const networkRows: [string, string][] = [
    ["reconstruction IoU", fixed(reconstruction.iou, 3)],
    [gan.distance_name || "feature distance", fixed(gan.distance, 2)],
    [
      "the same, texture only / mesh only",
      `${fixed(gan.distance_texture_only, 2)} / ${fixed(gan.distance_mesh_only, 2)}`,
    ],
    ["exported meshes", `${exports.meshes} in ${exports.folder}`],
  ];
  return [
    ["photographs", `${images.used} used of ${images.found}`],
    ["poses kept", `${poses.kept} (${share(poses.recall)})`],
    ["pose IoU (template)", fixed(poses.mean_iou, 3)],
    ...(poses.median_degrees === null ? [] : [
      ["pose error, median", `${poses.median_degrees.toFixed(1)}°`],
      [
        "pose error under 10° / over 90°",
        `${share(poses.share_under_10_degrees)} / ${share(poses.share_over_90_degrees)}`,
      ],
    ] as [string, string][]),
    ["refined meshes", `${refinement.meshes} in ${refinement.folder}, IoU ${fixed(refinement.iou, 3)}`],
    ...(trained ? networkRows : untrainedRows),
    ["time", `${formatDuration(summary.seconds)} (${stageTimes(summary)})`],
    ["backend", backend.sentence.replace(/^Backend: /, "")],
  ];
}

function stageTimes(summary: Summary): string {
  return summary.stages.map(({ name, seconds }) => `${name} ${formatDuration(seconds)}`).join(", ");
}
