/**
 * Cases of the kind mesh: template, displacement, losses, texture maps, primitives.
 *
 * @module
 */
import { adjustPoles } from "../reference/adjust_poles.ts";
import { padCircular } from "../reference/circular_padding.ts";
import { displaceVertices, displaceVerticesBackward } from "../../lib/mesh/displace_vertices.ts";
import { computeFaceNormals, computeFaceNormalsBackward } from "../../lib/mesh/face_normals.ts";
import { normalConsistencyLoss } from "../../lib/mesh/normal_consistency_loss.ts";
import { laplacianLoss } from "../../lib/mesh/laplacian_loss.ts";
import { edgeLengthLoss } from "../../lib/mesh/edge_length_loss.ts";
import type { MeshLossOptions } from "../../lib/mesh/loss_options.ts";
import { type SphereTopology, sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { symmetriseVertices } from "../../lib/mesh/symmetrise_vertices.ts";
import { symmetrizeTexture, symmetrizeTextureBackward } from "../reference/symmetrize_texture.ts";
import { symmetryLoss } from "../../lib/mesh/symmetry_loss.ts";
import { multiplyQuaternions, rotateByQuaternion } from "../../lib/rendering/quaternion.ts";
import { sampleTexture, sampleTextureBackward } from "../../lib/rendering/texture.ts";
import { adjustTextureBackward, adjustUvsAndTexture } from "../reference/adjust_texture.ts";
import { topologyIndices } from "../helpers/topology_indices.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

/** Values and gradients of displacement, texture maps and primitives. */
const VALUES = { absolute: 1e-5 };
/** Losses, relative to the value, and gradients, relative to their largest entry. */
const LOSSES = { ofLargest: 1e-4 };

/** The template: what the code generates, and what it derives from the recorded coordinates. */
export async function templateCase(data: CaseData): Promise<Check[]> {
  const generated = sphereTopology();
  const derived = await data.topology();
  return [
    ...[generated, derived].flatMap((topology) =>
      topologyIndices(topology).map(([name, values]) => same(name, values, data.floats(name)))
    ),
    close("vertices", generated.vertices, data.floats("vertices"), { absolute: 2e-6 }),
    close("uvs", generated.uvs, data.floats("uvs"), { absolute: 2e-6 }),
    close("topo_map", derived.samplePositions, data.floats("topo_map"), VALUES),
    close("tangent_map", derived.tangentFrames, data.floats("tangent_map"), VALUES),
    close("laplacian_values", derived.laplacian.values, data.floats("laplacian_values"), VALUES),
  ];
}

/** Displacement map to vertices; the name says whether the sphere is symmetric. */
export async function deformCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const symmetric = !data.name.startsWith("deform_nosym");
  const maps = data.images("displacement");
  const { height, width } = maps[0];
  const vertices = maps.map((map) => displaceVertices(topology, map.data, height, width, { symmetric }));
  const weights = splitEighths(data, "g_eighths", maps.length);
  const gradients = weights.map((g) => displaceVerticesBackward(topology, g, height, width, { symmetric }));
  return [
    close("vertices", joined(vertices), data.floats("vertices"), VALUES),
    close("grad_displacement", joined(gradients), joined(data.images("grad_displacement")), VALUES),
  ];
}

/** Normals and mesh losses, with gradients of their mean over the batch. */
export async function lossesCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const { faces } = topology;
  const meshes = data.rows("vertices");
  const weights = splitEighths(data, "g_normals_eighths", meshes.length);
  type Loss = (vertices: Float64Array, topology: SphereTopology, options: MeshLossOptions) => number;
  const evaluate = (loss: Loss) => {
    const gradients = meshes.map((vertices) => new Float64Array(vertices.length));
    const values = meshes.map((vertices, b) =>
      loss(vertices, topology, { gradient: gradients[b], weight: 1 / meshes.length })
    );
    return { values, mean: [values.reduce((sum, value) => sum + value / meshes.length, 0)], gradients };
  };
  const flat = evaluate(normalConsistencyLoss);
  const laplacian = evaluate(laplacianLoss);
  const length = evaluate(edgeLengthLoss);
  const symmetry = evaluate(symmetryLoss);
  return [
    close(
      "normals",
      joined(meshes.map((vertices) => computeFaceNormals(vertices, faces))),
      data.floats("normals"),
      VALUES,
    ),
    close(
      "grad_vertices_from_normals",
      joined(meshes.map((vertices, b) => computeFaceNormalsBackward(vertices, faces, weights[b]))),
      data.floats("grad_vertices_from_normals"),
      LOSSES,
    ),
    close("flat_loss", flat.mean, data.floats("flat_loss"), LOSSES),
    close("grad_flat", joined(flat.gradients), data.floats("grad_flat"), LOSSES),
    close("laplacian_loss", laplacian.values, data.floats("laplacian_loss_per_mesh"), LOSSES),
    close("grad_laplacian", joined(laplacian.gradients), data.floats("grad_laplacian_mean"), LOSSES),
    close("length_loss", length.mean, data.floats("length_loss"), LOSSES),
    close("grad_length", joined(length.gradients), data.floats("grad_length"), LOSSES),
    close("symmetry_penalty", symmetry.mean, data.floats("symmetry_penalty"), LOSSES),
    close("grad_symmetry", joined(symmetry.gradients), data.floats("grad_symmetry_penalty"), LOSSES),
    close(
      "symmetrised_vertices",
      joined(data.rows("noisy_vertices").map((vertices) => symmetriseVertices(vertices, topology))),
      data.floats("symmetrised_vertices"),
      VALUES,
    ),
  ];
}

