/**
 * Models in ONNX's format that take one picture, run by the optional package onnxruntime-node.
 *
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import { refuseForeign } from "../io/foreign_content.ts";
import { editOnnx } from "./onnx_graph.ts";
import { loadOnnxRuntime, type OnnxSession } from "./onnx_runtime.ts";

/** An array of a model. */
export interface ModelArray {
  /** Values. */
  readonly data: ArrayLike<number> | BigInt64Array;
  /** Length of each axis. */
  readonly shape: readonly number[];
}

/** A model with one picture as input. */
export interface ImageModel {
  /** Lengths of the input's axes; null where any will do. */
  readonly inputShape: readonly (number | null)[];
  /** Runs it and gives its outputs by name. */
  run(input: { data: Float32Array; shape: readonly number[] }): Promise<Readonly<Record<string, ModelArray>>>;
  /** Frees it. */
  close(): Promise<void>;
}

/** Options of {@link loadOnnxModel}. */
export interface OnnxModelOptions {
  /** Whether the package that runs models may be downloaded where it is not there. */
  fetch?: boolean;
  /** Threads; 0 for one per core. */
  threads?: number;
  /** Arrays inside the model that are wanted beside its outputs, by the names of `readOnnxGraph`. */
  inner?: readonly string[];
  /**
   * Takes pictures of any height and width although the file names a size. Right only for models that compute their
   * shapes from the picture's, such as vision transformers that resize their table of places.
   */
  anySize?: boolean;
}

/** Defaults of {@link OnnxModelOptions}. */
export const ONNX_MODEL_DEFAULTS = {
  fetch: false,
  threads: 0,
  inner: [],
  anySize: false,
} as const satisfies Required<OnnxModelOptions>;

/**
 * Loads a model.
 *
 * @param path File
 * @param options How it is run
 * @returns The model
 * @throws {UserError} If the package cannot be had, or the file is missing, damaged or takes something other than a
 * picture of floats
 */
export async function loadOnnxModel(path: string, options: OnnxModelOptions = {}): Promise<ImageModel> {
  const { fetch, threads, inner, anySize } = { ...ONNX_MODEL_DEFAULTS, ...options };
  const head = await readHead(path).catch(() => {
    throw new UserError(`Cannot load the model ${path}: there is no such file`);
  });
  refuseForeign(head, path);
  const { InferenceSession, Tensor } = await loadOnnxRuntime(fetch);
  const settings = {
    logSeverityLevel: 3,
    ...(threads > 0 ? { intraOpNumThreads: threads, interOpNumThreads: threads } : {}),
  };
  const open = async (model: string | Uint8Array) => {
    try {
      return await InferenceSession.create(model, settings);
    } catch (error) {
      throw new UserError(`Cannot load the model ${path}: ${messageOf(error)}`, { cause: error });
    }
  };
  let session = await open(path);
  const [name] = session.inputNames, shape = await inputShapeOf(session, path);
  if (inner.length > 0 || anySize) {
    const bytes = editOnnx(
      await Deno.readFile(path),
      { outputs: inner, freeInput: anySize ? name : "" },
      path,
    );
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
async function inputShapeOf(session: OnnxSession, path: string): Promise<(number | null)[]> {
  const [input] = session.inputMetadata ?? [];
  const shape = input?.shape?.map((axis) => typeof axis === "number" && axis > 0 ? axis : null);
  const isPicture = session.inputNames.length === 1 && shape && (shape.length === 3 || shape.length === 4) &&
    (shape.at(-3) ?? 3) === 3 && (input?.type ?? "float32") === "float32";
  if (isPicture) return shape;
  await session.release();
  throw new UserError(
    `Cannot use the model ${path}: it must have one input of float32 [1, 3, H, W] or [3, H, W], ` +
      `current value is ${session.inputNames.length} of [${shape ?? "unknown"}]`,
  );
}

/** The beginning of a file. */
async function readHead(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const head = new Uint8Array(512);
  return head.subarray(0, await file.read(head) ?? 0);
}
