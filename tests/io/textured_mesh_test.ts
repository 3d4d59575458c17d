/** Meshes with their own UV map and texture: what is written is read again, and what cannot be used is named. */
import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Document, WebIO } from "@gltf-transform/core";
import validator from "gltf-validator";
import type { FloatArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { encodePng, readTexturedMesh, writeTexturedMesh } from "../../lib/io/mod.ts";
import { assertMissing, assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { tetrahedron } from "./_tetrahedron.ts";

const texture = { data: Float32Array.from({ length: 5 * 7 * 3 }, (_, i) => (i * 37 % 256) / 255), height: 5 };
const image = { ...texture, width: 7, channels: 3 };

/** What each corner of each face has. */
function corners(values: FloatArray, indices: Int32Array, width: number): number[] {
  return Array.from(indices, (index) => [...values.subarray(width * index, width * index + width)]).flat();
}

/** Writes a GLB of one triangle, changed by `change`. */
async function writeTriangle(path: string, change: (document: Document) => void): Promise<void> {
  const document = new Document(), buffer = document.createBuffer();
  const attribute = (type: "VEC2" | "VEC3", values: number[]) =>
    document.createAccessor().setType(type).setArray(Float32Array.from(values)).setBuffer(buffer);
  const gltfTexture = document.createTexture().setMimeType("image/png")
    .setImage(await encodePng(image) as Uint8Array<ArrayBuffer>);
  const primitive = document.createPrimitive().setAttribute(
    "POSITION",
    attribute("VEC3", [0, 0, 0, 1, 0, 0, 0, 1, 0]),
  )
    .setAttribute("TEXCOORD_0", attribute("VEC2", [0, 0, 1, 0, 0, 1]))
    .setMaterial(document.createMaterial().setBaseColorTexture(gltfTexture));
  document.createScene().addChild(
    document.createNode().setMesh(document.createMesh().addPrimitive(primitive)),
  );
  change(document);
  await Deno.writeFile(path, await new WebIO().writeBinary(document));
}

for (const end of ["glb", "obj"]) {
  Deno.test(`a textured mesh is read as it was written: .${end}`, () =>
    inFolder(async (folder) => {
      const mesh = tetrahedron(), path = `${folder}/mesh.${end}`;
      await writeTexturedMesh(path, mesh, image);
      const read = await readTexturedMesh(path);
      assertEquals(read.mesh.vertices.length, mesh.vertices.length, "seams are welded");
      for (const [values, indices, width] of [["vertices", "faces", 3], ["uvs", "faceUvs", 2]] as const) {
        const found = corners(read.mesh[values], read.mesh[indices], width);
        corners(mesh[values], mesh[indices], width).forEach((value, i) =>
          assertAlmostEquals(found[i], value, 1e-6)
        );
      }
      assertEquals([read.texture.height, read.texture.width, read.texture.channels], [5, 7, 3]);
      image.data.forEach((value, i) => assertAlmostEquals(read.texture.data[i], value, 1e-6));
      if (end === "glb") {
        const { issues } = await validator.validateBytes(await Deno.readFile(path));
        assertEquals([issues.numErrors, issues.numWarnings], [0, 0], JSON.stringify(issues.messages));
      }
    }));
}

Deno.test("grey images become colours, and an image beside a .gltf is found", () =>
  inFolder(async (folder) => {
    const grey = { data: Float32Array.of(0, 1, 0.6, 0.2), height: 2, width: 2, channels: 1 };
    await writeTriangle(`${folder}/triangle.glb`, (document) => {
      document.getRoot().listTextures()[0].setURI("grey.png");
    });
    const io = new WebIO(),
      document = await io.readBinary(
        await Deno.readFile(`${folder}/triangle.glb`) as Uint8Array<ArrayBuffer>,
      );
    document.getRoot().listTextures()[0].setURI("grey.png");
    const { json, resources } = await io.writeJSON(document);
    await Deno.writeTextFile(`${folder}/triangle.gltf`, JSON.stringify(json));
    for (const [name, bytes] of Object.entries(resources)) await Deno.writeFile(`${folder}/${name}`, bytes);
    await Deno.writeFile(`${folder}/grey.png`, await encodePng(grey));
    const { texture: { data }, mesh } = await readTexturedMesh(`${folder}/triangle.gltf`);
    assertEquals(
      Array.from(data, (value) => Math.round(255 * value)),
      [0, 255, 153, 51].flatMap((x) => [x, x, x]),
    );
    assertEquals(Array.from(mesh.uvs), [0, 1, 1, 1, 0, 0]);
  }));

Deno.test("a textured mesh that cannot be used is named", () =>
  inFolder(async (folder) => {
    const glb = `${folder}/triangle.glb`, obj = `${folder}/triangle.obj`;
    const refuse = async (path: string, ...facts: Fact[]) => {
      await assertRejectsWith(() => readTexturedMesh(path), UserError, path, ...facts);
    };
    const refuseGlb = async (change: (document: Document) => void, ...facts: Fact[]) => {
      await writeTriangle(glb, change);
      await refuse(glb, ...facts);
    };
    await refuseGlb(
      (document) => document.getRoot().listMaterials()[0].setBaseColorTexture(null),
      "texture",
      "base colour",
    );
    await refuseGlb(
      (document) => document.getRoot().listMeshes()[0].listPrimitives()[0].setAttribute("TEXCOORD_0", null),
      "TEXCOORD_0",
    );
    await refuseGlb(
      (document) => {
        const [mesh] = document.getRoot().listMeshes(), [first] = mesh.listPrimitives();
        const other = document.createTexture().setMimeType("image/png").setImage(
          document.getRoot().listTextures()[0].getImage()!,
        );
        mesh.addPrimitive(first.clone().setMaterial(document.createMaterial().setBaseColorTexture(other)));
      },
      "texture",
      2,
    );
    const face = "v 0 0 0\nv 1 0 0\nv 0 1 0\nvt 0 0\n";
    await Deno.writeTextFile(obj, `${face}f 1 2 3\n`);
    await refuse(obj, "vt");
    await Deno.writeTextFile(obj, `${face}f 1/1 2/1 3/1\n`);
    await refuse(obj, "map_Kd");
    await Deno.writeTextFile(obj, `mtllib ../away.mtl\n${face}f 1/1 2/1 3/1\n`);
    await refuse(obj, "../away.mtl");
    await assertMissing(() => readTexturedMesh(`${folder}/none.glb`), `${folder}/none.glb`);
    await assertRejectsWith(
      () => writeTexturedMesh(`${folder}/mesh.stl`, tetrahedron(), image),
      UserError,
      `${folder}/mesh.stl`,
      ".glb",
      ".obj",
    );
  }));
