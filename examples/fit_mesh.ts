/** Deforms a sphere until it fits the masks of several views: deno run -A examples/fit_mesh.ts */
import { exportMesh, floatImage, loadTemplates, lookAtCamera, sphereTopology } from "@texmesh/texmesh";
import { flatLossTensor, stackCameras, useBackend } from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import { project, silhouette } from "@texmesh/texmesh/rendering/tensor";
import * as tf from "@tensorflow/tfjs";

await useBackend();
const size = { height: 64, width: 64 }, topology = sphereTopology(), V = topology.vertices.length / 3;
const [car] = await loadTemplates("car", "singletpl");
const cameras = tf.tensor2d(stackCameras(Array.from({ length: 8 }, (_, i) => {
  const angle = i * Math.PI / 4, eye = [3 * Math.cos(angle), 3 * Math.sin(angle), i % 2 ? 1.5 : 0.2];
  return lookAtCamera({ eye, target: [0, 0, 0] }, 0.6);
})));
const views = (vertices: tf.Tensor2D) =>
  silhouette(project(vertices, cameras, "lookAt"), topology.faces, { ...size, sharpness: 2000 });
const masks = views(tf.tensor2d(Float32Array.from(car.vertices), [V, 3])); // [8, 64, 64, 1]

const start = tf.tensor2d(Float32Array.from(topology.vertices, (value) => 0.5 * value), [V, 3]);
const vertices = tf.variable(start) as tf.Variable & tf.Tensor2D, adam = tf.train.adam(0.01);
const overlap = () => {
  const [a, b] = [views(vertices), masks].map((picture) => tf.cast(tf.greater(picture, 0.5), "float32"));
  return tf.div(tf.sum(tf.minimum(a, b)), tf.sum(tf.maximum(a, b))).dataSync()[0];
};
const before = overlap(), first = views(vertices);
const loss = () => {
  const smooth = flatLossTensor(tf.expandDims(vertices, 0), topology);
  return tf.add(tf.mean(tf.squaredDifference(views(vertices), masks)), tf.mul(smooth, 2e-4)).asScalar();
};
for (let step = 0; step < 150; step++) adam.minimize(loss);
console.log(`IoU ${before.toFixed(3)} before, ${overlap().toFixed(3)} after`);

const rows = [masks, first, views(vertices)].map((row) => tf.concat(tf.unstack(row), 1)); // [64, 512, 1]
const data = tf.concat(rows, 0).dataSync<"float32">();
await writePng("fit_mesh.png", { data, height: 3 * 64, width: 8 * 64, channels: 1 });
const mesh = { ...topology, vertices: Float32Array.from(vertices.dataSync()) };
await exportMesh(mesh, floatImage(8, 16, 3), "fit_mesh", { formats: ["glb"] });
