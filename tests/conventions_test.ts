import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { checkShapes } from "../lib/core/shapes.ts";
import { readSample } from "../lib/datasets/read_sample.ts";
import { readImage, writePng } from "../lib/io/image_file.ts";
import { computeFaceNormals } from "../lib/mesh/face_normals.ts";
import { mirrorTexture } from "../lib/mesh/mirror_texture.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { startViews } from "../lib/pose/start_views.ts";
import { type Pose, projectVertices } from "../lib/rendering/cameras.ts";
import {
  matrixToQuaternion,
  multiplyQuaternions,
  quaternionToMatrix,
  rotateByQuaternion,
} from "../lib/rendering/quaternion.ts";
import { rasterize } from "../lib/rendering/rasterize.ts";
import { softSilhouetteReference } from "../lib/rendering/soft_silhouette_reference.ts";
import { sampleTexture, sphereColumns } from "../lib/rendering/texture.ts";
import { builtInTemplateFile } from "../lib/templates/load_templates.ts";
import { readTemplates } from "../lib/templates/template_file.ts";
import { assertAllClose } from "./helpers/assert_all_close.ts";
import { viewFrom } from "./helpers/coloured_scene.ts";
import { conventionImages, SIDE_VIEW } from "./helpers/convention_images.ts";

const UNTURNED: Pose = { rotation: [1, 0, 0, 0], scale: 1, translation: [0, 0], perspective: Infinity };

/** A small triangle around a screen point, counter-clockwise. */
function triangleAround(x: number, y: number, z = 0, radius = 0.01): number[] {
  return [x - radius, y - radius, z, x + radius, y - radius, z, x, y + radius, z];
}

function coveredPixels(vertices: number[], height: number, width: number): number[][] {
  const faces = Int32Array.from({ length: vertices.length / 3 }, (_, i) => i);
  const { faceIndex } = rasterize(Float64Array.from(vertices), faces, height, width);
  return Array.from(faceIndex).flatMap((face, i) => face >= 0 ? [[Math.floor(i / width), i % width]] : []);
}

Deno.test("conventions: shapes are row-major with channels last", () => {
  const image = { data: new Float32Array(2 * 3 * 4), height: 2, width: 3, channels: 4 };
  const letters = checkShapes("test", { image: [image.data, [image.height, image.width, "C"]] });
  assertEquals(letters.C, 4);
  const texture = { data: Float64Array.of(1, 10, 2, 20, 3, 30, 4, 40), height: 1, width: 4, channels: 2 };
  assertEquals(Array.from(mirrorTexture(texture).data), [2, 20, 1, 10, 4, 40, 3, 30]); // texels stay whole
});

Deno.test("conventions: the object frame has the front at −y, z up, and is mirrored in x", async () => {
  const [bird] = await readTemplates(builtInTemplateFile("bird"), "bird");
  const meanOf = (part: string, axis: number) => {
    const label = bird.partNames.indexOf(part);
    const values = Array.from(bird.partLabels).flatMap((l, i) =>
      l === label ? [bird.vertices[3 * i + axis]] : []
    );
    return values.reduce((sum, value) => sum + value / values.length, 0);
  };
  assert(meanOf("head", 1) < -0.3 && meanOf("tail", 1) > 0.3);
  assert(meanOf("legs", 2) < meanOf("body", 2));
  const { negativeIndices, positiveIndices } = sphereTopology();
  negativeIndices.forEach((negative, i) =>
    assertAlmostEquals(bird.vertices[3 * negative], -bird.vertices[3 * positiveIndices[i]], 1e-6)
  );
});

