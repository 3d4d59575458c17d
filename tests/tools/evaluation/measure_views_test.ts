import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../../lib/core/arrays.ts";
import { sphereTopology } from "../../../lib/mesh/sphere_topology.ts";
import { evenly, meanObjectFigures, measureViews } from "../../../tools/evaluation/measure_views.ts";
import { templateMethod, type ViewMethod } from "../../../tools/evaluation/view_methods.ts";
import { multiplyQuaternions, rotateByQuaternion } from "../../../lib/rendering/quaternion.ts";
import { makeToyInputs } from "../../reconstruction/toy_dataset.ts";

const COUNT = 4, SIZE = 128;
const { dataset, templates, texture } = makeToyInputs(COUNT);
const object = {
  vertices: sphereTopology().vertices.map((value, i) => value * [0.5, 1, 0.6][i % 3]),
  texture: squareTexture(),
};
const photographs = dataset.records.map(({ truePose }, index) => ({
  index,
  group: index < 3 ? "a" : "b",
  pose: truePose!,
}));

/** The toy's texture as networks have them, square and in [−1, 1], `[32, 32, 3]`. */
function squareTexture(): FloatImage {
  const square = floatImage(32, 32, 3);
  square.data.forEach((_, k, data) => data[k] = 2 * texture.data[Math.floor(k / 192) * 96 + k % 96] - 1);
  return square;
}

const perfect: ViewMethod = {
  name: "perfect",
  isPlaced: true,
  symmetric: true,
  reconstruct: ({ pose }) => Promise.resolve({ ...object, pose }),
};

Deno.test("the true object is as good in other photographs of its group as in its own, by true poses", async () => {
  const seen: string[] = [];
  const found = await measureViews(dataset, photographs, photographs, perfect, "true", {
    size: SIZE,
    onObject: ({ group }) => void seen.push(group),
  });
  assertEquals(found.map(({ id, group, novel }) => [id, group, novel.length]), [
    ["toy0", "a", 2],
    ["toy1", "a", 2],
    ["toy2", "a", 2],
    ["toy3", "b", 0],
  ]);
  assertEquals(seen, ["a", "a", "a", "b"]);
  for (const { own, novel } of found) {
    for (const { iou, psnr } of [own, ...novel]) assert(iou > 0.98 && psnr! > 28, `${iou} ${psnr}`);
  }
});

Deno.test("with own poses the object is turned into the other cameras as it stands in its own one", async () => {
  const turn = [Math.cos(0.7), 0, 0, Math.sin(0.7)], back = [turn[0], 0, 0, -turn[3]];
  const vertices = object.vertices.slice();
  for (let o = 0; o < vertices.length; o += 3) {
    vertices.set(
      rotateByQuaternion(back, [...object.vertices.subarray(o, o + 3)] as [number, number, number]),
      o,
    );
  }
  const turned: ViewMethod = {
    ...perfect,
    reconstruct: ({ pose }) => Promise.resolve({ ...object, vertices, pose }),
  };
  // a wrong frame of the object does not matter, as its pose is wrong by the same turn
  const inputs = photographs.slice(0, 1).map((photograph) => ({
    ...photograph,
    pose: { ...photograph.pose, rotation: multiplyQuaternions(photograph.pose.rotation, turn) },
  }));
  const [{ own, novel }] = await measureViews(dataset, inputs, photographs, turned, "relative", {
    size: SIZE,
  });
  for (const { iou, psnr } of [own, ...novel]) assert(iou > 0.97 && psnr! > 25, `${iou} ${psnr}`);
  // by estimated poses alone it does
  const [wrong] = await measureViews(dataset, inputs, photographs, turned, "estimated", { size: SIZE });
  assertEquals(wrong.own, own);
  assert(Math.min(...wrong.novel.map(({ iou }) => iou)) < 0.9);
});

Deno.test("the template has the mean colour, and its size is fitted where cameras are true", async () => {
  const small = templates.map((template) => ({
    ...template,
    vertices: Float32Array.from(object.vertices, (value) => value / 3),
  }));
  const method = templateMethod(small), sample = await dataset.sample(0, SIZE);
  const { texture: mean } = await method.reconstruct(photographs[0], sample);
  let sum = 0, area = 0;
  sample.mask.data.forEach((share, i) => (area += share, sum += sample.image.data[3 * i]));
  assertAlmostEquals(mean!.data[0], sum / area, 1e-5);
  const options = { size: SIZE, novelViews: 1 };
  const [fitted] = await measureViews(dataset, photographs, photographs, method, "true", options);
  assert(fitted.own.iou > 0.97 && fitted.novel[0].iou > 0.97, JSON.stringify(fitted));
  assert(fitted.own.psnr! < 20 && fitted.novel.length === 1);
  const [own] = await measureViews(dataset, photographs, photographs, method, "estimated", options);
  assert(own.own.iou < 0.2 && own.novel[0].iou > 0.97, JSON.stringify(own)); // the own pose stands as it is
});

Deno.test("means leave out what is not known, and photographs are taken evenly", () => {
  const figures = [{ iou: 0.5, psnr: 10, ssim: 0, lp: null }, { iou: 1, psnr: null, ssim: null, lp: null }];
  assertEquals(meanObjectFigures(figures), { count: 2, iou: 0.75, psnr: 10, ssim: 0, lp: null });
  assertEquals([evenly([1, 2, 3, 4, 5, 6], 3), evenly([1, 2], 5), evenly([], 2)], [[2, 4, 6], [1, 2], []]);
});
