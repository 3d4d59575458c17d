/**
 * Models in ONNX's format, run by the optional package onnxruntime-node.
 *
 * @module
 */
import { messageOf, UserError } from "../../core/errors.ts";
import { refuseForeign } from "../../io/foreign_content.ts";

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

/** The package that runs models. It is large, so it is fetched only when a model is loaded. */
export const ONNX_PACKAGE = "npm:onnxruntime-node@1.30.0";

interface OnnxTensor {
  readonly data: ArrayLike<number> | BigInt64Array;
  readonly dims: readonly number[];
}

/** The part of the package that is used here. */
interface OnnxRuntime {
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OnnxTensor;
  readonly InferenceSession: {
    create(path: string, options?: object): Promise<{
      readonly inputNames: readonly string[];
      readonly inputMetadata?: readonly {
        readonly isTensor?: boolean;
        readonly type?: string;
        readonly shape?: readonly (number | string)[];
      }[];
      run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
      release(): Promise<void>;
    }>;
  };
}

/**
 * Loads a model.
 *
 * @param path File
 * @returns The model
 * @throws {UserError} If the package cannot be had, or the file is missing, damaged or takes something other than a
 * picture of floats
 */
export async function loadOnnxModel(path: string): Promise<ImageModel> {
  const head = await readHead(path).catch(() => {
    throw new UserError(`Cannot load the model ${path}: there is no such file`);
  });
  refuseForeign(head, path);
  const { InferenceSession, Tensor } = await loadRuntime();
  const session = await InferenceSession.create(path, { logSeverityLevel: 3 }).catch((error) => {
    throw new UserError(`Cannot load the model ${path}: ${messageOf(error)}`, { cause: error });
  });
  const [name] = session.inputNames, [input] = session.inputMetadata ?? [];
  const shape = input?.shape?.map((axis) => typeof axis === "number" && axis > 0 ? axis : null);
  const isPicture = session.inputNames.length === 1 && shape && (shape.length === 3 || shape.length === 4) &&
    (shape.at(-3) ?? 3) === 3 && (input?.type ?? "float32") === "float32";
  if (!isPicture) {
    await session.release();
    throw new UserError(
      `Cannot use the model ${path}: it must have one input of float32 [1, 3, H, W] or [3, H, W], ` +
        `current value is ${session.inputNames.length} of [${shape ?? "unknown"}]`,
    );
  }
  return {
    inputShape: shape,
    async run({ data, shape }) {
      const outputs = await session.run({ [name]: new Tensor("float32", data, shape) });
      return Object.fromEntries(
        Object.entries(outputs).map(([key, { data, dims }]) => [key, { data, shape: dims }]),
      );
    },
    close: () => session.release(),
  };
}

/** The beginning of a file. */
async function readHead(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path);
  const head = new Uint8Array(512);
  return head.subarray(0, await file.read(head) ?? 0);
}

async function loadRuntime(): Promise<OnnxRuntime> {
  const specifier: string = ONNX_PACKAGE; // not a literal, so that checking types does not fetch it
  try {
    return await import(specifier);
  } catch (error) {
    throw new UserError(
      `Cannot load ${ONNX_PACKAGE}, which runs models: ${
        messageOf(error).split("\n")[0]
      }. It is fetched (290 MB) ` +
        `when it is first used; without a network, bring the results of another tool with 'results'.`,
      { cause: error },
    );
  }
}
