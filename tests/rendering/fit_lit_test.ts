/** A texture fitted to the images of the folder of renders themselves, each under a light of its own. */
import { assert } from "@std/assert";
import { join } from "@std/path";
import type { FloatImage } from "../../lib/core/arrays.ts";
import { shrinkImage } from "../../lib/core/shrink_image.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readObj } from "../../lib/io/obj.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { fitLitTexture, litPsnr, litView } from "./fit_lit.ts";
import { type Model, RENDERS, sampleModels } from "./render_models.ts";

const S = 160;

/** Fewer pixels of an image, `[S, S, C]`. */
function shrink(image: FloatImage): Float32Array {
  return Float32Array.from(shrinkImage(image, image.width / S).data);
}

async function checkModel({ folder, id, views }: Model): Promise<void> {
  const path = join(folder, "models", id), mesh = readObj(await Deno.readTextFile(join(path, "model.obj")));
  const own = await readImage(join(path, "tex0.jpg"));
  const all = await Promise.all(views.map(async ({ stem, camera }) => {
    const image = shrink(await readImage(join(folder, "images", `${stem}.jpg`)));
    const mask = await readImage(join(folder, "masks", `${stem}.png`)), shrunk = shrink(mask);
    return litView(mesh, own, camera, image, shrunk.filter((_, i) => i % mask.channels === 0), S);
  }));
  const seen = all.filter((_, i) => i % 6 !== 3), unseen = all.filter((_, i) => i % 6 === 3);
  const grey = { ...own, data: new Float32Array(own.data.length).fill(0.5) };
  const before = litPsnr(grey, unseen),
    truth = litPsnr({ ...own, data: Float32Array.from(own.data) }, unseen);
  fitLitTexture(grey, seen, 60);
  const after = litPsnr(grey, unseen);
  console.log(
    `${id}, images of the set, lights fitted: ${after.toFixed(1)} dB on held-out ones ` +
      `(grey ${before.toFixed(1)}, its own texture ${truth.toFixed(1)})`,
  );
  assert(after > truth && after > 24.5, `${after} dB with the fitted texture, ${truth} with the model's own`);
}

const models = sampleModels(),
  missing = models.length ? null : `no model with 24 views in ${RENDERS} (TEXMESH_DATA)`;
slowTest("renders: textures are fitted to lit images", async (test) => {
  for (const model of models) await test.step(model.id, () => checkModel(model));
}, missing);