Deno.test("conventions: frames are right-handed, and +x is the object's left", () => {
  const front = viewFrom([0, -1, 0]); // rows: camera x, y, z in object coordinates
  assertAllClose(front, [1, 0, 0, 0, 0, -1, 0, 1, 0], { absolute: 1e-12 }); // its left is on our right
  for (const m of [front, viewFrom([0.3, 1, 0.2]), Float64Array.from(SIDE_VIEW)]) {
    const determinant = m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) +
      m[2] * (m[3] * m[7] - m[4] * m[6]);
    assertAlmostEquals(determinant, 1, 1e-12);
  }
});

Deno.test("conventions: the camera looks along +z with y down, and the start view is a side view", () => {
  const points = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  assertAllClose(projectVertices(points, UNTURNED), [1, 0, 0, 0, -1, 0, 0, 0, -1]);
  const side = quaternionToMatrix(startViews().subarray(4 * 2, 4 * 3)); // azimuth 0, elevation 90 degrees
  assertAllClose(side, SIDE_VIEW, { absolute: 1e-12 });
  const nose = projectVertices(Float64Array.of(0, -1, 0), {
    ...UNTURNED,
    rotation: matrixToQuaternion(SIDE_VIEW),
  });
  assertAllClose(nose, [1, 0, 0], { absolute: 1e-12 });
});

Deno.test("conventions: translations point right and down; nearer things look larger", () => {
  const moved = projectVertices(new Float64Array(3), { ...UNTURNED, translation: [0.2, 0.3] });
  assertAllClose(moved, [0.2, -0.3, 0]);
  const near = projectVertices(Float64Array.of(0.5, 0, -0.5), { ...UNTURNED, perspective: 0 });
  assertAlmostEquals(near[0], 0.5 * (2 + 0.25) / (2 - 0.25), 1e-12);
  assert(near[2] > 0);
});

Deno.test("conventions: pixel (0, 0) is at the top left, and centres are where they are said to be", () => {
  const [height, width] = [6, 4];
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) {
      const [x, y] = [(2 * j + 1 - width) / width, (height - 2 * i - 1) / height];
      assertEquals(coveredPixels(triangleAround(x, y), height, width), [[i, j]]);
    }
  }
  assertEquals(coveredPixels(triangleAround(-0.75, 5 / 6), height, width), [[0, 0]]);
});

Deno.test("conventions: larger z is nearer, and hides what is behind", () => {
  const vertices = Float64Array.from([...triangleAround(0, 0, 0.1, 0.5), ...triangleAround(0, 0, 0.2, 0.5)]);
  const { faceIndex } = rasterize(vertices, Int32Array.of(0, 1, 2, 3, 4, 5), 3, 3);
  assertEquals(faceIndex[4], 1);
});

Deno.test("conventions: texture row 0 is v = 1, and columns go around", () => {
  const texture = { data: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8), height: 2, width: 4, channels: 1 };
  const columns = sphereColumns(4, true);
  const at = (u: number, v: number) => sampleTexture(texture, Float64Array.of(u, v), columns)[0];
  assertAlmostEquals(at(0.125, 1), 1, 1e-12);
  assertAlmostEquals(at(0.125, 0), 5, 1e-12);
  assertAlmostEquals(at(0.875, 1), 4, 1e-12);
  assertAlmostEquals(at(0, 1), (4 + 1) / 2, 1e-12);
  assertAlmostEquals(sampleTexture(texture, Float64Array.of(0.25, 1), sphereColumns(4, false))[0], 2, 1e-12);
});

Deno.test("conventions: u goes from −x by +z, +x, −z back to −x; v from the nose to the tail", () => {
  const { faces, faceUvs, uvs, vertices } = sphereTopology();
  faces.forEach((vertex, corner) => {
    const [u, v] = [uvs[2 * faceUvs[corner]], uvs[2 * faceUvs[corner] + 1]];
    if (v === 0 || v === 1) return;
    const radius = Math.sin(Math.PI * v);
    const expected = [
      -Math.cos(2 * Math.PI * u) * radius,
      -Math.cos(Math.PI * v),
      Math.sin(2 * Math.PI * u) * radius,
    ];
    assertAllClose(vertices.subarray(3 * vertex, 3 * vertex + 3), expected, { absolute: 2e-6 });
  });
});

