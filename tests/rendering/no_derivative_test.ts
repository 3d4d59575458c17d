/**
 * The situations in which a rendering has no derivative, by name: what happens in each. docs/explanation/rendering.md lists
 * the same names.
 */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import {
  antialias,
  antialiasBackward,
  interpolateMeshBackward,
  lookAtCamera,
  projectToScreen,
  rasterizeMesh,
} from "../../lib/rendering/mod.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { SoftSilhouette } from "../../lib/rendering/soft_silhouette.ts";
import { sampleTexture, sampleTextureBackward } from "../../lib/rendering/texture.ts";
import { TextureRenderer } from "../../lib/rendering/texture_renderer.ts";
import { largestDifference, largestOf } from "./scenes.ts";

const ONE_FACE = Int32Array.of(0, 1, 2);
const BOTH_KERNELS = ["auto", "typescript"] as const;
const TRIANGLE = [-0.5, -0.5, 0, 0.5, -0.5, 0, -0.5, 0.5, 0];

/** Silhouette of some triangles, and its gradient for a weight of 1 at one pixel. */
function silhouetteAt(
  corners: readonly number[],
  pixel: number,
  options: ConstructorParameters<typeof SoftSilhouette>[3] & { size?: number } = {},
) {
  const faces = Int32Array.from({ length: corners.length / 3 }, (_, i) => i);
  const { size = 8, ...rest } = options;
  const silhouette = new SoftSilhouette(faces, faces.length, size, rest);
  silhouette.forward(Float64Array.from(corners));
  const weights = new Float32Array(size * size);
  weights[pixel] = 1;
  return { value: silhouette.image()[pixel], gradient: silhouette.backward(weights).slice() };
}

/** A square before the camera, textured with a slope from left to right. */
function texturedSquare(corners: readonly number[]) {
  const mesh: Mesh = {
    vertices: Float64Array.from(corners),
    faces: Int32Array.from({ length: corners.length / 3 }, (_, i) => i),
    uvs: Float64Array.from(
      { length: corners.length / 3 * 2 },
      (_, i) => [0.2, 0.2, 0.7, 0.2, 0.2, 0.7][i % 6],
    ),
    faceUvs: Int32Array.from({ length: corners.length / 3 }, (_, i) => i),
  };
  const texture = Float64Array.from({ length: 64 }, (_, i) => i % 8);
  const renderer = new TextureRenderer(mesh, 8, 8, { height: 8, width: 8, channels: 1 }, { double: true });
  const image = renderer.forward(mesh.vertices, texture).slice();
  const gradient = new Float64Array(2 * mesh.vertices.length / 3);
  renderer.backward(new Float64Array(64).fill(1), null, gradient);
  return { image, gradient, fragments: renderer.fragments };
}

