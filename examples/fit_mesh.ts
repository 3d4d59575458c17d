/** Deforms a sphere until it fits the masks of several views: deno run -A examples/fit_mesh.ts */
import { exportMesh, floatImage, loadTemplates, lookAtCamera, stackCameras } from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import { normalConsistencyLossTensor, SmoothSteps, sphereTopology } from "@texmesh/texmesh/mesh";
import { project, silhouette, smoothVertices } from "@texmesh/texmesh/rendering/tensor";
import * as tf from "@tensorflow/tfjs";

const size = { height: 64, width: 64 }, topology = sphereTopology(), V = topology.vertices.length / 3;
const cameras = tf.tensor2d(stackCameras(Array.from({ length: 8 }, (_, i) => {
  const angle = i * Math.PI / 4, eye = [3 * Math.cos(angle), 3 * Math.sin(angle), i % 2 ? 1.5 : 0.2];
  return lookAtCamera({ eye, target: [0, 0, 0] }, 0.75);
})));
const views = (vertices: tf.Tensor2D) =>
  silhouette(project(vertices, cameras, "lookAt"), topology.faces, { ...size, sharpness: 1000 });
const [car] = await loadTemplates("car", "singletpl");
const masks = views(tf.tensor2d(Float32Array.from(car.vertices), [V, 3])); // [8, 64, 64, 1]

const steps = new SmoothSteps(topology.faces, V, 10); // each step moves a patch, not a vertex alone
const start = steps.parametersOf(topology.vertices.map((value) => 0.5 * value));
const parameters = tf.variable(tf.tensor2d(Float32Array.from(start), [V, 3])) as tf.Tensor2D & tf.Variable;
const shape = () => smoothVertices(parameters, steps);
const iou = (images: tf.Tensor) => {
  const [a, b] = [images, masks].map((image) => tf.cast(tf.greater(image, 0.5), "float32"));
  return tf.div(tf.sum(tf.minimum(a, b)), tf.sum(tf.maximum(a, b))).dataSync()[0].toFixed(3);
};
const before = views(shape()),
  adam = tf.train.adam(0.1),
  loss = () => {
    const vertices = shape(), smooth = normalConsistencyLossTensor(tf.expandDims(vertices, 0), topology);
    return tf.add(tf.mean(tf.squaredDifference(views(vertices), masks)), tf.mul(smooth, 2e-5)).asScalar();
  };
for (let step = 0; step < 120; step++) adam.minimize(loss);
const after = views(shape()), rows = [masks, before, after].map((row) => tf.concat(tf.unstack(row), 1));
console.log(`IoU ${iou(before)} before, ${iou(after)} after`);
const data = tf.concat(rows, 0).dataSync<"float32">(); // wanted, before, after
await writePng("fit_mesh.png", { data, height: 3 * 64, width: 8 * 64, channels: 1 });
const mesh = { ...topology, vertices: shape().dataSync<"float32">() };
await exportMesh(mesh, floatImage(8, 16, 3), "fit_mesh", { formats: ["glb"] });
