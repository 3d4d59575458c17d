/** Fits the texture of a GLB or OBJ to 24 images of it: deno run -A examples/fit_texture.ts MESH.glb */
import { lookAtCamera, stackCameras } from "@texmesh/texmesh";
import { readTexturedMesh, writePng, writeTexturedMesh } from "@texmesh/texmesh/io";
import * as render from "@texmesh/texmesh/rendering/tensor";
import * as tf from "@tensorflow/tfjs";

const size = { height: 96, width: 128 }, { mesh, texture } = await readTexturedMesh(Deno.args[0]);
const { vertices, faces, uvs, faceUvs } = mesh, { data, height, width } = texture;
const points = tf.tensor2d(Float32Array.from(vertices), [vertices.length / 3, 3]);
const centred = tf.sub(points, tf.mean(points, 0)); // then within the unit sphere
const placed = tf.div<tf.Tensor2D>(centred, tf.max(tf.norm(centred, 2, 1)));
const map = { values: tf.tensor2d(Float32Array.from(uvs), [uvs.length / 2, 2]), indices: faceUvs };

/** Views from all around, y up, as a function of the texture. */
function viewsOf(count: number, shift: number) {
  const cameras = Array.from({ length: count }, (_, i) => {
    const angle = 2 * Math.PI * (i + shift) / count;
    const eye = [3.5 * Math.sin(angle), 2 * (i % 3) - 1, 3.5 * Math.cos(angle)];
    return lookAtCamera({ eye, target: [0, 0, 0], up: [0, 1, 0] }, 0.6, { aspect: 128 / 96 });
  });
  const screen = render.project(placed, tf.tensor2d(stackCameras(cameras)), "lookAt"); // [B, V, 4]
  const fragments = render.rasterize(screen, faces, { ...size, cull: "none" });
  const at = render.interpolate(map.values, faceUvs, fragments, screen, faces); // [B, H, W, 2]
  const levels = render.levelsOf(map, fragments, screen, faces, { height, width });
  return (texels: tf.Tensor3D) => render.texture(texels, at, { filter: "mip", levels, fragments });
}

const truth = tf.tensor3d(Float32Array.from(data), [height, width, 3]), views = viewsOf(24, 0);
const texels = tf.variable(tf.fill([height, width, 3], 0.5)) as tf.Tensor3D & tf.Variable;
const images = views(truth), adam = tf.train.adam(0.05);
const loss = () => tf.sum(tf.squaredDifference(views(texels), images)).asScalar();
for (let step = 0; step < 40; step++) adam.minimize(loss);

const unseen = viewsOf(6, 0.4), rows = [truth, texels].map(unseen);
const covered = tf.sum(unseen(tf.onesLike(truth)));
const error = tf.div(tf.sum(tf.squaredDifference(rows[0], rows[1])), covered).dataSync()[0];
console.log(`PSNR on held-out views: ${(-10 * Math.log10(error)).toFixed(1)} dB`);
const grid = tf.concat(rows.map((row) => tf.concat(tf.unstack(row), 1)), 0).dataSync<"float32">(); // truth above
await writePng("fit_texture.png", { data: grid, height: 192, width: 768, channels: 3 });
await writeTexturedMesh("fit_texture.glb", mesh, { ...texture, data: texels.dataSync<"float32">() });
