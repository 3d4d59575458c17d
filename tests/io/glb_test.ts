import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { WebIO } from "@gltf-transform/core";
import validator from "gltf-validator";
import { floatImage } from "../../lib/core/arrays.ts";
import { encodeGlb, weldMesh } from "../../lib/io/glb.ts";
import { encodeGlbWith } from "../../lib/io/glb_encoder.ts";
import { encodePlainPng } from "../../lib/io/plain_png.ts";
import { signedVolume, tetrahedron } from "./_tetrahedron.ts";

const texture = () => {
  const image = floatImage(8, 8, 3);
  image.data.forEach((_, i, data) => data[i] = (i % 13) / 12);
  return image;
};

Deno.test("encodeGlb passes the glTF validator without errors or warnings", async () => {
  const report = await validator.validateBytes(await encodeGlb(tetrahedron(), texture()));
  assertEquals(
    [report.issues.numErrors, report.issues.numWarnings],
    [0, 0],
    JSON.stringify(report.issues.messages),
  );
});

Deno.test("encodeGlb gives the same bytes for the same mesh", async () => {
  assertEquals(await encodeGlb(tetrahedron(), texture()), await encodeGlb(tetrahedron(), texture()));
});

Deno.test("encodeGlb embeds the image as a rough base colour that wraps along u only", async () => {
  const document = await new WebIO().readBinary(
    await encodeGlb(tetrahedron(), texture()) as Uint8Array<ArrayBuffer>,
  );
  const [material] = document.getRoot().listMaterials();
  assertEquals([material.getMetallicFactor(), material.getRoughnessFactor()], [0, 1]);
  assertEquals(material.getBaseColorTexture()?.getMimeType(), "image/png");
  const info = material.getBaseColorTextureInfo();
  assertEquals([info?.getWrapS(), info?.getWrapT()], [10497, 33071]);
});

Deno.test("encodeGlb keeps name and extras, and encodeGlbWith takes any encoder of images", async () => {
  const options = { name: "bird_7", extras: { seed: 7, truncation: 0.5, run: "birds" } };
  for (
    const bytes of [
      await encodeGlb(tetrahedron(), texture(), options),
      await encodeGlbWith(encodePlainPng, tetrahedron(), texture(), options),
    ]
  ) {
    const { issues } = await validator.validateBytes(bytes);
    assertEquals([issues.numErrors, issues.numWarnings], [0, 0], JSON.stringify(issues.messages));
    const root = (await new WebIO().readBinary(bytes as Uint8Array<ArrayBuffer>)).getRoot();
    assertEquals(root.getAsset().extras, options.extras);
    assertEquals([root.listMeshes()[0].getName(), root.getDefaultScene()?.getName()], ["bird_7", "bird_7"]);
  }
});

Deno.test("weldMesh turns to Y up by a rotation and keeps faces outwards", () => {
  const mesh = tetrahedron();
  const welded = weldMesh(mesh, 8, 8, true);
  assertAlmostEquals(
    signedVolume({ vertices: welded.positions, faces: welded.indices }),
    signedVolume(mesh),
    1e-5,
  );
  assertEquals([...welded.positions.subarray(0, 3)], [1, 1, -1]);
});

Deno.test("weldMesh gives one vertex to each pair of vertex and uv, with one normal across the seam", () => {
  const welded = weldMesh(tetrahedron(), 8, 8, true);
  const normals = new Map<string, string>();
  for (let i = 0; i < welded.positions.length; i += 3) {
    const position = welded.positions.slice(i, i + 3).join();
    const normal = welded.normals.slice(i, i + 3).join();
    assertEquals(normals.get(position) ?? normal, normal);
    normals.set(position, normal);
    assertAlmostEquals(Math.hypot(...welded.normals.slice(i, i + 3)), 1, 1e-6);
  }
  assertEquals(normals.size, 4);
  assert(welded.positions.length > 12);
});

Deno.test("weldMesh puts texel centres where our sampling has them", () => {
  const mesh = tetrahedron();
  const rows = 8, columns = 16;
  const welded = weldMesh(mesh, rows, columns, true);
  const asymmetric = weldMesh(mesh, rows, columns, false);
  Array.from(mesh.faceUvs).forEach((uv, corner) => {
    const [u, v] = [mesh.uvs[2 * uv], mesh.uvs[2 * uv + 1]];
    const i = welded.indices[corner];
    const row = welded.uvs[2 * i + 1] * rows - 0.5; // texel centres of glTF at half pixels
    assertAlmostEquals(row, (1 - v) * (rows - 1), 1e-5);
    assertAlmostEquals(welded.uvs[2 * i] * columns - 0.5, u * columns - 0.5, 1e-5);
    assertAlmostEquals(asymmetric.uvs[2 * i] * columns - 0.5, u * columns, 1e-5);
  });
});

Deno.test("three's GLTFLoader opens what encodeGlb writes", async () => {
  const { GLTFLoader } = await import("three/examples/jsm/loaders/GLTFLoader.js");
  const bytes = await encodeGlb(tetrahedron(), texture());
  const gltf = await new GLTFLoader().parseAsync(bytes.slice().buffer, "");
  let triangles = 0;
  gltf.scene.traverse((object) => {
    const { geometry } = object as { geometry?: { index: { count: number } | null } };
    triangles += (geometry?.index?.count ?? 0) / 3;
  });
  assertEquals(triangles, 4);
});
