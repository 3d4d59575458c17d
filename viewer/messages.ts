/**
 * What the page and the generator's worker say to each other.
 *
 * @module
 */
import type { ViewerGenerator } from "./server/manifest.ts";

/** From the page. */
export type WorkerRequest =
  | {
    readonly kind: "load";
    /** The generator of the manifest. */
    readonly generator: ViewerGenerator;
    /** Address of the page's folder. */
    readonly base: string;
  }
  | {
    readonly kind: "generate";
    /** Number that the answer carries. */
    readonly id: number;
    /** Latent code, `[Z]`. */
    readonly latent: Float32Array;
    /** Class; used with class conditioning only. */
    readonly classIndex: number;
  };

/** A generated object. */
export interface SampleMessage {
  readonly kind: "sample";
  /** Number of the request. */
  readonly id: number;
  /** Vertices in the object frame, `[V, 3]`. */
  readonly vertices: Float32Array<ArrayBuffer>;
  /** Colours in (−1, 1), `[R, R, 3]`. */
  readonly texture: Float32Array<ArrayBuffer>;
  /** Side of the texture, R. */
  readonly resolution: number;
  /** Time that it took. */
  readonly milliseconds: number;
}

/** From the worker. */
export type WorkerMessage =
  | { readonly kind: "loading"; /** Share of the weights, 0 to 1. */ readonly share: number }
  | { readonly kind: "ready"; /** What computes, for a person. */ readonly backend: string }
  | SampleMessage
  | {
    readonly kind: "problem"; /** Number of the request; null while loading. */
    readonly id: number | null;
    readonly message: string;
  };
