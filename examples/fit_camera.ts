/** Finds the camera of a silhouette by gradient descent: deno run -A examples/fit_camera.ts */
import { loadTemplates, lookAtCamera, sphereTopology, stackCameras } from "@texmesh/texmesh";
import { writePng } from "@texmesh/texmesh/io";
import { project, silhouette } from "@texmesh/texmesh/rendering/tensor";
import * as tf from "@tensorflow/tfjs";

const size = { height: 96, width: 128 }, steps = 150;
const [car] = await loadTemplates("car", "singletpl"), { faces } = sphereTopology();
const vertices = tf.tensor2d(Float32Array.from(car.vertices), [car.vertices.length / 3, 3]);
const cameraAt = (eye: number[]) =>
  tf.tensor2d(stackCameras([lookAtCamera({ eye, target: [0, 0, 0] }, 0.5, { aspect: 4 / 3 })])); // [1, 13]

const draw = (camera: tf.Tensor2D, sharpness: number) =>
  silhouette(project(vertices, camera, "lookAt"), faces, { ...size, sharpness });
const wanted = draw(cameraAt([3, 2.2, 1.2]), 7000);
const camera = tf.variable(cameraAt([1.6, 3.2, 0.4])) as tf.Variable & tf.Tensor2D;
const images = [wanted, draw(camera, 7000)];
const adam = tf.train.adam(0.02);
for (let step = 0; step < steps; step++) { // blurred at first, so that the gradient reaches far
  const sharpness = 100 * 70 ** (step / (steps - 1));
  adam.minimize(() => tf.mean(tf.squaredDifference(draw(camera, sharpness), wanted)).asScalar());
}
images.push(draw(camera, 7000));

const [found, truth] = [draw(camera, 7000), wanted].map((image) => tf.greater(image, 0.5));
const both = tf.sum(tf.cast(tf.logicalAnd(found, truth), "float32"));
const iou = tf.div(both, tf.sum(tf.cast(tf.logicalOr(found, truth), "float32"))).dataSync()[0];
console.log(`IoU ${iou.toFixed(3)}`);
const grid = tf.concat(images, 2); // wanted, before, after
const data = grid.dataSync<"float32">();
await writePng("fit_camera.png", { data, height: 96, width: 3 * 128, channels: 1 });
