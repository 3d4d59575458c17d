/**
 * The hard textured image of one mesh after another, with gradients of the texture and of the vertices.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { createFragments, type Fragments, rasterize } from "./rasterize.ts";
import { gatherCorners } from "./separate_faces.ts";
import { sphereColumns } from "./texture.ts";
import { cornerRows } from "./_texture_kernel.ts";
import {
  SUMS,
  texturedBackward,
  texturedCompare,
  texturedForward,
  type TexturedScene,
} from "./_textured_kernel.ts";

/** Size of the textures that a renderer draws. */
export interface TextureSize {
  /** Rows, h. */
  readonly height: number;
  /** Columns, w. */
  readonly width: number;
  /** Channels, C. */
  readonly channels: number;
}

/**
 * Renders a textured mesh without lighting: nearest face, interpolated texture coordinates, bilinear texture, 0 beside the
 * mesh. All memory is taken once; results are overwritten by the next call.
 *
 * Differentiable in the texture and, through the texture coordinates, in x and y of the vertices; visibility is held fixed.
 */
export class TextureRenderer {
  /** What the last `forward` saw; weights where there is no face are of any value. */
  readonly fragments: Fragments;
  readonly #faces: Int32Array; // [F, 3]
  readonly #cornerUvs: FloatArray; // [F, 3, 2]
  readonly #textureSize: TextureSize;
  readonly #symmetric: boolean;
  readonly #vertices: FloatArray; // [V, 3]
  readonly #sums: Float64Array; // [F, SUMS]
  readonly #image: FloatArray; // [H, W, C]
  #texture: FloatArray;
  #drawn: FloatArray; // [H, W, C], the last image
  #target: FloatArray | null = null; // [H, W, C]

  /**
   * Takes the memory for one mesh topology, image size and texture size.
   *
   * @param mesh Faces and texture coordinates; of the vertices only their number counts
   * @param height Rows of the image, H
   * @param width Columns of the image, W
   * @param texture Size of the textures
   * @param options `symmetric`: whether texture columns lie as on a template with mirror symmetry
   *   (`sphereColumns`); `double`: kind of all arrays that the renderer makes: float64 serves numeric tests
   * @throws {TypeError} If a shape does not match
   * @throws {RangeError} If the size or a face is out of range
   */
  constructor(
    mesh: Mesh,
    height: number,
    width: number,
    texture: TextureSize,
    { symmetric = true, double = false }: { readonly symmetric?: boolean; readonly double?: boolean } = {},
  ) {
    const like = double ? new Float64Array(0) : new Float32Array(0);
    this.fragments = createFragments(height, width, like);
    this.#faces = mesh.faces;
    this.#cornerUvs = gatherCorners(mesh.uvs, mesh.faceUvs, 2);
    this.#sums = new Float64Array(mesh.faces.length / 3 * SUMS);
    this.#textureSize = texture;
    this.#symmetric = symmetric;
    this.#vertices = zerosLike(like, mesh.vertices.length); // [V, 3]
    this.#image = zerosLike(like, height * width * texture.channels); // [H, W, C]
    this.#texture = like;
    this.#drawn = this.#image;
  }

