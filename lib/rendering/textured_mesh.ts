/**
 * The textured image of any mesh with its own UV map, interpolation and sampling in one loop, with gradients of the texture and
 * of the screen positions.
 *
 * @module
 */
import { type FloatArray, type FloatImage, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Mesh } from "../mesh/mesh.ts";
import type { Fragments } from "./rasterize.ts";
import { type RasterizeMeshOptions, rasterizeScreen } from "./rasterize_mesh.ts";
import { SAMPLE_DEFAULTS, type SampleOptions, texelAxis } from "./sampling.ts";
import { gatherCorners } from "./separate_faces.ts";
import { SUMS, texturedBackward, texturedForward, type TexturedScene } from "./_textured_kernel.ts";

/** What `TexturedMesh.backward` adds to. */
export interface TexturedMeshGradients {
  /** Gradient of the texels, `[h, w, C]`. */
  texture?: FloatArray;
  /** Gradient of the screen positions, `[V, 4]`; nothing flows to z. */
  screen?: FloatArray;
}

/** One textured view after another of one topology. */
export interface TexturedMesh {
  /**
   * Renders one view.
   *
   * @param screen Screen positions of `projectToScreen`, `[V, 4]`; kept for the backward pass, not copied
   * @param texture Texels of the same kind (float32 or float64), `[h, w, C]`; kept, not copied
   * @param image Where to write, `[H, W, C]`; new by default
   * @returns Image, 0 beside the mesh, `[H, W, C]`
   * @throws {TypeError} If a shape does not match
   */
  forward(screen: FloatArray, texture: FloatImage, image?: FloatArray): FloatArray;
  /**
   * Gradient of the last `forward`, visibility held fixed.
   *
   * @param gradientImage Gradient of the image, `[H, W, C]`
   * @param gradients Arrays that are added to
   * @param inputs Screen positions and texels of that `forward`, where its arrays are there no more
   * @throws {TypeError} If a shape does not match, or nothing was rendered
   */
  backward(
    gradientImage: FloatArray,
    gradients: TexturedMeshGradients,
    inputs?: { readonly screen: FloatArray; readonly texels: FloatArray },
  ): void;
  /** What the last `forward` saw; weights where there is no face are of any value. */
  readonly fragments: Fragments;
}

/**
 * Makes a renderer of a mesh's UV map with bilinear sampling. It gives what `rasterizeMesh`, `interpolateMesh` of the
 * texture coordinates and `sampleUvTexture` give one after another, without writing the coordinates.
 *
 * @param topology Faces and texture coordinates, `[F, 3]`, `[U, 2]`, `[F, 3]`
 * @param options Size, culling, and what is outside of the texture
 * @returns Renderer; its fragments are overwritten by the next view
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If an index or an option is out of range
 */
export function texturedMesh(
  { faces, uvs, faceUvs }: Pick<Mesh, "faces" | "uvs" | "faceUvs">,
  { wrap = SAMPLE_DEFAULTS.wrap, ...options }: RasterizeMeshOptions & Pick<SampleOptions, "wrap">,
): TexturedMesh {
  checkShapes("render a textured mesh", { faces: [faces, ["F", 3]], faceUvs: [faceUvs, ["F", 3]] });
  const sums = new Float64Array(faces.length / 3 * SUMS); // [F, SUMS]
  const cornerUvs = gatherCorners(uvs, faceUvs, 2), { height, width } = options;
  let fragments: Fragments | undefined, scene: TexturedScene | null = null;
  return {
    get fragments() {
      if (!fragments) throw new TypeError("Cannot read fragments before forward is called");
      return fragments;
    },
    forward(screen, texture, image) {
      const { data, channels } = texture;
      checkShapes("render a textured mesh", {
        screen: [screen, ["V", 4]],
        texture: [data, [texture.height, texture.width, channels]],
        ...(image && { image: [image, [height, width, channels]] as const }),
      });
      fragments = rasterizeScreen(screen, faces, options, fragments, false);
      scene = {
        ...{ vertices: screen, stride: 4, faces, cornerUvs, channels, sums },
        ...{ texture: data, height: texture.height, width: texture.width },
        columns: texelAxis(texture.width, wrap),
        rows: texelAxis(texture.height, wrap),
        faceIndex: fragments.faceIndex,
        barycentric: fragments.barycentric,
        firstPixel: fragments.rows.first * width,
        endPixel: fragments.rows.end * width,
      };
      const out = image ?? zerosLike(data, height * width * channels); // [H, W, C]
      texturedForward(scene, out);
      return out;
    },
    backward(gradientImage, gradients, inputs) {
      if (scene === null) throw new TypeError("Cannot call backward before forward is called");
      checkShapes("propagate gradients of a textured mesh", {
        gradientImage: [gradientImage, [height, width, scene.channels]],
        ...(gradients.texture && { gradientTexture: [gradients.texture, [scene.texture.length]] as const }),
        ...(gradients.screen && { gradientScreen: [gradients.screen, [scene.vertices.length]] as const }),
      });
      if (inputs) scene = { ...scene, vertices: inputs.screen, texture: inputs.texels };
      texturedBackward(scene, gradientImage, gradients.texture ?? null, gradients.screen ?? null);
    },
  };
}
