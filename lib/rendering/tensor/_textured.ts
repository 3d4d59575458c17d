/**
 * The textured image of meshes in one operation.
 *
 * @module
 */
import type { Mesh } from "../../mesh/mesh.ts";
import { hostOpInPlace } from "../../backend/host_op.ts";
import { checkShapes } from "../../core/shapes.ts";
import type { Tensor3D, Tensor4D } from "../../core/tensor.ts";
import { gradientEngine } from "../_gradient_engine.ts";
import { createFragments } from "../rasterize.ts";
import type { RasterizeMeshOptions } from "../rasterize_mesh.ts";
import type { SampleOptions } from "../sampling.ts";
import { texturedMesh } from "../textured_mesh.ts";
import { batchEntry } from "./_host_gradient_op.ts";
import { packFragments } from "./rasterize.ts";

/** Faces and texture coordinates of a mesh. */
export type UvTopology = Pick<Mesh, "faces" | "uvs" | "faceUvs">;

/** Kind of the second result. */
export type SeenKind = "mask" | "fragments";

/**
 * Rasterises, interpolates and samples bilinearly in one loop. Differentiable in texels and in x, y and 1 / w.
 *
 * @param screen Screen positions, `[B, V, 4]`
 * @param texels Texture, `[h, w, C]` for all views or `[B, h, w, C]`
 * @param topologies One for all, or one for each entry
 * @param options Size, culling, and what is outside of the texture
 * @param kind Whether masks `[B, H, W, 1]` or fragments `[B, H, W, 4]` come with the images; neither has a gradient
 * @returns Images, 0 beside the mesh, `[B, H, W, C]`, and what was seen
 */
export function textured(
  screen: Tensor3D,
  texels: Tensor3D | Tensor4D,
  topologies: readonly UvTopology[],
  options: RasterizeMeshOptions & Pick<SampleOptions, "wrap">,
  kind: SeenKind,
): { image: Tensor4D; seen: Tensor4D } {
  const { B, V, h, w, C } = checkShapes("render textured meshes", {
    screen: [screen, ["B", "V", 4]],
    texels: texels.rank === 3 ? [texels, ["h", "w", "C"]] : [texels, ["B", "h", "w", "C"]],
  });
  const { height, width } = options, pixels = height * width, texelCount = h * w * C;
  createFragments(height, width, new Float32Array(0)); // checks the size
  const views = Array.from(
    { length: B },
    (_, b) => texturedMesh(topologies[topologies.length === 1 ? 0 : b], options),
  );
  const channels = kind === "mask" ? 1 : 4, values = [screen, texels];
  const draw = ([positions, textures, images, seen]: Float32Array[]) =>
    views.forEach((view, b) => {
      const texture = { data: batchEntry(textures, b, texelCount), height: h, width: w, channels: C };
      view.forward(batchEntry(positions, b, 4 * V), texture, batchEntry(images, b, pixels * C));
      const { faceIndex } = view.fragments, own = batchEntry(seen, b, pixels * channels);
      if (kind === "fragments") packFragments(view.fragments, own);
      else for (let o = 0; o < pixels; o++) own[o] = faceIndex[o] < 0 ? 0 : 1;
    });
  const propagate = ([gradient, positions, textures, ofScreen, ofTexels]: Float32Array[]) => {
    ofScreen.fill(0);
    ofTexels.fill(0);
    views.forEach((view, b) => {
      const screen = batchEntry(positions, b, 4 * V), texels = batchEntry(textures, b, texelCount);
      const of = {
        screen: batchEntry(ofScreen, b, 4 * V),
        texture: batchEntry(ofTexels, b, texelCount),
      };
      view.backward(batchEntry(gradient, b, pixels * C), of, { screen, texels });
    });
  };
  const [image, seen] = gradientEngine().runKernelFunc({
    inputs: { screen, texels },
    forwardFunc(_backend, save) {
      save(values);
      return hostOpInPlace("renderMesh", values, [[B, height, width, C], [B, height, width, channels]], draw);
    },
    backwardsFunc([gradient], saved) {
      const shapes = [screen.shape, texels.shape];
      const [ofScreen, ofTexels] = hostOpInPlace("renderMesh", [gradient, ...saved], shapes, propagate);
      return { screen: () => ofScreen, texels: () => ofTexels };
    },
  });
  return { image: image as Tensor4D, seen: seen as Tensor4D };
}
