/** Fits a pose with a loss of one's own, beside the paper's: deno run -A examples/pose_loss.ts */
import { loadTemplates, PoseFitter, projectVertices, renderImage, sphereTopology } from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import { iou } from "@texmesh/texmesh/metrics";
import { resolveOptions } from "@texmesh/texmesh/core";
import { ESTIMATE_OPTIONS, type Pose, poseInRow, type SilhouetteLoss } from "@texmesh/texmesh/pose";

const S = 96, topology = sphereTopology(), [{ vertices }] = await loadTemplates("bird", "singletpl");
const rotation = [0.432, 0.559, 0.559, -0.432];
const maskOf = (pose: Pose) => {
  const mesh = { ...topology, vertices: projectVertices(vertices, pose) };
  const { data } = renderImage(mesh, null, { size: S });
  return Float32Array.from({ length: S * S }, (_, p) => data[4 * p + 3] > 0.5 ? 1 : 0);
};
const mask = maskOf({ rotation, scale: 0.7, translation: [0.05, 0.1], perspective: 3 }),
  spoilt = mask.slice();
for (let y = 10; y < 20; y++) spoilt.fill(1, y * S + 8, y * S + 36); // what does not belong to the bird

/** Differences that cannot be mended count less and less. */
const robust: SilhouetteLoss = (silhouette, wanted, gradient) => {
  let sum = 0;
  for (let p = 0; p < silhouette.length; p++) {
    const d = silhouette[p] - wanted[p], weight = 1 / (1 + 8 * d * d);
    sum += d * d * weight / silhouette.length;
    gradient[p] = 2 * d * weight ** 2 / silhouette.length;
  }
  return sum;
};
const settings = resolveOptions(ESTIMATE_OPTIONS, { imageResolution: S, schedule: "fast" });
const grid = new Float32Array(S * 3 * S), images = [spoilt]; // the mask, the paper's pose, our own
for (const loss of [undefined, robust]) {
  const fitted = new PoseFitter(topology.faces, [vertices], settings, { loss }).fit(spoilt);
  const best = fitted.iou.indexOf(Math.max(...fitted.iou));
  images.push(maskOf(poseInRow(fitted, best)));
  console.log(
    `${loss ? "own loss" : "paper's"}: IoU ${iou(images.at(-1)!, mask).toFixed(3)} with the bird alone`,
  );
}
grid.forEach((_, p) => grid[p] = images[Math.floor(p / S) % 3][Math.floor(p / 3 / S) * S + p % S]);
await writePng("pose_loss.png", { data: grid, height: S, width: 3 * S, channels: 1 });