Deno.test("conventions: faces are counter-clockwise; the hard pass drops clockwise ones, the soft one keeps them", () => {
  const triangle = Float64Array.from(triangleAround(0, 0, 0, 0.5));
  const [forth, back] = [Int32Array.of(0, 1, 2), Int32Array.of(0, 2, 1)];
  assert(computeFaceNormals(triangle, forth)[2] > 0);
  assert(rasterize(triangle, forth, 9, 9).faceIndex.includes(0));
  assert(!rasterize(triangle, back, 9, 9).faceIndex.includes(0));
  const soft = softSilhouetteReference(triangle, back, 9, 9, { boxMargin: 0.5, sharpness: 7 }).image;
  assert(soft.some((value) => value > 0.5));
});

Deno.test("conventions: sample colours are −1 to 1 and 0 behind the mask", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [height, width] = [8, 8];
    const image = { data: new Float32Array(height * width * 4), height, width, channels: 4 };
    for (let i = 0; i < height * width; i++) {
      const inside = Math.floor(i / width) >= 2 && Math.floor(i / width) < 6;
      image.data.set([1, 0, 1, inside ? 1 : 0], 4 * i);
    }
    const path = `${folder}/cut_out.png`;
    await writePng(path, image);
    assertEquals((await readImage(path)).data.slice(0, 3), Float32Array.of(1, 0, 1));
    const sample = await readSample(
      {
        id: "cut_out",
        imagePath: path,
        maskPath: null,
        maskRuns: null,
        partsPath: null,
        classIndex: 0,
        width,
        height,
        box: [0, 0, width, height],
        truePose: null,
      },
      32,
      { partLabels: [], partCount: 0, partKind: "labels" },
    );
    const at = (i: number, j: number) =>
      Array.from(sample.image.data.slice((i * 32 + j) * 3, (i * 32 + j) * 3 + 3));
    assertAllClose(at(16, 16), [1, -1, 1], { absolute: 1e-6 });
    assertEquals(at(0, 0).map(Math.abs), [0, 0, 0]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("conventions: quaternions are (w, x, y, z), and products turn by the second factor first", () => {
  const aboutZ = [Math.SQRT1_2, 0, 0, Math.SQRT1_2];
  const aboutX = [Math.SQRT1_2, Math.SQRT1_2, 0, 0];
  assertAllClose(rotateByQuaternion(aboutZ, [1, 0, 0]), [0, 1, 0], { absolute: 1e-12 });
  assertAllClose(rotateByQuaternion(aboutZ.map((c) => -c), [1, 0, 0]), [0, 1, 0], { absolute: 1e-12 });
  const both = multiplyQuaternions(aboutZ, aboutX);
  const inTurn = rotateByQuaternion(aboutZ, rotateByQuaternion(aboutX, [0, 1, 0]));
  assertAllClose(rotateByQuaternion(both, [0, 1, 0]), inTurn, { absolute: 1e-12 });
});

Deno.test("conventions: the images of the page are what the renderer draws", async () => {
  const page = await Deno.readTextFile("docs/explanation/conventions.md");
  for (const [name, image] of Object.entries(conventionImages())) {
    assert(page.includes(`(../images/${name})`), `docs/explanation/conventions.md does not show ${name}`);
    const golden = await readImage(`docs/images/${name}`);
    assertEquals([golden.height, golden.width], [image.height, image.width], name);
    const channels = golden.channels;
    let differing = 0;
    for (let i = 0; i < golden.data.length; i++) {
      const value = image.data[Math.floor(i / channels) * 3 + i % channels];
      if (Math.abs(golden.data[i] - value) > 3 / 255) differing++;
    }
    assert(differing <= 30, `${name} differs in ${differing} values; draw it again and look at it`);
  }
});
