/**
 * The part of onnxruntime, in Deno and in browsers, that is used here.
 *
 * @module
 */

/** An array. */
export interface OnnxTensor {
  /** Values. */
  readonly data: ArrayLike<number> | BigInt64Array;
  /** Length of each axis. */
  readonly dims: readonly number[];
}

/** A model that is open. */
export interface OnnxSession {
  /** Names of the inputs. */
  readonly inputNames: readonly string[];
  /** What each input takes. */
  readonly inputMetadata?: readonly {
    readonly isTensor?: boolean;
    readonly type?: string;
    readonly shape?: readonly (number | string)[];
  }[];
  /** Runs it. */
  run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Readonly<Record<string, OnnxTensor>>>;
  /** Frees it. */
  release(): Promise<void>;
}

/** The part of the package that is used here. */
export interface OnnxRuntime {
  /** Makes arrays. */
  readonly Tensor: new (type: "float32", data: Float32Array, dims: readonly number[]) => OnnxTensor;
  /** Opens models: paths, or the bytes of files. */
  readonly InferenceSession: {
    create(model: string | Uint8Array, options?: object): Promise<OnnxSession>;
  };
}
