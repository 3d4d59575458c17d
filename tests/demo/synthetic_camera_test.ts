import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import {
  cameraAnnotation,
  drawCamera,
  fitRationalCamera,
  projectPerspective,
  viewMatrix,
} from "../../demo/synthetic/synthetic_camera.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import {
  matrixToQuaternion,
  multiplyQuaternions,
  quaternionToMatrix,
} from "../../lib/rendering/quaternion.ts";

const CLOUD = Float64Array.from(new Prng(3, "cloud").normals(600), (value) => Math.tanh(value));

Deno.test("a view from the front has the object's left at the right, one from azimuth 90 its front", () => {
  const near = (actual: number[], expected: number[]) =>
    actual.forEach((value, i) => assertAlmostEquals(value, expected[i], 1e-12));
  near(viewMatrix(0, 0), [1, 0, 0, 0, -1, 0, 0, 0, -1]);
  near(viewMatrix(90, 0), [0, 0, 1, 0, -1, 0, 1, 0, 0]);
});

Deno.test("drawn cameras keep the object within the image, its longest side 62 to 90 % of it", () => {
  for (let i = 0; i < 20; i++) {
    const camera = drawCamera(new Prng(i, "camera"), CLOUD, 18 * i);
    const screen = projectPerspective(CLOUD, camera);
    const box = [0, 1].map((axis) => {
      const values = screen.filter((_, k) => k % 3 === axis);
      return [Math.min(...values), Math.max(...values)];
    });
    const longest = Math.max(...box.map(([low, high]) => high - low)) / 2;
    assert(longest > 0.615 && longest < 0.905, `longest side ${longest}`);
    for (const [low, high] of box) assert(low > -1 && high < 1);
  }
});

Deno.test("the rational camera, as a pose of our object frame, draws nearly the same image", () => {
  for (let i = 0; i < 8; i++) {
    const camera = drawCamera(new Prng(i, "rational"), CLOUD, 45 * i);
    const rational = fitRationalCamera(CLOUD, camera);
    assert(rational.residual < 0.03, `residual ${rational.residual}`);
    const objectToFile = matrixToQuaternion([1, 0, 0, 0, 0, 1, 0, -1, 0]);
    const rotation = multiplyQuaternions(matrixToQuaternion(camera.matrix), objectToFile);
    const object = CLOUD.map((_, k) =>
      // (x, y, z) of the file is (x, −z, y) of the object frame
      k % 3 === 0 ? CLOUD[k] : k % 3 === 1 ? -CLOUD[k + 1] : CLOUD[k - 1]
    );
    const screen = projectVertices(object, {
      rotation,
      scale: rational.scale,
      translation: rational.translation,
      perspective: Math.log(rational.z0 - 1),
    });
    const target = projectPerspective(CLOUD, camera);
    let squares = 0;
    for (let k = 0; k < screen.length; k += 3) {
      squares += (screen[k] - target[k]) ** 2 + (screen[k + 1] - target[k + 1]) ** 2;
    }
    assertAlmostEquals(Math.sqrt(squares / (screen.length / 3)), rational.residual, 1e-6);
  }
});

Deno.test("cameraAnnotation tells the same rotation as matrix and as quaternion", () => {
  const camera = drawCamera(new Prng(5, "annotation"), CLOUD, 200);
  const annotation = cameraAnnotation(camera, fitRationalCamera(CLOUD, camera), 256);
  quaternionToMatrix(annotation.quaternion_wxyz).forEach((value, i) =>
    assertAlmostEquals(value, annotation.R.flat()[i], 1e-8)
  );
  assertEquals(annotation.focal_px, Math.round(camera.distance * 128 * 1e9) / 1e9);
});