/** Texture maps: padding, symmetry, poles. */
export async function textureMapsCase(data: CaseData): Promise<Check[]> {
  const { uvs } = await data.topology();
  const textures = data.images("texture");
  const symmetric = textures.map((texture) => adjustUvsAndTexture(uvs, texture, true));
  const plain = textures.map((texture) => adjustUvsAndTexture(uvs, texture, false));
  const padded = data.images("g_padded_eighths", 1 / 8);
  const map = (name: string, op: typeof symmetrizeTexture, scale = 1) =>
    joined(data.images(name, scale).map(op));
  const checks: [string, ArrayLike<number>][] = [
    ["texture_padded_symmetric", joined(symmetric.map(({ texture }) => texture))],
    ["texture_padded_nonsymmetric", joined(plain.map(({ texture }) => texture))],
    ["grad_texture", joined(padded.map((gradient) => adjustTextureBackward(gradient, true)))],
    ["symmetrized", map("half", symmetrizeTexture)],
    ["grad_half", map("g_symmetrized_eighths", symmetrizeTextureBackward, 1 / 8)],
    ["pole_out", map("pole_in", adjustPoles)],
    ["grad_pole_in", map("g_pole_eighths", adjustPoles, 1 / 8)],
    ["circpad1", map("texture", (texture) => padCircular(texture, 1))],
    ["circpad2", map("texture", (texture) => padCircular(texture, 2))],
  ];
  return [
    close("uvs_symmetric", symmetric[0].uvs, data.floats("uvs_symmetric"), VALUES),
    close("uvs_nonsymmetric", plain[0].uvs, data.floats("uvs_nonsymmetric"), VALUES),
    ...checks.map(([name, values]) => close(name, values, joined(data.images(name)), VALUES)),
  ];
}

/** Bilinear sampling and quaternions. */
export function primitivesCase(data: CaseData): Check[] {
  const images = data.images("sample_image");
  const [batch, rows, columns] = data.shape("sample_grid");
  const weights = data.images("g_sampled_eighths", 1 / 8);
  const samples: ArrayLike<number>[] = [];
  const imageGradients: ArrayLike<number>[] = [];
  const gridGradients: ArrayLike<number>[] = [];
  data.rows("sample_grid").forEach((grid, b) => {
    // grid coordinates (x, y) in [−1, 1] with y down are uvs (u, v) in [0, 1] with v up
    const uvs = grid.map((value, i) => i % 2 === 0 ? (value + 1) / 2 : (1 - value) / 2);
    samples.push(sampleTexture(images[b], uvs));
    const gradients = { texture: new Float64Array(images[b].data.length), uvs: new Float64Array(uvs.length) };
    sampleTextureBackward(images[b], uvs, weights[b].data, gradients);
    imageGradients.push(gradients.texture);
    gridGradients.push(gradients.uvs.map((value, i) => i % 2 === 0 ? value / 2 : -value / 2));
  });
  const q = data.rows("q");
  const r = data.rows("r");
  const points = data.rows("points");
  const rotated = points.flatMap((list, i) =>
    Array.from(
      { length: list.length / 3 },
      (_, k) => rotateByQuaternion(q[i], list.subarray(3 * k, 3 * k + 3)),
    )
  );
  return [
    same("samples", [samples.length * samples[0].length], [batch * rows * columns * images[0].channels]),
    close("sampled", joined(samples), joined(data.images("sampled")), VALUES),
    close("grad_sample_image", joined(imageGradients), joined(data.images("grad_sample_image")), VALUES),
    close("grad_sample_grid", joined(gridGradients), data.floats("grad_sample_grid"), VALUES),
    close("qmul", joined(q.map((_, i) => multiplyQuaternions(q[i], r[i]))), data.floats("qmul_q_r"), VALUES),
    close("qrot", joined(rotated), data.floats("qrot_q_points"), VALUES),
  ];
}

/** Gradient weights stored as eighths, one array for each sample. */
function splitEighths(data: CaseData, name: string, batch: number): Float64Array[] {
  const values = data.eighths(name);
  const size = values.length / batch;
  return Array.from({ length: batch }, (_, b) => values.subarray(b * size, (b + 1) * size));
}
