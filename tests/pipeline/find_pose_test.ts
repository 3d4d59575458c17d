import { assert } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import type { Sample } from "../../lib/datasets/dataset.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { rotationAngleDegrees } from "../../lib/metrics/geodesic_distance.ts";
import { findPose, likelyPoses } from "../../lib/pipeline/find_pose.ts";
import { complementaryRotation } from "../../lib/pose/side_view.ts";
import { startViews } from "../../lib/pose/start_views.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";

/** A texture that is red at one pole (front or rear of a car) and blue at the other. */
function twoColours() {
  const texture = floatImage(64, 64, 3);
  for (let k = 0; k < 64 * 64; k++) texture.data[3 * k + (k < 32 * 64 ? 0 : 2)] = 1;
  return texture;
}

/** A render as a photograph. */
function photographOf(vertices: Float32Array, pose: Pose, resolution: number): Sample {
  const screen = Float32Array.from(projectVertices(vertices, pose));
  const { data } = renderImage({ ...sphereTopology(), vertices: screen }, twoColours(), {
    size: resolution,
    light: 0,
  });
  const image = floatImage(resolution, resolution, 3), mask = floatImage(resolution, resolution, 1);
  for (let p = 0; p < mask.data.length; p++) {
    mask.data[p] = data[4 * p + 3];
    for (let c = 0; c < 3; c++) image.data[3 * p + c] = (2 * data[4 * p + c] - 1) * mask.data[p];
  }
  return { image, mask } as Sample; // no more is read
}

Deno.test("of poses with the same silhouette that is taken in which the predicted colours fit", async () => {
  const [{ vertices }] = await loadTemplates("car", "singletpl"), shape = Float32Array.from(vertices);
  const side = startViews().slice(4 * 12, 4 * 13); // level, from the side
  for (const rotation of [side, Float64Array.from(complementaryRotation(side))]) {
    const pose = { rotation, scale: 0.7, translation: [0, 0], perspective: 4 };
    const read = (resolution: number) => Promise.resolve(photographOf(shape, pose, resolution));
    const prediction = { vertices: shape, texture: twoColours() };
    const likely = await likelyPoses(prediction, read);
    const angles = likely.map((found) => rotationAngleDegrees(found.pose.rotation, rotation));
    assert(angles.some((angle) => angle > 90), `there is no rival: ${angles}`);
    const angle = rotationAngleDegrees((await findPose(prediction, read)).rotation, rotation);
    assert(angle < 10, `${angle} degrees`);
  }
});
