/**
 * The places on a template that the patches of an image show at a pose.
 *
 * @module
 */
import type { FloatArray } from "../core/arrays.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { projectVertices } from "../rendering/cameras.ts";
import { createFragments, type Fragments, rasterize } from "../rendering/rasterize.ts";
import type { Template } from "../templates/template_file.ts";
import type { ObjectFeatures } from "./object_features.ts";
import type { TemplatePose } from "./parts_task.ts";

/** Coordinates of a place: distance from the plane of symmetry, from front to back, height; each of variance 1. */
export const PLACE_COORDINATES = 3;

/** Tells what patches show. */
export class TemplatePlaces {
  readonly #templates: readonly Template[];
  readonly #places: readonly Float64Array[];
  readonly #screen: Float64Array;
  #fragments: Fragments | null = null;

  /** @param templates Templates of one topology */
  constructor(templates: readonly Template[]) {
    this.#templates = templates;
    this.#places = scaledPlaces(templates.map(({ vertices }) => vertices));
    this.#screen = new Float64Array(templates[0].vertices.length); // [V, 3]
  }

  /**
   * Places at the centres of patches.
   *
   * @param pose Pose with its template
   * @param patches Patches on the object, M of them
   * @returns `NaN` where the template is not seen, `[M, 3]`
   */
  at(pose: TemplatePose, { side, patches }: Pick<ObjectFeatures, "side" | "patches">): Float64Array {
    const { faces } = sphereTopology(), places = this.#places[pose.template];
    if (this.#fragments?.width !== side) this.#fragments = createFragments(side, side, this.#screen);
    projectVertices(this.#templates[pose.template].vertices, pose, this.#screen);
    const { faceIndex, barycentric } = rasterize(this.#screen, faces, side, side, this.#fragments);
    const found = new Float64Array(patches.length * PLACE_COORDINATES).fill(NaN); // [M, 3]
    patches.forEach((patch, m) => {
      const face = faceIndex[patch];
      if (face < 0) return;
      for (let c = 0; c < PLACE_COORDINATES; c++) {
        let value = 0;
        for (let k = 0; k < 3; k++) {
          value += barycentric[3 * patch + k] * places[PLACE_COORDINATES * faces[3 * face + k] + c];
        }
        found[PLACE_COORDINATES * m + c] = value;
      }
    });
    return found;
  }
}

/** Places of the templates' vertices, `[T][V, 3]`: both halves alike, mean 0 and variance 1 over all templates. */
function scaledPlaces(templates: readonly FloatArray[]): Float64Array[] {
  const places = templates.map((vertices) =>
    Float64Array.from(vertices, (value, k) => k % PLACE_COORDINATES === 0 ? Math.abs(value) : value)
  );
  for (let c = 0; c < PLACE_COORDINATES; c++) {
    const values = places.flatMap((ofTemplate) =>
      Array.from(ofTemplate).filter((_, k) => k % PLACE_COORDINATES === c)
    );
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    const factor = 1 / Math.sqrt(Math.max(variance, 1e-12));
    for (const ofTemplate of places) {
      for (let k = c; k < ofTemplate.length; k += PLACE_COORDINATES) {
        ofTemplate[k] = factor * (ofTemplate[k] - mean);
      }
    }
  }
  return places;
}

/**
 * How well the places that features tell agree with those that a pose shows: the cosine of the angle between them, as a
 * share. Patches that the template leaves uncovered count against the pose.
 *
 * @param found Places by features, `[M, 3]`
 * @param shown Places at the pose, `NaN` where there is none, `[M, 3]`
 * @returns 0 to 1; ½ where nothing is shown
 */
export function placeAgreement(found: Float64Array, shown: Float64Array): number {
  let product = 0, ofFound = 0, ofShown = 0;
  for (let k = 0; k < found.length; k++) {
    ofFound += found[k] ** 2;
    if (Number.isNaN(shown[k])) continue;
    product += found[k] * shown[k];
    ofShown += shown[k] ** 2;
  }
  return (1 + product / Math.sqrt(Math.max(ofFound * ofShown, 1e-12))) / 2;
}
