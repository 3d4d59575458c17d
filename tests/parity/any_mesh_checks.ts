/**
 * The renderer's cases once more by the operations for any mesh, which must give the same.
 *
 * @module
 */
import type { FloatImage } from "../../lib/core/arrays.ts";
import type { SphereTopology } from "../../lib/mesh/sphere_topology.ts";
import {
  interpolateMesh,
  interpolateMeshBackward,
  rasterizeMesh,
  softMask,
  texturedMesh,
} from "../../lib/rendering/mod.ts";

/** Images and gradients of one view. */
export interface AnyMeshView {
  readonly image: Float32Array;
  readonly faceIndex: Int32Array;
  /** `[V, 3]`, z without a gradient. */
  readonly gradientVertices: Float64Array;
  /** Of the texels `[h, w, C]` or colours `[V, C]`. */
  readonly gradientValues: Float32Array;
}

/** Positions without perspective, `[V, 4]`. */
function toScreen(vertices: Float32Array): Float32Array {
  const screen = new Float32Array(vertices.length / 3 * 4).fill(1); // [V, 4]
  for (let v = 0; v < vertices.length / 3; v++) screen.set(vertices.subarray(3 * v, 3 * v + 3), 4 * v);
  return screen;
}

/** x and y of `[V, 4]`, as `[V, 3]`. */
function flatGradient(ofScreen: Float32Array): Float64Array {
  return Float64Array.from(
    { length: ofScreen.length / 4 * 3 },
    (_, i) => i % 3 === 2 ? 0 : ofScreen[4 * Math.floor(i / 3) + i % 3],
  );
}

/** Vertex colours by `rasterizeMesh` and `interpolateMesh`. */
export function colouredView(
  vertices: Float32Array,
  { faces }: SphereTopology,
  values: Float32Array,
  weights: FloatImage,
): AnyMeshView {
  const { height, width, channels } = weights, mesh = { screen: toScreen(vertices), faces };
  const fragments = rasterizeMesh(mesh.screen, faces, { height, width });
  const attribute = { values, indices: faces, channels };
  const gradients = { values: new Float32Array(values.length), screen: new Float32Array(mesh.screen.length) };
  interpolateMeshBackward(attribute, mesh, fragments, Float32Array.from(weights.data), gradients);
  return {
    image: interpolateMesh(attribute, mesh, fragments) as Float32Array,
    faceIndex: fragments.faceIndex,
    gradientVertices: flatGradient(gradients.screen),
    gradientValues: gradients.values,
  };
}

/** A texture by `texturedMesh`, with the sphere's corner-aligned rows brought to rows at half texels. */
export function texturedView(
  vertices: Float32Array,
  { faces, uvs, faceUvs }: SphereTopology,
  texture: FloatImage,
  weights: FloatImage,
): AnyMeshView {
  const { height: h } = texture, { height, width } = weights, screen = toScreen(vertices);
  const own = uvs.map((value, i) => i % 2 === 0 ? value : 1 - ((1 - value) * (h - 1) + 0.5) / h);
  const renderer = texturedMesh({ faces, uvs: own, faceUvs }, { height, width });
  const image = renderer.forward(screen, {
    ...texture,
    data: Float32Array.from(texture.data),
  }) as Float32Array;
  const gradients = {
    texture: new Float32Array(texture.data.length),
    screen: new Float32Array(screen.length),
  };
  renderer.backward(Float32Array.from(weights.data), gradients);
  return {
    image,
    faceIndex: renderer.fragments.faceIndex.slice(),
    gradientVertices: flatGradient(gradients.screen),
    gradientValues: gradients.texture,
  };
}

/** A soft mask by `softMask`, with the gradient of the vertices. */
export function softView(vertices: Float32Array, { faces }: SphereTopology, weights: FloatImage) {
  const { height, width } = weights, screen = toScreen(vertices), ofScreen = new Float32Array(screen.length);
  const mask = softMask(faces, vertices.length / 3, { height, width });
  const image = mask.forward(screen).slice();
  mask.backward(Float32Array.from(weights.data), ofScreen);
  return { image, gradientVertices: flatGradient(ofScreen) };
}
