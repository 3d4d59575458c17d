/**
 * A mesh and its texture fitted from a sphere to views of an object, by the array operations alone.
 *
 * @module
 */
import type { FloatArray, FloatImage } from "../../lib/core/arrays.ts";
import { laplacianLoss } from "../../lib/mesh/laplacian_loss.ts";
import { SmoothSteps } from "../../lib/mesh/smooth_steps.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  antialias,
  antialiasBackward,
  type Camera,
  type Fragments,
  interpolateMesh,
  interpolateMeshBackward,
  type MeshAttribute,
  mipLevels,
  projectToScreen,
  projectToScreenBackward,
  rasterizeMesh,
  sampleUvTexture,
  sampleUvTextureBackward,
  type ScreenMesh,
  softMask,
} from "../../lib/rendering/mod.ts";

const sphere = sphereTopology(), { faces } = sphere;

/** One image of the object. */
export interface View {
  readonly camera: Camera;
  /** Coverages, `[S, S]`. */
  readonly mask: Float32Array;
  /** Colours, 0 beside the object, `[S, S, C]`. */
  readonly image: Float32Array;
}

/** Adam with one step size for all values, so that a smooth gradient gives a smooth step. */
function uniformAdam(length: number) {
  const mean = new Float64Array(length);
  let square = 0, count = 0;
  return (values: Float32Array, gradient: Float64Array, rate: number) => {
    const ofMean = 1 / (1 - 0.9 ** ++count);
    let largest = 0;
    for (let i = 0; i < length; i++) {
      mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
      largest = Math.max(largest, (mean[i] * ofMean) ** 2);
    }
    square = 0.9 * square + 0.1 * largest;
    const scale = rate * ofMean / (Math.sqrt(square / (1 - 0.9 ** count)) + 1e-12);
    for (let i = 0; i < length; i++) values[i] -= scale * mean[i];
  };
}

/** Adam. */
function adam(length: number) {
  const mean = new Float32Array(length), square = new Float32Array(length);
  let count = 0;
  return (values: Float32Array, gradient: Float32Array, rate: number) => {
    const ofMean = 1 / (1 - 0.9 ** ++count), ofSquare = 1 / (1 - 0.999 ** count);
    for (let i = 0; i < length; i++) {
      mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
      square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
      values[i] -= rate * mean[i] * ofMean / (Math.sqrt(square[i] * ofSquare) + 1e-8);
    }
  };
}

/** A gradient that moves patches of the surface: twice through the matrix, as steps of its parameters do. */
function smoothed(gradient: Float64Array, steps: SmoothSteps): Float64Array {
  return steps.verticesOf(steps.verticesOf(gradient));
}

/** Masks of one kind after another, with gradients to the screen positions. */
interface Masks {
  /** Coverages, `[S, S]`. */
  forward(screen: FloatArray): FloatArray;
  /** Adds the gradient of the last `forward`, `[V, 4]`. */
  backward(gradientMask: FloatArray, gradientScreen: FloatArray): void;
}

/** Hard masks with blended contours: exact at the contour, and blind farther away. */
function blendedMasks(S: number): Masks {
  const size = { height: S, width: S };
  let image: FloatImage, mesh: ScreenMesh, fragments: Fragments | undefined;
  return {
    forward(screen) {
      mesh = { screen, faces };
      fragments = rasterizeMesh(screen, faces, size, fragments);
      image = {
        data: Float32Array.from(fragments.faceIndex, (face) => face < 0 ? 0 : 1),
        ...size,
        channels: 1,
      };
      return antialias(image, mesh, fragments);
    },
    backward: (gradientMask, screen) => antialiasBackward(image, mesh, fragments!, gradientMask, { screen }),
  };
}

/** Stages of the shape: sharpness (null: blended contours), smoothness, step at the begin, steps. */
const STAGES = [[800, 20, 0.05, 40], [2500, 10, 0.03, 60], [7000, 3, 0.02, 60], [null, 3, 0.02, 80], [
  null,
  1,
  0.01,
  60,
]] as const;

