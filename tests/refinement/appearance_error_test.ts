import { assert, assertAlmostEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import {
  APPEARANCE_RESOLUTION as R,
  AppearanceError,
  BLURRED_SIZE,
} from "../../lib/refinement/appearance_error.ts";
import { padPhotograph } from "../../lib/refinement/padded_photograph.ts";
import { projectPhotograph } from "../../lib/refinement/project_photograph.ts";
import { ShapeFitter } from "../../lib/refinement/shape_fitter.ts";
import { smoothFields } from "../../lib/refinement/smooth_fields.ts";
import { texelSurface } from "../../lib/refinement/texel_surface.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";

const sphere = sphereTopology(), surface = texelSurface(R);
const poseAt = (azimuth: number) => ({
  rotation: turntableRotation(azimuth, 15),
  scale: 0.8,
  translation: [0, 0],
  perspective: 1.5,
});

/** Blobs of colour, alike on both sides, `[R, R, 3]`. */
const texture = floatImage(R, R, 3);
for (let texel = 0; texel < R * R; texel++) {
  const place = [0, 1, 2].map((axis) =>
    [0, 1, 2].reduce((sum, k) => {
      const corner = surface.corners[3 * texel + k];
      return sum + surface.weights[3 * texel + k] * sphere.vertices[3 * corner + axis];
    }, 0)
  );
  const [x, y, z] = place;
  texture.data.set(
    [0.5 + 0.4 * Math.sin(5 * y), 0.5 + 0.4 * Math.sin(4 * z + 3 * y), 0.3 + 0.3 * x * x],
    3 * texel,
  );
}

/** A photograph of the sphere, on black. */
function photographAt(azimuth: number, size: number) {
  const mesh = { ...sphere, vertices: projectVertices(sphere.vertices, poseAt(azimuth)) };
  const rendered = renderImage(mesh, texture, { size, supersample: 3 });
  const image = floatImage(size, size, 3), mask = floatImage(size, size, 1);
  for (let p = 0; p < size * size; p++) {
    mask.data[p] = rendered.data[4 * p + 3];
    for (let c = 0; c < 3; c++) image.data[3 * p + c] = mask.data[p] * (2 * rendered.data[4 * p + c] - 1);
  }
  return { image, mask };
}

const photograph = photographAt(60, BLURRED_SIZE), image = padPhotograph(photograph, 1);
/** What is expected where the pose is 10 degrees off. */
function appearance() {
  const { weight } = projectPhotograph(sphere.vertices, poseAt(70), image, photograph.mask, surface);
  return { image, colours: Float32Array.from(texture.data), weight };
}

Deno.test("the appearance's gradient agrees with differences, a planted error of 1 % does not", () => {
  const error = new AppearanceError(), prng = new Prng(3, "appearance");
  error.setAppearance(appearance());
  const screen = Float64Array.from(projectVertices(sphere.vertices, poseAt(70)));
  const direction = Float64Array.from(screen, (_, i) => i % 3 < 2 ? prng.normal() : 0);
  const valueAt = (step: number) =>
    error.addGradient(
      screen.map((value, i) => value + step * direction[i]),
      new Float64Array(screen.length / 3 * 2),
    );
  const slope = (valueAt(1e-6) - valueAt(-1e-6)) / 2e-6;
  const gradient = new Float64Array(screen.length / 3 * 2);
  error.addGradient(screen, gradient);
  const along = gradient.reduce((sum, value, k) => sum + value * direction[3 * Math.floor(k / 2) + k % 2], 0);
  assertAlmostEquals(along, slope, 1e-4 * Math.abs(slope));
  assert(Math.abs(1.01 * along - slope) > 1e-4 * Math.abs(slope));
});

Deno.test("a pose that the contour cannot tell is found by the texture", () => {
  const fitter = new ShapeFitter(smoothFields()), { mask } = photographAt(60, 256);
  let { pose, state } = fitter.fit(sphere.vertices, mask.data, poseAt(70));
  const errorOf = () =>
    rotationAngleDegrees(Float32Array.from(Array.from(pose.rotation)), turntableRotation(60, 15));
  const before = errorOf();
  for (let round = 0; round < 3; round++) ({ pose, state } = fitter.align(state, mask.data, appearance()));
  assert(before > 8 && errorOf() < before / 2, `${before} degrees become ${errorOf()}`);
});
