/** Features of images of the boat without a network. */
import { Prng } from "../../lib/core/prng.ts";
import { TemplatePlaces } from "../../lib/pose/feature_places.ts";
import type { FeatureSource } from "../../lib/pose/object_features.ts";
import type { Pose } from "../../lib/rendering/cameras.ts";
import { boatTemplate } from "./boat.ts";

const SIDE = 16, DIMENSIONS = 12;

/** Features that are a fixed linear map of the places at the true pose, and noise. */
export function boatFeatures(poses: readonly Pose[]): FeatureSource {
  const mixing = new Prng(1, "mixing").normals(3 * DIMENSIONS), places = new TemplatePlaces([boatTemplate()]);
  return {
    dimensions: DIMENSIONS,
    features(i) {
      const all = Uint16Array.from({ length: SIDE * SIDE }, (_, k) => k);
      const everywhere = places.at({ ...poses[i], template: 0 }, { side: SIDE, patches: all });
      const patches = all.filter((k) => !Number.isNaN(everywhere[3 * k])), prng = new Prng(2, "noise", i);
      const features = new Float32Array(patches.length * DIMENSIONS);
      patches.forEach((patch, m) => {
        for (let d = 0; d < DIMENSIONS; d++) {
          let value = prng.uniform(-1, 1);
          for (let c = 0; c < 3; c++) value += mixing[c * DIMENSIONS + d] * everywhere[3 * patch + c];
          features[m * DIMENSIONS + d] = value / 5;
        }
      });
      return Promise.resolve({ side: SIDE, patches, features });
    },
  };
}
