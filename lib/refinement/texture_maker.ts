/**
 * Textures of single photographs: what they show of their objects, completed; free of files, so that it runs in browsers
 * too.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import type { Sample } from "../datasets/dataset.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { completeTexture } from "./complete_texture.ts";
import type { RefinedObject } from "./files.ts";
import type { PhotographReader } from "./fit_photograph.ts";
import { padPhotograph } from "./padded_photograph.ts";
import { partColours, texelAreas } from "./part_colours.ts";
import { DONOR_CONFIDENCE, OWN_CONFIDENCE, type PartialTexture, seenTexture } from "./partial_texture.ts";
import { projectPhotograph, type SeenTexels } from "./project_photograph.ts";
import { type TexelSurface, texelSurface } from "./texel_surface.ts";

/** Pixels of a photograph of 256 pixels at the rim of the mask whose colours are not taken. */
export const RIM = 1;
/** Sides of photographs that are projected, pixels. */
const LEAST_PHOTOGRAPH = 256, MOST_PHOTOGRAPH = 1024;
/** Projected photographs that are kept, for textures of 512 texels. */
const KEPT = 6;

/** A photograph with the shape and pose of its object. */
export interface FittedPhotograph<Photograph = PhotographReader> {
  /** The photograph. */
  readonly photograph: Photograph;
  /** Id of the photograph. */
  readonly id: string;
  /** Shape, `[V, 3]`. */
  readonly vertices: Float32Array;
  /** Pose. */
  readonly pose: Pose;
}

/** What a texture is made of. */
export interface TextureSources<Photograph = PhotographReader> extends FittedPhotograph<Photograph> {
  /** IoU of mesh and mask. */
  readonly iou: number;
  /** Photographs that give texels, with the factors of their channels. */
  readonly donors: readonly (FittedPhotograph<Photograph> & { readonly gain: readonly number[] })[];
  /** Texture of lower confidence, colours in [0, 1]; null if there is none. */
  readonly prior: FloatImage | null;
  /** Part of each vertex, `[V]`, by which the rest is coloured; what surrounds it does so if left out. */
  readonly partLabels?: ArrayLike<number>;
}

/** Size and symmetry of textures. */
export interface TextureShape {
  /** Rows and columns, R. */
  readonly resolution: number;
  /** Whether objects are taken as mirror-symmetric. */
  readonly symmetric: boolean;
}

/** Makes textures, and keeps photographs that give to several. */
export class TextureMaker {
  readonly #shared: TextureShape;
  readonly #kept = new Map<string, SeenTexels>();
  #surface: TexelSurface | null = null;

  /**
   * Keeps what all textures have in common.
   *
   * @param shared Size and symmetry of the textures
   */
  constructor(shared: TextureShape) {
    this.#shared = shared;
  }

  /** Forgets the photographs that were kept by their ids. */
  forget(): void {
    this.#kept.clear();
  }

  /** Completes the texture of one photograph. */
  async make(task: TextureSources): Promise<RefinedObject> {
    const { id, vertices, pose, iou, donors, prior, partLabels, photograph } = task;
    const { symmetric, resolution } = this.#shared;
    const own = seenTexture(await this.#seen({ id, vertices, pose, photograph }), OWN_CONFIDENCE, symmetric);
    const given = [];
    for (const donor of donors) {
      const texture = seenTexture(await this.#seen(donor), DONOR_CONFIDENCE, symmetric);
      given.push({ texture, gain: donor.gain });
    }
    const surface = this.#surface ??= texelSurface(resolution);
    const rest = partLabels
      ? (known: PartialTexture) =>
        partColours(known, partLabels, surface, texelAreas(projectVertices(vertices, pose), surface))
      : null;
    const { data } = completeTexture(own, given, prior, rest);
    const square = { height: resolution, width: resolution };
    return {
      ...{ id, vertices, pose, iou },
      texture: { ...square, data: data.map((value) => 2 * value - 1), channels: 3 },
      confidence: { ...square, data: own.confidence, channels: 1 },
      donors: donors.map((donor) => donor.id),
    };
  }

  async #seen(fitted: FittedPhotograph): Promise<SeenTexels> {
    const { resolution } = this.#shared, found = this.#kept.get(fitted.id);
    if (found) return found;
    const side = sideOf(fitted.photograph, resolution);
    this.#surface ??= texelSurface(resolution);
    const seen = projectSample(await fitted.photograph.read(side), fitted, this.#surface);
    this.#kept.set(fitted.id, seen);
    for (const [oldest] of this.#kept) {
      if (this.#kept.size <= Math.max(1, KEPT * (512 / resolution) ** 2)) break;
      this.#kept.delete(oldest);
    }
    return seen;
  }
}

/** Side at which a photograph is read: its own, as long as textures of that resolution can show it. */
function sideOf({ side }: PhotographReader, resolution: number): number {
  const most = Math.min(MOST_PHOTOGRAPH, Math.max(LEAST_PHOTOGRAPH, resolution));
  return side === null ? most : Math.min(most, Math.max(LEAST_PHOTOGRAPH, side));
}

/**
 * Projects a photograph onto its object, without the background.
 *
 * @param sample The photograph, `[S, S]`
 * @param object Shape and pose
 * @param surface Places of the texels
 */
export function projectSample(
  sample: Pick<Sample, "image" | "mask">,
  { vertices, pose }: Pick<FittedPhotograph, "vertices" | "pose">,
  surface: TexelSurface,
): SeenTexels {
  const rim = Math.max(1, Math.round(RIM * sample.mask.width / LEAST_PHOTOGRAPH));
  return projectPhotograph(vertices, pose, padPhotograph(sample, rim), sample.mask, surface);
}
