/**
 * Cases of the kind renderer: whole meshes, textured, with vertex colours, or silhouettes only, by the float32 code
 * that production uses.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { SphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { interpolateAttributes, interpolateAttributesBackward } from "../reference/interpolate.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { gatherCorners } from "../../lib/rendering/separate_faces.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { softSilhouetteReference } from "../../lib/rendering/soft_silhouette_reference.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { type AnyMeshView, colouredView, softView, texturedView } from "./any_mesh_checks.ts";
import { type CaseData, joined, withZeroZ } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

const SOFT_MASK = { absolute: 5e-5 };
const TEXTURED = { absolute: 5e-5 };
const VERTEX_COLOURS = { absolute: 1e-4 };
const VERTEX_GRADIENT = { ofLargest: 1e-3 };
const TEXTURE_GRADIENT = { absolute: 1e-4 };
/** Pixels whose nearest face may differ. */
const HANDFUL = 5;

/** Soft and hard mask alone. */
export async function alphaCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const { height, width } = data.images("hard_mask")[0];
  const hardMasks = floatRows(data, "vertices").map((vertices) =>
    coverage(rasterize(vertices, topology.faces, height, width).faceIndex)
  );
  return [...silhouetteChecks(data, topology), hardMaskCheck(data, hardMasks)];
}

/** Textured image, with gradients of vertices and texture. */
export async function textureCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const weights = data.images("g_image_eighths", 1 / 8);
  const renders = renderTextured(data, topology, weights);
  return [
    ...silhouetteChecks(data, topology),
    hardMaskCheck(data, renders.map(({ hardMask }) => hardMask)),
    ...imageChecks(data, renders, TEXTURED),
    close(
      "grad_texture",
      joined(renders.map(({ gradientTexture }) => gradientTexture)),
      joined(data.images("grad_texture")),
      TEXTURE_GRADIENT,
    ),
    ...anyMeshChecks(
      data,
      TEXTURED,
      joined(data.images("grad_texture")),
      (vertices, b) => texturedView(vertices, topology, data.images("texture")[b], weights[b]),
    ),
  ];
}

/** Interpolated vertex colours, with gradients of vertices and colours. */
export async function vertexColoursCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const channels = data.shape("vertex_colors")[2];
  const colours = floatRows(data, "vertex_colors");
  const weights = data.images("g_image_eighths", 1 / 8);
  const renders = floatRows(data, "vertices").map(
    (vertices, b): Render & { gradientColours: Float64Array } => {
      const { height, width, data: gradientImage } = weights[b];
      const mesh = { vertices, faces: topology.faces };
      const fragments = rasterize(vertices, topology.faces, height, width);
      const attributes = { values: gatherCorners(colours[b], topology.faces, channels), channels };
      const image = interpolateAttributes(attributes, fragments);
      const gradients = {
        attributes: new Float32Array(attributes.values.length),
        vertices: new Float32Array(vertices.length / 3 * 2),
      };
      interpolateAttributesBackward(attributes, fragments, mesh, Float32Array.from(gradientImage), gradients);
      const gradientColours = new Float64Array(colours[b].length); // [V, C]
      gradients.attributes.forEach((value, i) => {
        gradientColours[topology.faces[Math.floor(i / channels)] * channels + i % channels] += value;
      });
      const hardMask = coverage(fragments.faceIndex);
      return { image, hardMask, gradientVertices: withZeroZ(gradients.vertices), gradientColours };
    },
  );
  return [
    ...silhouetteChecks(data, topology),
    hardMaskCheck(data, renders.map(({ hardMask }) => hardMask)),
    ...imageChecks(data, renders, VERTEX_COLOURS),
    close(
      "grad_vertex_colors",
      joined(renders.map(({ gradientColours }) => gradientColours)),
      data.floats("grad_texture"),
      TEXTURE_GRADIENT,
    ),
    ...anyMeshChecks(
      data,
      VERTEX_COLOURS,
      data.floats("grad_texture"),
      (vertices, b) => colouredView(vertices, topology, colours[b], weights[b]),
    ),
  ];
}

/** Texture over a background, and silhouettes of several sharpnesses. */
export async function backgroundCase(data: CaseData): Promise<Check[]> {
  const topology = await data.topology();
  const backgrounds = data.rows("background");
  const renders = renderTextured(data, topology, data.images("image"));
  const images = renders.map(({ image, hardMask }, b) => {
    const channels = image.length / hardMask.length;
    return Float64Array.from(
      image,
      (value, i) => hardMask[Math.floor(i / channels)] ? value : backgrounds[b][i],
    );
  });
  const factors = Object.keys(data.arrays).filter((name) => name.startsWith("soft_mask_factor_"));
  return [
    imageCheck(joined(images), joined(data.images("image")), TEXTURED, data.images("image")[0].channels),
    ...factors.flatMap((name) => sharpnessChecks(data, topology, name)),
  ];
}

/**
 * A silhouette at another sharpness. The recorded values carry the original's float32 rounding of multiplied
 * coordinates, which sharpness magnifies; the reference rounds alike in float32. The fast path does not, so it is
 * compared with the reference in float64.
 */
function sharpnessChecks(data: CaseData, topology: SphereTopology, name: string): Check[] {
  const sharpness = data.number(name.replace("soft_mask", "sigmainv"));
  const { height: size } = data.images(name)[0];
  const { faces } = topology;
  const fast = new SoftSilhouette(faces, topology.vertices.length / 3, size, { sharpness });
  const images = floatRows(data, "vertices").map((vertices) => {
    fast.forward(vertices);
    return {
      fast: fast.image().slice(),
      single: softSilhouetteReference(vertices, faces, size, size, { sharpness }).image,
      double: softSilhouetteReference(Float64Array.from(vertices), faces, size, size, { sharpness }).image,
    };
  });
  return [
    close(name, joined(images.map(({ single }) => single)), data.floats(name), SOFT_MASK),
    close(
      `${name} (fast path)`,
      joined(images.map(({ fast }) => fast)),
      joined(images.map(({ double }) => double)),
      {
        absolute: 5e-6,
      },
    ),
  ];
}

