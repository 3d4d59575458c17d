/**
 * Cases of the losses folder that need no network: geometry, IoUs, agreement of rotations.
 *
 * @module
 */
import { rotationDisagreement } from "../../lib/metrics/rotation_disagreement.ts";
import { geodesicDistance } from "../../lib/metrics/geodesic_distance.ts";
import { iou, meanIou } from "../../lib/metrics/iou.ts";
import { unbalancedIou } from "../reference/unbalanced_iou.ts";
import { findFaceNeighbours } from "../../lib/mesh/face_neighbours.ts";
import { computeFaceNormals } from "../../lib/mesh/face_normals.ts";
import { normalConsistencyLoss } from "../../lib/mesh/normal_consistency_loss.ts";
import { laplacianLoss } from "../../lib/mesh/laplacian_loss.ts";
import { addImageBoundaryPenalty } from "../../lib/pose/image_boundary_penalty.ts";
import { type CaseData, joined, withZeroZ } from "./case_data.ts";
import { type Check, close, largestOf } from "./check.ts";

const VALUES = { absolute: 1e-6, relative: 1e-5 };

/** What the list says of an array or a scalar. */
interface Listed {
  readonly value?: number;
  readonly f32_dev?: number | null;
}

/** A gradient may be 10 times as far off as float32 is, or 1e-5 of its largest entry. */
function gradient(data: CaseData, name: string, actual: ArrayLike<number>): Check {
  const expected = data.floats(name);
  const arrays = data.entry.arrays as Record<string, Listed> | undefined;
  const noise = 10 * (arrays?.[name]?.f32_dev ?? 0);
  return close(name, actual, expected, { absolute: Math.max(noise, 1e-5 * largestOf(expected)) });
}

function scalar(data: CaseData, name: string, actual: number): Check {
  const scalars = data.entry.scalars as Record<string, Listed>;
  return close(name, [actual], [scalars[name].value!], VALUES);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value / values.length, 0);
}

/** Normals and smoothness of a batch. */
export async function flatCase(data: CaseData): Promise<Check[]> {
  const { faces } = data.has("faces")
    ? { faces: data.ints("faces") }
    : { faces: (await data.other("losses", "flat_a")).ints("faces") };
  const topology = { faces, ...findFaceNeighbours(faces) };
  const meshes = data.rows("vertices");
  const gradients = meshes.map((mesh) => new Float64Array(mesh.length));
  const losses = meshes.map((mesh, b) =>
    normalConsistencyLoss(mesh, topology, { gradient: gradients[b], weight: 1 / meshes.length })
  );
  const normals = meshes.map((mesh) => computeFaceNormals(mesh, faces));
  return [
    close("normals", joined(normals), data.floats("normals"), VALUES),
    scalar(data, "loss", mean(losses)),
    gradient(data, "grad_vertices", joined(gradients)),
  ];
}

/** Normals of triangles with and without area. */
export function degenerateNormalCase(data: CaseData): Check[] {
  const normals = data.rows("triangles").map((corners) =>
    computeFaceNormals(corners, Int32Array.of(0, 1, 2))
  );
  return [close("normals", joined(normals), data.floats("normals"), VALUES)];
}

/** ‖L x‖² with a matrix that the case brings. */
export function laplacianCase(data: CaseData): Check[] {
  const matrix = data.floats("laplacian");
  const size = data.shape("laplacian")[0];
  const laplacian = {
    rows: Int32Array.from(matrix, (_, i) => Math.floor(i / size)),
    columns: Int32Array.from(matrix, (_, i) => i % size),
    values: matrix,
  };
  const samples = data.rows("x");
  const gradients = samples.map((x) => new Float64Array(x.length));
  const losses = samples.map((x, b) =>
    laplacianLoss(x, { laplacian }, { gradient: gradients[b], weight: 1 / samples.length })
  );
  return [
    close("per_sample", losses, data.floats("per_sample"), VALUES),
    scalar(data, "average", mean(losses)),
    gradient(data, "grad_average", joined(gradients)),
  ];
}

/** IoU of masks cut at ½. */
export function iouCase(data: CaseData): Check[] {
  const target = data.rows("target");
  return [close("iou", data.rows("pred").map((mask, b) => iou(mask, target[b])), data.floats("iou"), VALUES)];
}

/** Soft IoU of part maps. */
export function meanIouCase(data: CaseData): Check[] {
  const rendered = data.images("pred");
  const observed = data.images("target");
  const evaluate = (measure: typeof meanIou) =>
    rendered.map(({ data: map, channels }, b) => measure(map, observed[b].data, channels));
  return [
    close("balanced", evaluate(meanIou), data.floats("balanced"), VALUES),
    close("unbalanced", evaluate(unbalancedIou), data.floats("unbalanced"), VALUES),
  ];
}

/** Disagreement of likely rotations at two temperatures. */
export function agreementCase(data: CaseData): Check[] {
  const rotations = data.rows("q");
  const at = (temperature: number) =>
    data.rows("iou").map((scores, b) => rotationDisagreement(scores, rotations[b], temperature));
  return [
    close("score", at(0.01), data.floats("score"), VALUES),
    close("score_t01", at(0.1), data.floats("score_t01"), VALUES),
  ];
}

/** Mean distance over the rows that have a true rotation. */
export function geodesicCase(data: CaseData): Check[] {
  const target = data.rows("target");
  const distances = data.rows("pred").flatMap((q, i) =>
    target[i][0] === -1000 ? [] : [geodesicDistance(q, target[i])]
  );
  return [scalar(data, "gd", mean(distances)), scalar(data, "count", distances.length)];
}

/** the image-boundary penalty. */
export function imageBoundaryCase(data: CaseData): Check[] {
  const gradients: Float64Array[] = [];
  const losses = data.rows("v").map((screen) => {
    const ofMesh = new Float64Array(screen.length / 3 * 2); // [V, 2]
    const loss = addImageBoundaryPenalty(screen, ofMesh);
    gradients.push(withZeroZ(ofMesh));
    return loss;
  });
  return [
    close("per_sample", losses, data.floats("per_sample"), VALUES),
    gradient(data, "grad_sum", joined(gradients)),
  ];
}
