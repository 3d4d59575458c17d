/**
 * Models in ONNX's format that take one image; free of files, so that they run in browsers too.
 *
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import { editOnnx } from "./onnx_graph.ts";
import type { OnnxRuntime, OnnxSession } from "./onnx_session.ts";

/** An array of a model. */
export interface ModelArray {
  /** Values. */
  readonly data: ArrayLike<number> | BigInt64Array;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** A model with one image as input. */
export interface ImageModel {
  /** Lengths of the input's axes; null where any will do. */
  readonly inputShape: readonly (number | null)[];
  /** Runs it and gives its outputs by name. */
  run(input: { data: Float32Array; shape: readonly number[] }): Promise<Readonly<Record<string, ModelArray>>>;
  /** Frees it. */
  close(): Promise<void>;
}

/** Options of {@link openImageModel}. */
export interface ImageModelOptions {
  /** Threads; 0 for one per core. Browsers have one number for all models. */
  threads?: number;
  /** Arrays inside the model that are wanted beside its outputs, by the names of `readOnnxGraph`. */
  inner?: readonly string[];
  /**
   * Takes images of any height and width although the file names a size. Right only for models that compute their
   * shapes from the image's, such as vision transformers that resize their table of places.
   */
  anySize?: boolean;
}

/** A model's file. */
export interface ModelFile {
  /** Its path or name, for messages. */
  readonly place: string;
  /** Its path where the runtime reads files, else its bytes. */
  readonly source: string | Uint8Array;
  /** Reads its bytes. */
  read(): Promise<Uint8Array>;
}

/**
 * Opens a model.
 *
 * @param runtime What runs it
 * @param file The file
 * @param options How it is run
 * @throws {UserError} If the file is damaged or takes something other than an image of floats
 */
export async function openImageModel(
  { InferenceSession, Tensor }: OnnxRuntime,
  { place, source, read }: ModelFile,
  { threads = 0, inner = [], anySize = false }: ImageModelOptions = {},
): Promise<ImageModel> {
  const settings = {
    logSeverityLevel: 3,
    ...(threads > 0 ? { intraOpNumThreads: threads, interOpNumThreads: threads } : {}),
  };
  const open = async (model: string | Uint8Array) => {
    try {
      return await InferenceSession.create(model, settings);
    } catch (error) {
      throw new UserError(`Cannot load the model ${place}: ${messageOf(error)}`, { cause: error });
    }
  };
  let session = await open(source);
  const [name] = session.inputNames, shape = await inputShapeOf(session, place);
  if (inner.length > 0 || anySize) {
    const bytes = editOnnx(await read(), { outputs: inner, freeInput: anySize ? name : "" }, place);
    await session.release();
    session = await open(bytes);
  }
  return {
    inputShape: anySize ? [...shape.slice(0, -2), null, null] : shape,
    async run({ data, shape }) {
      const outputs = await session.run({ [name]: new Tensor("float32", data, shape) });
      return Object.fromEntries(
        Object.entries(outputs).map(([key, { data, dims }]) => [key, { data, shape: dims }]),
      );
    },
    close: () => session.release(),
  };
}

/** Lengths of the axes of the only input; null where any will do. */
async function inputShapeOf(session: OnnxSession, place: string): Promise<(number | null)[]> {
  const [input] = session.inputMetadata ?? [];
  const shape = input?.shape?.map((axis) => typeof axis === "number" && axis > 0 ? axis : null);
  const isImage = session.inputNames.length === 1 && shape && (shape.length === 3 || shape.length === 4) &&
    (shape.at(-3) ?? 3) === 3 && (input?.type ?? "float32") === "float32";
  if (isImage) return shape;
  await session.release();
  throw new UserError(
    `Cannot use the model ${place}: it must have one input of float32 [1, 3, H, W] or [3, H, W], ` +
      `current value is ${session.inputNames.length} of [${shape ?? "unknown"}]`,
  );
}
