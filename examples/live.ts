/** A camera that finds a shape while you watch, in the browser: deno bundle --platform browser examples/live.ts */
import { lookAtCamera, projectToScreen, projectToScreenBackward, softMask } from "@texmesh/texmesh/rendering";

const M = 24, N = 12, faces: number[] = [], vertices = new Float32Array(3 * M * N); // a ring
for (let i = 0; i < M; i++) {
  for (let j = 0; j < N; j++) {
    const a = 2 * Math.PI * i / M, b = 2 * Math.PI * j / N, r = 0.8 + 0.3 * Math.cos(b);
    vertices.set([r * Math.cos(a), 1.4 * r * Math.sin(a), 0.3 * Math.sin(b)], 3 * (i * N + j));
    const [p, q] = [(i + 1) % M * N, (j + 1) % N], [c, d, e, f] = [i * N + j, p + j, p + q, i * N + q];
    faces.push(c, d, e, c, e, f);
  }
}
const S = 160, size = { height: S, width: S, sharpness: 800 };
const mask = softMask(Int32Array.from(faces), M * N, size);
const cameraAt = (eye: number[]) => lookAtCamera({ eye, target: [0, 0, 0], up: [0, 1, 0] }, 0.7);
const draw = (camera: { projection: "lookAt"; parameters: ArrayLike<number> }) =>
  Float32Array.from(mask.forward(projectToScreen(vertices, camera as ReturnType<typeof lookAtCamera>)));
const wanted = draw(cameraAt([1.5, 0.8, 3.2]) as never), camera = cameraAt([-1.2, -0.6, 3.6]);

const canvas = document.body.appendChild(document.createElement("canvas"));
canvas.width = canvas.height = S;
const context = canvas.getContext("2d")!, image = context.createImageData(S, S);
function step(): void { // one step of gradient descent a frame; wanted in red, found in cyan
  const found = draw(camera as never), gradient = found.map((value, p) => 2 * (value - wanted[p]) / (S * S));
  const ofScreen = new Float32Array(4 * M * N), parameters = new Float64Array(camera.parameters.length);
  mask.backward(gradient, ofScreen);
  projectToScreenBackward(vertices, camera, ofScreen, { parameters });
  for (let k = 0; k < 3; k++) camera.parameters[k] -= 12 * parameters[k]; // the eye alone moves
  found.forEach((value, p) => image.data.set([255 * wanted[p], 255 * value, 255 * value, 255], 4 * p));
  context.putImageData(image, 0, 0);
  document.title = gradient.reduce((sum, value) => sum + Math.abs(value), 0).toFixed(5);
  requestAnimationFrame(step);
}
step();
