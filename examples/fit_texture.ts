/** Fits the texture of a UV-mapped mesh to 24 pictures of it: deno run -A examples/fit_texture.ts MESH.obj TEXTURE.png */
import { type Tensor3D, tf, type Variable } from "../lib/core/tensor.ts";
import { readImage, writePng } from "../lib/io/image_file.ts";
import { readObj } from "../lib/io/obj.ts";
import { lookAtCamera, stackCameras } from "../lib/rendering/mod.ts";
import * as tensor from "../lib/rendering/tensor/mod.ts";

const [objPath, texturePath] = Deno.args, size = { height: 96, width: 128 };
const { vertices, faces, uvs, faceUvs } = readObj(await Deno.readTextFile(objPath));
const { data, height, width, channels: C } = await readImage(texturePath);
const points = tf.tensor2d(Float32Array.from(vertices), [vertices.length / 3, 3]);
const map = { values: tf.tensor2d(Float32Array.from(uvs), [uvs.length / 2, 2]), indices: faceUvs };

/** Views from all around a mesh with y up that lies within [-1, 1]³, as a function of its texture. */
function viewsOf(count: number, shift: number) {
  const cameras = Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (i + shift) / count;
    const eye = [3.5 * Math.sin(angle), 2 * (i % 3) - 1, 3.5 * Math.cos(angle)];
    return lookAtCamera({ eye, target: [0, 0, 0], up: [0, 1, 0] }, 0.7, { aspect: 128 / 96 });
  });
  const screen = tensor.project(points, tf.tensor2d(stackCameras(cameras)), "lookAt");
  const fragments = tensor.rasterize(screen, faces, { ...size, cull: "none" });
  const at = tensor.interpolate(map.values, faceUvs, fragments, screen, faces); // [B, H, W, 2]
  const levels = tensor.levelsOf(map, fragments, screen, faces, { height, width });
  return (texels: Tensor3D) => tensor.texture(texels, at, { filter: "mip", levels, fragments });
}

const truth = tf.tensor3d(Float32Array.from(data), [height, width, C]), views = viewsOf(24, 0);
const pictures = views(truth), texels = tf.variable(tf.fill([height, width, C], 0.5)) as Tensor3D & Variable;
const adam = tf.train.adam(0.05), loss = () => tf.sum(tf.squaredDifference(views(texels), pictures));
for (let step = 0; step < 40; step++) adam.minimize(() => loss().asScalar());

const unseen = viewsOf(6, 0.4), covered = tf.sum(unseen(tf.onesLike(truth)));
const error = tf.div(tf.sum(tf.squaredDifference(unseen(texels), unseen(truth))), covered).dataSync()[0];
console.log(`PSNR on held-out views: ${(-10 * Math.log10(error)).toFixed(1)} dB`);
await writePng("fitted_texture.png", { data: texels.dataSync<"float32">(), height, width, channels: C });