/**
 * Fits the vertices of a sphere to masks: soft ones find the object, blended ones its contour.
 *
 * @param views Images of the object
 * @param S Rows and columns
 * @returns Vertices, `[V, 3]`
 */
export function fitShape(views: readonly View[], S: number): Float32Array {
  const vertices = Float32Array.from(sphere.vertices, (value) => 0.4 * value), V = vertices.length / 3;
  for (const [sharpness, smoothness, rate, steps] of STAGES) {
    const soft = { height: S, width: S, maxFaces: 60 };
    const masks = sharpness === null
      ? blendedMasks(S)
      : softMask(faces, V, { ...soft, sharpness, boxMargin: Math.sqrt(6 / sharpness) });
    const patches = new SmoothSteps(faces, V, smoothness);
    const step = uniformAdam(3 * V), weights = new Float32Array(S * S);
    for (let count = 0; count < steps; count++) {
      const gradient = new Float32Array(3 * V);
      for (const { camera, mask } of views) {
        const single = { ...camera, parameters: Float32Array.from(camera.parameters) };
        const seen = masks.forward(projectToScreen(vertices, single)), ofScreen = new Float32Array(4 * V);
        for (let o = 0; o < weights.length; o++) {
          weights[o] = 2 * (seen[o] - mask[o]) / (S * S * views.length);
        }
        masks.backward(weights, ofScreen);
        projectToScreenBackward(vertices, single, ofScreen, { vertices: gradient });
      }
      const ofVertices = Float64Array.from(gradient);
      laplacianLoss(vertices, sphere, { gradient: ofVertices, weight: 2e-4 });
      step(vertices, smoothed(ofVertices, patches), rate * (1 - 0.9 * count / steps));
    }
  }
  return vertices;
}

/** The sphere's UV map. */
const SPHERE_UVS: MeshAttribute = {
  values: Float32Array.from(sphere.uvs),
  indices: sphere.faceUvs,
  channels: 2,
};

/**
 * Draws a textured mesh with levels and blended contours.
 *
 * @param mesh Mesh on the screen
 * @param uvs Its UV map
 * @param texture Texels
 * @param S Rows and columns
 * @param cull Which faces are left out
 * @returns The image, before and after blending, and what the backward pass needs
 */
export function draw(
  mesh: ScreenMesh,
  uvs: MeshAttribute,
  texture: FloatImage,
  S: number,
  cull: "back" | "none" = "back",
) {
  const fragments = rasterizeMesh(mesh.screen, mesh.faces, { height: S, width: S, cull });
  const at = interpolateMesh(uvs, mesh, fragments), levels = mipLevels(uvs, mesh, fragments, texture);
  const sampling = { filter: "mip", levels, faceIndex: fragments.faceIndex } as const;
  const data = sampleUvTexture(texture, at, sampling);
  const image = { data, height: S, width: S, channels: texture.channels };
  return { image, smooth: antialias(image, mesh, fragments), fragments, at, sampling };
}

/** A textured mesh. */
export interface FittedMesh {
  /** Vertices of the sphere's faces, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Texture of the sphere's UV map. */
  readonly texture: FloatImage & { readonly data: Float32Array };
}

/** Levels of the pyramid that a texture is the sum of: what no pixel saw takes the mean colour around. */
const LEVELS = 6;

/** Steps on a texture as the sum of a pyramid, by Adam. */
export function pyramidAdam({ data, height, width, channels: C }: FloatImage) {
  const levels = Array.from({ length: LEVELS }, (_, l) => {
    const length = (height >> l) * (width >> l) * C;
    return { values: new Float32Array(length), step: adam(length) };
  });
  /** Place in level l of each value. */
  const each = (l: number, visit: (at: number, place: number) => void) => {
    for (let i = 0, at = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        for (let c = 0, place = ((i >> l) * (width >> l) + (j >> l)) * C; c < C; c++) visit(at++, place + c);
      }
    }
  };
  const start = data.slice();
  return (gradient: Float32Array, rate: number) => {
    data.set(start);
    levels.forEach(({ values, step }, l) => {
      const own = new Float32Array(values.length);
      each(l, (at, place) => own[place] += gradient[at]);
      step(values, own, rate);
      each(l, (at, place) => data[at] += values[place]);
    });
  };
}

