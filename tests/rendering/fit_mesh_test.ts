/** A mesh and its texture, fitted from a sphere to images of an object, judged on views that it was not fitted to. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readObj } from "../../lib/io/obj.ts";
import type { Mesh } from "../../lib/mesh/mesh.ts";
import { antialias, type Camera, projectToScreen } from "../../lib/rendering/mod.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { draw, fitShape, fitTexture, judge, type View } from "./fit_mesh.ts";
import { findModels, type Model, RENDERS } from "./render_models.ts";
import { randomWeights } from "./scenes.ts";
import { around, box } from "./views_around.ts";

/** Images and coverages of a mesh with its own texture. */
function viewsOf(mesh: Mesh, texture: FloatImage, cameras: readonly Camera[], S: number): View[] {
  const single = { ...texture, data: Float32Array.from(texture.data) };
  const uvs = { values: Float32Array.from(mesh.uvs), indices: mesh.faceUvs, channels: 2 };
  return cameras.map((camera) => {
    const row = { ...camera, parameters: Float32Array.from(camera.parameters) };
    const view = { screen: projectToScreen(Float32Array.from(mesh.vertices), row), faces: mesh.faces };
    const { smooth, fragments } = draw(view, uvs, single, S, "none");
    const data = Float32Array.from(fragments.faceIndex, (face) => Number(face >= 0));
    const mask = antialias({ data, height: S, width: S, channels: 1 }, view, fragments);
    return { camera, mask: mask as Float32Array, image: smooth as Float32Array };
  });
}

const greyTexture = (side: number) => ({
  data: new Float32Array(side * side * 3).fill(0.5),
  height: side,
  width: side,
  channels: 3,
});

Deno.test("a sphere becomes a box by its masks, and gets its colours", () => {
  const S = 32,
    texture = { data: randomWeights(3, 18).map((x) => 0.5 + 0.4 * x), height: 2, width: 3, channels: 3 };
  const views = viewsOf(box(), texture, around(8, 0, 1, [-2, 2.5]), S);
  const unseen = viewsOf(box(), texture, around(3, 0.4, 1, [-1, 2, 0.5]), S);
  const mesh = { vertices: fitShape(views, S), texture: greyTexture(64) };
  const before = judge(mesh, unseen, S);
  fitTexture(mesh, views, S, 40, 0);
  const after = judge(mesh, unseen, S);
  console.log(
    `box from a sphere: IoU ${before.iou.toFixed(3)}, ${before.psnr.toFixed(1)} to ${
      after.psnr.toFixed(1)
    } dB`,
  );
  assert(before.iou > 0.93, `masks have an IoU of ${before.iou}`);
  assert(after.psnr > before.psnr + 5, `${before.psnr} to ${after.psnr} dB`);
});

/** One car; every sixth of its views is held out. */
const ID = "trigger_evo_wrc", model = findModels().find(({ id }) => id === ID);

async function fitModel({ folder, id, views }: Model): Promise<void> {
  const S = 96, path = join(folder, "models", id);
  const mesh = readObj(await Deno.readTextFile(join(path, "model.obj"))),
    texture = await readImage(join(path, "tex0.jpg"));
  const all = viewsOf(mesh, texture, views.map(({ camera }) => camera), S);
  const seen = all.filter((_, i) => i % 6 !== 3), unseen = all.filter((_, i) => i % 6 === 3);
  const fitted = { vertices: fitShape(seen, S), texture: greyTexture(256) };
  const shape = judge(fitted, unseen, S);
  fitTexture(fitted, seen, S, 40, 0);
  const coloured = judge(fitted, unseen, S);
  fitTexture(fitted, seen, S, 250, 0.006);
  const both = judge(fitted, unseen, S);
  console.log(
    `${id} from a sphere: IoU of held-out masks ${shape.iou.toFixed(3)}; grey ${shape.psnr.toFixed(1)} dB, ` +
      `texture ${coloured.psnr.toFixed(1)} dB, texture and shape ${both.psnr.toFixed(1)} dB, IoU ${
        both.iou.toFixed(3)
      }`,
  );
  assert(shape.iou > 0.97 && both.iou > 0.97, `masks have an IoU of ${shape.iou} and ${both.iou}`);
  assert(coloured.psnr > 19 && both.psnr > 21, `${coloured.psnr} and ${both.psnr} dB on held-out views`);
}

const missing = model ? null : `no model ${ID} in ${RENDERS} (TEXMESH_DATA)`;
slowTest("renders: a car is fitted from a sphere to its views", () => fitModel(model!), missing);
