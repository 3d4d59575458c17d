/**
 * What a layout says about one object before any image is opened.
 *
 * @module
 */
import type { IgnoredFile, ImageProblem } from "./import_report.ts";
import type { AnnotatedCamera } from "./true_pose.ts";

/** Where a mask comes from. */
export type MaskSource =
  | { readonly kind: "alpha" }
  | { readonly kind: "file"; readonly path: string }
  | {
    readonly kind: "polygons";
    readonly polygons: readonly (readonly number[])[];
    /** Polygons of holes through the polygons. */
    readonly holes?: readonly (readonly number[])[];
    /** Whether corners are shares of the image's width and height, rather than pixels. */
    readonly inShares?: boolean;
  }
  | {
    readonly kind: "runs";
    readonly counts: string | readonly number[];
    readonly size: readonly [number, number];
  };

/** The mask of a part. */
export interface PartSource {
  /** Label of the part. */
  readonly label: number;
  /** Its mask. */
  readonly mask: MaskSource;
}

/** One object in one photograph; paths are relative to the folder that is imported. */
export interface PhotoSource {
  /** Name from the file name, unique after the layout was read. */
  readonly id: string;
  /** Photograph. */
  readonly image: string;
  /** Mask; null if none was found. */
  readonly mask: MaskSource | null;
  /** Why none was found, as the beginning of a sentence, where that is known. */
  readonly unmarked?: string;
  /** Image of part labels; null if there is none. */
  readonly parts: string | null;
  /** Masks of parts in the photograph, in place of an image of labels; some may be of other objects in it. */
  readonly partMasks?: readonly PartSource[];
  /** Rows and columns that the annotations state; null if they do not. */
  readonly statedSize: readonly [height: number, width: number] | null;
  /** Camera, for images with known poses. */
  readonly camera: AnnotatedCamera | null;
  /** Why it cannot be used, if that is known before it is opened. */
  readonly problem?: ImageProblem;
}

/** A folder of photographs, understood. */
export interface PhotoLayout {
  /** Its kind, as a person would say it. */
  readonly description: string;
  /** Objects in the order of the files. */
  readonly sources: readonly PhotoSource[];
  /** Names of part labels; labels without a name are called by their number. */
  readonly partNames: ReadonlyMap<number, string>;
  /** What was noticed about annotations, and about files that belong to no object. */
  readonly problems: readonly ImageProblem[];
  /** Files that are not used, and why. */
  readonly ignored?: readonly IgnoredFile[];
}

/**
 * Names of files as ids: letters, digits, dots, dashes and underscores only, numbered where two are the same.
 */
export class IdMaker {
  readonly #used = new Set<string>();

  /** A new id for a path without its ending. */
  make(stem: string): string {
    const name = stem.replace(/[^\p{L}\p{N}._-]+/gu, "_");
    let id = name;
    for (let number = 2; this.#used.has(id); number++) id = `${name}_${number}`;
    this.#used.add(id);
    return id;
  }
}