/**
 * Fits a texture, from grey, and continues with the vertices where asked to.
 *
 * @param mesh Vertices, and the texture to begin with; both are changed
 * @param views Images of the object
 * @param S Rows and columns
 * @param steps Steps
 * @param moving Step of the vertices; 0 holds them
 */
export function fitTexture(
  { vertices, texture }: FittedMesh,
  views: readonly View[],
  S: number,
  steps: number,
  moving: number,
): void {
  const V = vertices.length / 3, C = texture.channels, length = texture.data.length;
  const stepTexture = pyramidAdam(texture), stepVertices = uniformAdam(3 * V);
  const patches = new SmoothSteps(faces, V, 1);
  for (let count = 0; count < steps; count++) {
    const ofTexture = new Float32Array(length),
      ofVertices = new Float32Array(3 * V),
      fade = 1 - 0.9 * count / steps;
    for (const { camera, image: target } of views) {
      const single = { ...camera, parameters: Float32Array.from(camera.parameters) };
      const mesh = { screen: projectToScreen(vertices, single), faces }, ofScreen = new Float32Array(4 * V);
      const { image, smooth, fragments, at, sampling } = draw(mesh, SPHERE_UVS, texture, S);
      const gradient = smooth.map((value, i) => 2 * (value - target[i]) / (S * S * views.length));
      const ofImage = new Float32Array(S * S * C), ofAt = new Float32Array(at.length);
      antialiasBackward(image, mesh, fragments, gradient, { image: ofImage, screen: ofScreen });
      sampleUvTextureBackward(texture, at, ofImage, { texture: ofTexture, uvs: ofAt }, sampling);
      interpolateMeshBackward(SPHERE_UVS, mesh, fragments, ofAt, { screen: ofScreen });
      projectToScreenBackward(vertices, single, ofScreen, { vertices: ofVertices });
    }
    stepTexture(ofTexture, 0.02 * fade);
    if (moving === 0) continue;
    const all = Float64Array.from(ofVertices);
    laplacianLoss(vertices, sphere, { gradient: all, weight: 2e-4 });
    stepVertices(vertices, smoothed(all, patches), moving * fade);
  }
}

/** IoU of masks, and peak signal-to-noise ratio over the object and over what both cover, dB. */
export interface Judgement {
  readonly iou: number;
  readonly psnr: number;
  readonly psnrInside: number;
}

/** Judges a fitted mesh by views. */
export function judge({ vertices, texture }: FittedMesh, views: readonly View[], S: number): Judgement {
  const C = texture.channels;
  let both = 0, either = 0, squares = 0, inside = 0, insideCount = 0;
  for (const { camera, mask, image: target } of views) {
    const screen = projectToScreen(vertices, { ...camera, parameters: Float32Array.from(camera.parameters) });
    const { smooth: image, fragments: { faceIndex } } = draw({ screen, faces }, SPHERE_UVS, texture, S);
    for (let o = 0; o < S * S; o++) {
      const isSeen = faceIndex[o] >= 0, isObject = mask[o] >= 0.5;
      let sum = 0;
      for (let c = 0; c < C; c++) sum += (image[C * o + c] - target[C * o + c]) ** 2;
      if (isSeen && isObject) both++, inside += sum, insideCount += C;
      if (isSeen || isObject) either++, squares += sum;
    }
  }
  return {
    iou: both / either,
    psnr: -10 * Math.log10(squares / (either * C)),
    psnrInside: -10 * Math.log10(inside / insideCount),
  };
}
