/**
 * Refinement of one photograph alone, without the files of a data set and without other photographs.
 *
 * @module
 */
import type { Pose } from "../rendering/cameras.ts";
import type { RefinedObject } from "./files.ts";
import type { RefineOptions, StartPrediction } from "./refine_options.ts";
import { fitOptions, fitPhotograph, type PhotographReader } from "./fit_photograph.ts";
import type { Joint } from "./joints.ts";
import { type OnShapeStep, ShapeFitter } from "./shape_fitter.ts";
import { smoothFields } from "./smooth_fields.ts";
import { TextureMaker } from "./texture_maker.ts";

/** A photograph with its pose, and what to begin with. */
export interface PosedStart {
  /** Id of the photograph. */
  readonly id: string;
  /** The photograph at any resolution. */
  readonly photograph: PhotographReader;
  /** Pose to begin with. */
  readonly pose: Pose;
  /** Shape to begin with, and texture of lower confidence. */
  readonly prediction: StartPrediction;
  /** Joints of the shape that may turn; none if left out. */
  readonly joints?: readonly Joint[];
  /** Part of each vertex, `[V]`, by which texels that nothing shows are coloured. */
  readonly partLabels?: ArrayLike<number>;
  /** Told now and then how far the fit of the shape is. */
  readonly onStep?: OnShapeStep;
}

/** Refines photographs one by one, as `refinePhotographs` does those of a data set; the memory is taken once. */
export class PhotographRefiner {
  readonly #fitter: ShapeFitter;
  readonly #textures: TextureMaker;

  /**
   * Takes the memory.
   *
   * @param options Size of the textures, symmetry, and what moves
   */
  constructor(
    { textureResolution: resolution = 512, symmetric = true, moves = "pose", shape = true }: Pick<
      RefineOptions,
      "textureResolution" | "symmetric" | "moves" | "shape"
    > = {},
  ) {
    this.#fitter = new ShapeFitter(smoothFields({ symmetric }), fitOptions({ moves, shape }));
    this.#textures = new TextureMaker({ resolution, symmetric });
  }

  /** Refines one photograph. */
  async refine(
    { id, photograph, pose, prediction, joints = [], partLabels, onStep }: PosedStart,
  ): Promise<RefinedObject> {
    const start = prediction.vertices;
    const fit = await fitPhotograph(this.#fitter, { photograph, pose, start }, joints, onStep);
    const { vertices, pose: fitted, iou } = fit;
    const object = {
      id,
      photograph,
      vertices,
      pose: fitted,
      iou,
      donors: [],
      prior: prediction.texture,
      partLabels,
    };
    this.#textures.forget(); // another photograph may have the same id
    return await this.#textures.make(object);
  }
}