  /**
   * Renders one mesh.
   *
   * @param vertices Screen positions, `[V, 3]` at `offset`
   * @param texture Texels, `[h, w, C]`; kept for the backward pass, not copied
   * @param offset Index of the first position, for one mesh of a batch
   * @param out Where to write, `[H, W, C]`; by default an array that this object owns and overwrites by the next call
   * @returns Image, `[H, W, C]`
   * @throws {TypeError} If a shape does not match
   */
  forward(vertices: FloatArray, texture: FloatArray, offset = 0, out = this.#image): FloatArray {
    const { height, width, channels } = this.#textureSize;
    const own = this.#vertices;
    const view = vertices.subarray(offset, offset + own.length);
    checkShapes("render a textured mesh", {
      vertices: [view, [own.length / 3, 3]],
      texture: [texture, [height, width, channels]],
      out: [out, [this.fragments.height, this.fragments.width, channels]],
    });
    own.set(view);
    this.#texture = texture;
    const { height: rows, width: columns } = this.fragments;
    rasterize(own, this.#faces, rows, columns, this.fragments, { clearWeights: false });
    texturedForward(this.#scene(), out);
    this.#drawn = out;
    this.#target = null;
    return out;
  }

  /**
   * Mean over all values of (image − target)², and what `backwardMeanSquaredError` needs.
   *
   * @param target Image to compare with, `[H, W, C]`; kept for the backward pass, not copied
   * @param targetSquares Sum of the target's squares; constant, so computed once by the caller
   * @returns Mean squared error of the last image
   * @throws {TypeError} If the target has another size
   */
  meanSquaredError(target: FloatArray, targetSquares: number): number {
    const { height, width } = this.fragments;
    checkShapes("compare textured images", { target: [target, [height, width, this.#textureSize.channels]] });
    this.#target = target;
    return (targetSquares + texturedCompare(this.#scene(), this.#drawn, target)) / target.length;
  }

  /**
   * Gradient of the last `meanSquaredError`.
   *
   * @param gradientTexture Added to, `[h, w, C]`; null for none
   * @param gradientVertices Added to: screen x and y, `[V, 2]`; null for none
   * @throws {TypeError} If a shape does not match, or nothing was compared since the last `forward`
   */
  backwardMeanSquaredError(gradientTexture: FloatArray | null, gradientVertices: FloatArray | null): void {
    const target = this.#target;
    if (target === null) {
      throw new TypeError("Cannot propagate a mean squared error: current value is no comparison");
    }
    this.#propagate(target, gradientTexture, gradientVertices, 2 / target.length);
  }

  /**
   * Gradient of the last `forward`.
   *
   * @param gradientImage Gradient of the image, `[H, W, C]`
   * @param gradientTexture Added to, `[h, w, C]`; null for none
   * @param gradientVertices Added to: screen x and y, `[V, 2]`; null for none
   * @param texture Texels of that `forward`, where its array is there no more
   * @throws {TypeError} If a shape does not match
   */
  backward(
    gradientImage: FloatArray,
    gradientTexture: FloatArray | null,
    gradientVertices: FloatArray | null,
    texture = this.#texture,
  ): void {
    this.#texture = texture;
    this.#propagate(gradientImage, gradientTexture, gradientVertices, null);
  }

  /** Backward of the gradient of the image, or, with a factor, of the comparison with a target. */
  #propagate(
    gradientImage: FloatArray,
    gradientTexture: FloatArray | null,
    gradientVertices: FloatArray | null,
    factor: number | null,
  ): void {
    const { height, width, channels } = this.#textureSize;
    checkShapes("propagate gradients of a textured mesh", {
      gradientImage: [gradientImage, [this.fragments.height, this.fragments.width, channels]],
      ...(gradientTexture && { gradientTexture: [gradientTexture, [height, width, channels]] as const }),
      ...(gradientVertices &&
        { gradientVertices: [gradientVertices, [this.#vertices.length / 3, 2]] as const }),
    });
    texturedBackward(
      this.#scene(),
      gradientImage,
      gradientTexture,
      gradientVertices,
      factor === null ? null : { image: this.#drawn, factor },
    );
  }

  #scene(): TexturedScene {
    const { height, width, channels } = this.#textureSize;
    const { faceIndex, barycentric, rows, width: columns } = this.fragments;
    return {
      vertices: this.#vertices,
      stride: 3,
      faces: this.#faces,
      sums: this.#sums,
      texture: this.#texture,
      height,
      width,
      channels,
      columns: sphereColumns(width, this.#symmetric),
      rows: cornerRows(height),
      cornerUvs: this.#cornerUvs,
      faceIndex,
      barycentric,
      firstPixel: rows.first * columns,
      endPixel: rows.end * columns,
    };
  }
}