const SITUATIONS: Readonly<Record<string, () => void>> = {
  "a face comes in front of another": () => {
    const behind = TRIANGLE.map((value, i) => i % 3 === 2 ? -1 : value);
    const nearer = [...behind, ...TRIANGLE], farther = [...TRIANGLE, ...behind];
    // The image is that of the nearer face, and only that face has a gradient.
    const first = texturedSquare(nearer).gradient, second = texturedSquare(farther).gradient;
    assertEquals([largestOf(first.subarray(0, 6)), largestOf(second.subarray(6))], [0, 0]);
    assert(largestOf(first.subarray(6)) > 0.1 && largestOf(second.subarray(0, 6)) > 0.1);
  },
  "the contour of the textured image moves over a pixel": () => {
    // A texture of one colour changes only there, and there is no gradient.
    const mesh: Mesh = {
      vertices: Float64Array.from(TRIANGLE),
      faces: ONE_FACE,
      uvs: new Float64Array(6).fill(0.5),
      faceUvs: ONE_FACE,
    };
    const renderer = new TextureRenderer(mesh, 8, 8, { height: 4, width: 4, channels: 1 }, { double: true });
    const covered = (scale: number) =>
      Float64Array.from(renderer.forward(mesh.vertices.map((x) => x * scale), new Float64Array(16).fill(1)))
        .reduce((sum: number, x: number) => sum + x, 0);
    assert(covered(1.5) > covered(1));
    const gradient = new Float64Array(6);
    renderer.backward(new Float64Array(64).fill(1), null, gradient);
    assertEquals(largestOf(gradient), 0);
  },
  "a face turns away": () => {
    const away = [0, 2, 1].flatMap((i) => TRIANGLE.slice(3 * i, 3 * i + 3));
    const inside = 8 * 4 + 3;
    assertEquals(silhouetteAt(TRIANGLE, inside).value, 1);
    assert(silhouetteAt(away, inside).value < 0.5);
    assertEquals(rasterize(Float64Array.from(away), ONE_FACE, 8, 8).faceIndex[inside], -1);
  },
  "a covered pixel of the silhouette": () => {
    for (const kernel of BOTH_KERNELS) {
      const { value, gradient } = silhouetteAt(TRIANGLE, 8 * 4 + 3, { kernel });
      assertEquals([value, largestOf(gradient)], [1, 0]);
    }
  },
  "a pixel on an edge": () => {
    // Column 1 of 8 has its centre at −0.625: the value is 1 from both sides, the gradient 0.
    const edge = [-0.625, -0.6, 0, 0.5, -0.6, 0, -0.625, 0.6, 0];
    for (const kernel of BOTH_KERNELS) {
      const { value, gradient } = silhouetteAt(edge, 8 * 4 + 1, { kernel });
      assertEquals(value, 1);
      assert(largestOf(gradient) < 1e-3);
    }
  },
  "a pixel enters or leaves a face's box": () => {
    const moved = (x: number) => TRIANGLE.map((value, i) => i % 3 === 0 ? value + x : value);
    const options = { sharpness: 30, boxMargin: 0.125 - 1e-4 };
    for (const kernel of BOTH_KERNELS) { // the pixel's centre is 0.125 to the left of the triangle
      const outside = silhouetteAt(moved(0), 8 * 4 + 1, { ...options, kernel });
      const inside = silhouetteAt(moved(-2e-4), 8 * 4 + 1, { ...options, kernel });
      assertEquals([outside.value, largestOf(outside.gradient)], [0, 0]);
      assertAlmostEquals(inside.value, Math.exp(-30 * 0.125 ** 2), 1e-2); // the jump
      assert(largestOf(inside.gradient) > 0.1);
    }
  },
  "a face displaces another from the places of a pixel": () => {
    const far = TRIANGLE.map((value, i) => i % 3 === 0 ? value + 0.1 : value);
    const options = { sharpness: 30, boxMargin: 0.5, maxFaces: 1 };
    for (const kernel of BOTH_KERNELS) {
      const both = silhouetteAt([...TRIANGLE, ...far], 8 * 4 + 1, { ...options, kernel });
      const alone = silhouetteAt(TRIANGLE, 8 * 4 + 1, { ...options, kernel });
      assertAlmostEquals(both.value, alone.value, 1e-6); // the second face by index has no place
      assertEquals(largestOf(both.gradient.subarray(6)), 0);
      const swapped = silhouetteAt([...far, ...TRIANGLE], 8 * 4 + 1, { ...options, kernel });
      assert(swapped.value < alone.value - 0.05);
    }
  },
  "two edges are equally near": () => {
    // In a back-facing face, on the line between two edges: the gradient is that of one of them, and finite.
    const away = [-0.5, -0.5, 0, -0.5, 0.5, 0, 0.5, -0.5, 0];
    for (const kernel of BOTH_KERNELS) {
      const { gradient, value } = silhouetteAt(away, 8 * 5 + 2, { sharpness: 30, boxMargin: 0.1, kernel });
      assert(value > 0 && value < 1 && gradient.every(Number.isFinite) && largestOf(gradient) > 0.1);
      assertEquals(gradient.filter((x) => Math.abs(x) > 1e-6).length, 2, "one edge moves along its normal");
    }
  },
  "a face without area": () => {
    for (const corners of [[0.1, 0.1, 0, 0.1, 0.1, 0, 0.1, 0.1, 0], [-0.5, 0, 0, 0, 0, 0, 0.5, 0, 0]]) {
      for (const kernel of BOTH_KERNELS) {
        const { gradient } = silhouetteAt(corners, 8 * 3 + 4, { sharpness: 30, boxMargin: 0.3, kernel });
        assert(gradient.every(Number.isFinite));
      }
    }
  },
  "a vertex that is not finite": () => {
    const broken = [NaN, -0.5, 0, 0.5, -0.5, 0, -0.5, Infinity, 0];
    for (const kernel of BOTH_KERNELS) {
      const { value, gradient } = silhouetteAt(broken, 8 * 4 + 3, { boxMargin: 0.5, kernel });
      assertEquals([value, largestOf(gradient)], [0, 0]);
    }
    assertEquals(largestOf(texturedSquare(broken).gradient), 0);
  },
  "depth": () => {
    // Gradients have no z at all: x and y only.
    assertEquals(texturedSquare(TRIANGLE).gradient.length, 6);
    assertEquals(silhouetteAt(TRIANGLE, 0).gradient.length, 6);
  },
  "a sample at a texel's centre": () => {
    // The slope changes there; the gradient is that of the right and lower side.
    const texture = { data: Float64Array.of(0, 1, 5), height: 1, width: 3, channels: 1 };
    const uvs = Float64Array.of(0.5, 0.5), gradient = new Float64Array(2);
    sampleTextureBackward(texture, uvs, Float64Array.of(1), { uvs: gradient });
    const step = 1e-3, right = sampleTexture(texture, Float64Array.of(0.5 + step, 0.5))[0];
    assertAlmostEquals(gradient[0], (right - sampleTexture(texture, uvs)[0]) / step, 1e-9);
    assertAlmostEquals(gradient[0], 8, 1e-9);
  },
  "a contour is as steep as it is level": () => {
    // Blended between pixels of a column on one side of 45°, of a row on the other; the gradient is that of the one it is.
    const blend = (tilt: number) => {
      const screen = Float64Array.of(-0.91, -0.9, 0, 1, 0.9, 0.9 + tilt, 0, 1, -0.91, 0.9, 0, 1);
      const mesh = { screen, faces: ONE_FACE },
        fragments = rasterizeMesh(screen, ONE_FACE, { height: 8, width: 8 });
      const data = Float64Array.from(fragments.faceIndex, (face) => face + 1);
      const image = { data, height: 8, width: 8, channels: 1 }, gradient = new Float64Array(12);
      antialiasBackward(image, mesh, fragments, new Float64Array(64).fill(1), { screen: gradient });
      return { smooth: antialias(image, mesh, fragments), gradient };
    };
    const steep = blend(0.012), level = blend(0.008);
    assert(largestDifference(steep.smooth, level.smooth) > 0.01, "the value jumps");
    assert(
      [steep, level].every(({ gradient }) => gradient.every(Number.isFinite) && largestOf(gradient) > 0.1),
    );
  },
  "a face reaches the near plane": () => {
    // A floor below the eye: pixels whose ray meets it nearer than the plane are not drawn, and move by no gradient.
    const camera = lookAtCamera({ eye: [0, -4, 1], target: [0, 0, 0.3] }, 1);
    const floor = Float64Array.of(-2, -9, 0, 2, -9, 0, 0, 6, 0), screen = projectToScreen(floor, camera);
    const drawn = (near: number) => rasterizeMesh(screen, ONE_FACE, { height: 8, width: 8, near });
    assert(
      drawn(0.1).faceIndex.filter((face) => face === 0).length >
        drawn(2.5).faceIndex.filter((f) => f === 0).length,
    );
    const gradient = new Float64Array(12), attribute = { values: floor, indices: ONE_FACE, channels: 3 };
    const weights = Float64Array.from(drawn(2.5).faceIndex, (face) => face < 0 ? 1 : 0); // what the plane cut off
    const ofPixels = weights.reduce<number[]>((all, weight) => [...all, weight, weight, weight], []);
    interpolateMeshBackward(attribute, { screen, faces: ONE_FACE }, drawn(2.5), Float64Array.from(ofPixels), {
      screen: gradient,
    });
    assertEquals(largestOf(gradient), 0);
  },
};

for (const [name, check] of Object.entries(SITUATIONS)) Deno.test(`no derivative: ${name}`, check);

Deno.test("the docs list every situation without a derivative", async () => {
  const text = await Deno.readTextFile(new URL("../../docs/explanation/rendering.md", import.meta.url));
  const listed = [...text.matchAll(/^\| \*\*(.+?)\*\* +\|/gm)].map(([, name]) => name);
  assertEquals(listed, Object.keys(SITUATIONS));
});
