import { assert } from "@std/assert";
import { WebIO } from "@gltf-transform/core";
import { floatImage } from "../../lib/core/arrays.ts";
import { encodeGlb } from "../../lib/io/glb.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";

const SIZE = 96, H = 32, W = 64;

/** A texture without any symmetry, different in every row and column. */
function texture() {
  const image = floatImage(H, W, 3);
  for (let i = 0; i < H * W; i++) {
    const [row, column] = [Math.floor(i / W), i % W];
    image.data.set(
      [row / (H - 1), Math.round(127.5 + 127.5 * Math.sin(column / 5)) / 255, column / (W - 1)],
      3 * i,
    );
  }
  return image;
}

/** Bilinear sample as glTF defines it: texel centres at half pixels, u repeats, v is clamped. */
function sample(image: { data: ArrayLike<number> }, u: number, v: number): number[] {
  const x = u * W - 0.5, y = Math.min(Math.max(v * H - 0.5, 0), H - 1);
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const at = (column: number, row: number, c: number) =>
    image.data[3 * (Math.min(row, H - 1) * W + ((column % W) + W) % W) + c];
  return [0, 1, 2].map((c) =>
    (1 - (y - y0)) * ((1 - (x - x0)) * at(x0, y0, c) + (x - x0) * at(x0 + 1, y0, c)) +
    (y - y0) * ((1 - (x - x0)) * at(x0, y0 + 1, c) + (x - x0) * at(x0 + 1, y0 + 1, c))
  );
}

Deno.test("a GLB, shown by the rules of glTF, looks like our own image from every side", async () => {
  const topology = sphereTopology();
  const vertices = Float64Array.from(topology.vertices, (value, i) => value * (i % 3 === 0 ? 0.6 : 0.9));
  const mesh = { ...topology, vertices };
  const document = await new WebIO().readBinary(await encodeGlb(mesh, texture()) as Uint8Array<ArrayBuffer>);
  const [primitive] = document.getRoot().listMeshes()[0].listPrimitives();
  const read = (name: string) => primitive.getAttribute(name)!.getArray()!;
  const [yUp, uvs] = [read("POSITION"), read("TEXCOORD_0")];
  const faces = Int32Array.from(primitive.getIndices()!.getArray()!);
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await Deno.writeFile(path, document.getRoot().listTextures()[0].getImage()!);
  const image = await readImage(path);
  await Deno.remove(path);
  // Back to z up by the inverse rotation, (x, y, z) → (x, −z, y).
  const positions = Float64Array.from(
    yUp,
    (_, i) => i % 3 === 0 ? yUp[i] : i % 3 === 1 ? -yUp[i + 1] : yUp[i - 1],
  );
  const half = Math.SQRT1_2;
  for (const rotation of [[half, half, 0, 0], [half, -half, 0, 0], [0.5, 0.5, 0.5, -0.5], [1, 0, 0, 0]]) {
    const pose = { rotation, scale: 1, translation: [0.05, 0], perspective: Infinity };
    const expected = renderImage({ ...mesh, vertices: projectVertices(vertices, pose) }, texture(), {
      size: SIZE,
      supersample: 1,
    });
    const { faceIndex, barycentric } = rasterize(projectVertices(positions, pose), faces, SIZE, SIZE);
    let covered = 0, different = 0;
    faceIndex.forEach((face, pixel) => {
      if ((face >= 0) !== (expected.data[4 * pixel + 3] > 0)) different++;
      if (face < 0) return;
      covered++;
      const [u, v] = [0, 1].map((axis) =>
        [0, 1, 2].reduce(
          (sum, corner) => sum + barycentric[3 * pixel + corner] * uvs[2 * faces[3 * face + corner] + axis],
          0,
        )
      );
      const colour = sample(image, u, v);
      if (colour.some((value, c) => Math.abs(value - expected.data[4 * pixel + c]) > 0.01)) different++;
    });
    assert(covered > 2000 && different < 0.005 * covered, `${different} of ${covered} pixels differ`);
  }
});
