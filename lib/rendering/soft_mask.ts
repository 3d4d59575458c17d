/**
 * The soft silhouette of any mesh in images of any shape, with gradients of the screen positions.
 *
 * @module
 */
import { type FloatArray, zerosLike } from "../core/arrays.ts";
import { checkShapes } from "../core/shapes.ts";
import { clipNear, clipNearBackward } from "./_clip_near.ts";
import {
  checkNear,
  depthColumn,
  RASTERIZE_MESH_DEFAULTS,
  type RasterizeMeshOptions,
} from "./rasterize_mesh.ts";
import { type SilhouetteOptions, SoftSilhouette } from "./soft_silhouette.ts";
import { softSilhouetteReference, softSilhouetteReferenceBackward } from "./soft_silhouette_reference.ts";

/** Size of an image, and how soft its silhouettes are; lengths are in NDC of the longer side. */
export interface SoftMaskOptions
  extends SilhouetteOptions, Pick<RasterizeMeshOptions, "height" | "width" | "near"> {}

/** A soft mask of one mesh after another. */
export interface SoftMask {
  /**
   * Renders one mesh.
   *
   * @param screen Screen positions, `[V, 4]`
   * @returns Coverage in [0, 1], `[H, W]`
   */
  forward(screen: FloatArray): FloatArray;
  /**
   * Gradient of the last `forward`, none to z, and none to 1 / w but from faces that are cut.
   *
   * @param gradientMask Gradient of the mask, `[H, W]`
   * @param gradientScreen Added to, `[V, 4]`
   */
  backward(gradientMask: FloatArray, gradientScreen: FloatArray): void;
}

/**
 * Takes the memory for soft masks: covered pixels are 1, those beside the mesh fall off with the squared distance to its
 * faces. Pixels inside count as covered where a face shows its front. The image is the upper left part of a square, so
 * that distances are the same in both directions. Faces that reach through the near plane are cut there. Float64 positions
 * take the plain reference, which is exact and slow.
 *
 * @param faces Vertex indices, `[F, 3]`
 * @param vertexCount Number of vertices, V
 * @param options Size, sharpness, margin and number of faces
 * @throws {TypeError} If a shape does not match
 * @throws {RangeError} If a size, a face or an option is out of range
 */
export function softMask(faces: Int32Array, vertexCount: number, options: SoftMaskOptions): SoftMask {
  const { height, width, near = RASTERIZE_MESH_DEFAULTS.near, ...rest } = options;
  const S = Math.max(height, width), V = vertexCount, shape = { height, width, S };
  const whole = new SoftSilhouette(faces, V, S, rest); // checks the options, too
  checkSides(height, width);
  checkNear("render a soft mask", near);
  /** Draws a mesh in front; its image, and how gradients of the square reach x and y, `[V, 2]`. */
  const draw = (screen: FloatArray, faces: Int32Array, soft: SoftSilhouette | null) => {
    const square = toSquare(screen, shape);
    if (screen instanceof Float64Array) {
      const reference = softSilhouetteReference(square, faces, S, S, rest);
      const propagate = (gradient: FloatArray) =>
        softSilhouetteReferenceBackward(square, faces, reference, gradient);
      return { image: reference.image, propagate };
    }
    const own = soft ?? new SoftSilhouette(faces, screen.length / 4, S, rest);
    own.forward(square);
    return { image: own.image(), propagate: (gradient: FloatArray) => own.backward(gradient) };
  };
  let last: ((gradientSquare: FloatArray, gradientScreen: FloatArray) => void) | null = null;
  return {
    forward(screen) {
      checkShapes("render a soft mask", { screen: [screen, [V, 4]] });
      const clipped = depthColumn(screen) === 3 ? clipNear(screen, faces, near) : null;
      if (clipped === null) {
        const { image, propagate } = draw(screen, faces, whole);
        last = (gradient, ofScreen) => fromSquare(propagate(gradient), shape, ofScreen);
        return crop(image, shape);
      }
      const { image, propagate } = draw(clipped.screen, clipped.faces, null),
        positions = screen.slice();
      last = (gradient, ofScreen) => {
        const ofClipped = zerosLike(clipped.screen);
        fromSquare(propagate(gradient), shape, ofClipped);
        clipNearBackward(positions, clipped, near, ofClipped, ofScreen);
      };
      return crop(image, shape);
    },
    backward(gradientMask, gradientScreen) {
      checkShapes("propagate gradients of a soft mask", {
        gradientMask: [gradientMask, [height, width]],
        gradientScreen: [gradientScreen, [V, 4]],
      });
      if (last === null) throw new TypeError("Cannot propagate a soft mask: current value is no mask");
      const gradientSquare = zerosLike(gradientMask, S * S); // [S, S]
      for (let i = 0; i < height; i++) {
        gradientSquare.set(gradientMask.subarray(i * width, (i + 1) * width), i * S);
      }
      last(gradientSquare, gradientScreen);
    },
  };
}

/** An image in the upper left of a square. */
interface Inset {
  readonly height: number;
  readonly width: number;
  /** Side of the square. */
  readonly S: number;
}

function checkSides(height: number, width: number): void {
  for (const side of [height, width]) {
    if (!(Number.isInteger(side) && side >= 1)) {
      throw new RangeError(
        `Cannot render a soft mask without sides of 1 or more: current value is ${height} × ${width}`,
      );
    }
  }
}

/** The same pixels in the NDC of the square, `[V, 3]`. */
function toSquare(screen: FloatArray, { height, width, S }: Inset): FloatArray {
  const square = zerosLike(screen, screen.length / 4 * 3); // [V, 3]
  for (let v = 0; v < screen.length / 4; v++) {
    square[3 * v] = (screen[4 * v] * width + width - S) / S;
    square[3 * v + 1] = (screen[4 * v + 1] * height + S - height) / S;
    square[3 * v + 2] = screen[4 * v + 2];
  }
  return square;
}

/** Adds the gradient of `toSquare`, `[V, 2]` to `[V, 4]`. */
function fromSquare(gradient: FloatArray, { height, width, S }: Inset, gradientScreen: FloatArray): void {
  for (let v = 0; v < gradient.length / 2; v++) {
    gradientScreen[4 * v] += gradient[2 * v] * width / S;
    gradientScreen[4 * v + 1] += gradient[2 * v + 1] * height / S;
  }
}

/** The image of the square, `[H, W]`. */
function crop(square: FloatArray, { height, width, S }: Inset): FloatArray {
  const image = zerosLike(square, height * width); // [H, W]
  for (let i = 0; i < height; i++) image.set(square.subarray(i * S, i * S + width), i * width);
  return image;
}