/** Image and gradient of one mesh. */
interface Render {
  readonly image: ArrayLike<number>;
  readonly hardMask: Uint8Array;
  readonly gradientVertices: Float64Array;
}

function renderTextured(
  data: CaseData,
  topology: SphereTopology,
  weights: readonly FloatImage[],
): (Render & { gradientTexture: Float32Array })[] {
  const textures = data.images("texture");
  const { height, width } = weights[0];
  const renderer = new TextureRenderer(topology, height, width, textures[0], { symmetric: true });
  return floatRows(data, "vertices").map((vertices, b) => {
    const image = renderer.forward(vertices, Float32Array.from(textures[b].data)).slice();
    const gradientTexture = new Float32Array(textures[b].data.length); // [h, w, C]
    const gradientVertices = new Float32Array(vertices.length / 3 * 2); // [V, 2]
    renderer.backward(Float32Array.from(weights[b].data), gradientTexture, gradientVertices);
    const hardMask = coverage(renderer.fragments.faceIndex);
    return { image, hardMask, gradientTexture, gradientVertices: withZeroZ(gradientVertices) };
  });
}

function silhouetteChecks(data: CaseData, topology: SphereTopology): Check[] {
  const meshes = floatRows(data, "vertices");
  const { height: size } = data.images("soft_mask")[0];
  const weights = data.images("g_soft_mask_eighths", 1 / 8);
  const silhouette = new SoftSilhouette(topology.faces, topology.vertices.length / 3, size);
  const images: Float32Array[] = [];
  const gradients: Float64Array[] = [];
  meshes.forEach((vertices, b) => {
    silhouette.forward(vertices);
    images.push(silhouette.image().slice());
    gradients.push(withZeroZ(silhouette.backward(Float32Array.from(weights[b].data))));
  });
  return [
    close("soft_mask", joined(images), data.floats("soft_mask"), SOFT_MASK),
    close(
      "grad_vertices_from_soft_mask",
      joined(gradients),
      data.floats("grad_vertices_from_soft_mask"),
      VERTEX_GRADIENT,
    ),
    ...anyMeshSilhouettes(data, topology, weights),
  ];
}

/** Silhouettes by the operation for any mesh. */
function anyMeshSilhouettes(
  data: CaseData,
  topology: SphereTopology,
  weights: readonly FloatImage[],
): Check[] {
  const views = floatRows(data, "vertices").map((vertices, b) => softView(vertices, topology, weights[b]));
  const gradients = joined(views.map(({ gradientVertices }) => gradientVertices));
  const name = "grad_vertices_from_soft_mask";
  return [
    close(
      "any mesh: soft_mask",
      joined(views.map(({ image }) => image)),
      data.floats("soft_mask"),
      SOFT_MASK,
    ),
    close(`any mesh: ${name}`, gradients, data.floats(name), VERTEX_GRADIENT),
  ];
}

/** Images and gradients of the operations for any mesh. */
function anyMeshChecks(
  data: CaseData,
  allowed: { absolute: number },
  ofValues: ArrayLike<number>,
  render: (vertices: Float32Array, b: number) => AnyMeshView,
): Check[] {
  const views = floatRows(data, "vertices").map(render),
    named = (check: Check) => ({ ...check, what: `any mesh: ${check.what}` });
  const checks = [
    ...imageChecks(data, views.map((view) => ({ ...view, hardMask: coverage(view.faceIndex) })), allowed),
    hardMaskCheck(data, views.map(({ faceIndex }) => coverage(faceIndex))),
    close(
      "gradient of values",
      joined(views.map(({ gradientValues }) => gradientValues)),
      ofValues,
      TEXTURE_GRADIENT,
    ),
  ];
  return checks.map(named);
}

function imageChecks(data: CaseData, renders: readonly Render[], allowed: { absolute: number }): Check[] {
  const truth = data.images("image");
  return [
    imageCheck(joined(renders.map(({ image }) => image)), joined(truth), allowed, truth[0].channels),
    close(
      "grad_vertices_from_image",
      joined(renders.map(({ gradientVertices }) => gradientVertices)),
      data.floats("grad_vertices_from_image"),
      VERTEX_GRADIENT,
    ),
  ];
}

/** Images entry by entry, but for a handful of pixels. */
function imageCheck(
  actual: Float64Array,
  expected: Float64Array,
  allowed: { absolute: number },
  channels: number,
): Check {
  const excused = new Set<number>();
  for (let i = 0; i < expected.length && excused.size <= HANDFUL; i++) {
    if (!(Math.abs(actual[i] - expected[i]) <= allowed.absolute)) excused.add(Math.floor(i / channels));
  }
  if (excused.size > HANDFUL) return close("image", actual, expected, allowed);
  const isKept = (_: number, i: number) => !excused.has(Math.floor(i / channels));
  return close("image", actual.filter(isKept), expected.filter(isKept), allowed);
}

function hardMaskCheck(data: CaseData, masks: readonly Uint8Array[]): Check {
  return same("hard_mask", joined(masks), data.floats("hard_mask"), HANDFUL);
}

function coverage(faceIndex: Int32Array): Uint8Array {
  return Uint8Array.from(faceIndex, (face) => face >= 0 ? 1 : 0);
}

function floatRows(data: CaseData, name: string): Float32Array[] {
  return data.rows(name).map((row) => Float32Array.from(row));
}
