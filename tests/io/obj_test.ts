import { assertAlmostEquals, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { floatImage } from "../../lib/core/arrays.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { formatObj, readObj, writeObj } from "../../lib/io/obj.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { signedVolume, tetrahedron } from "./_tetrahedron.ts";

Deno.test("formatObj turns the mesh by a rotation: the volume keeps its sign", () => {
  const mesh = tetrahedron();
  const back = readObj(formatObj(mesh, "mesh_0"));
  assertEquals([back.vertices.length, back.uvs.length, back.faces.length], [12, 12, 12]);
  assertAlmostEquals(signedVolume(back), signedVolume(mesh), 1e-4);
  assertEquals(back.faces, mesh.faces);
  assertEquals(back.faceUvs, mesh.faceUvs);
  assertEquals([...back.vertices.subarray(3, 6)], [mesh.vertices[3], mesh.vertices[5], -mesh.vertices[4]]);
});

Deno.test("formatObj with legacy exchanges y and z: the volume changes its sign", () => {
  const mesh = tetrahedron();
  const back = readObj(formatObj(mesh, "mesh_0", { legacy: true }));
  assertAlmostEquals(signedVolume(back), -signedVolume(mesh), 1e-4);
});

Deno.test("formatObj writes the parts in the fixed order with five decimals", () => {
  const text = formatObj(tetrahedron(), "mesh_3");
  assertMatch(
    text,
    /^o mesh0\nmtllib mesh_3\.mtl\n(v \S+ \S+ \S+\n){4}(vt \S+ \S+\n){6}usemtl mesh_3\n(f .*\n){4}$/,
  );
  assertEquals(text.includes("-0.00000"), false);
});

Deno.test("writeObj writes mesh, material and image; legacy truncates colours", async () => {
  const folder = await Deno.makeTempDir();
  const texture = floatImage(2, 2, 3);
  texture.data.fill(0.7); // 178.5 of 255
  await writeObj(join(folder, "mesh_0.obj"), tetrahedron(), texture);
  await writeObj(join(folder, "old.obj"), tetrahedron(), texture, { legacy: true });
  assertMatch(
    await Deno.readTextFile(join(folder, "mesh_0.mtl")),
    /^newmtl mesh_0\n[\s\S]*map_Kd mesh_0\.png\n$/,
  );
  const level = async (name: string) => Math.round((await readImage(join(folder, name))).data[0] * 255);
  assertEquals(await level("mesh_0.png"), Math.round(Math.fround(0.7) * 255));
  assertEquals(await level("old.png"), 178);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readObj makes triangles of polygons and understands indices from the end", () => {
  const mesh = readObj("v 0 0 0\nv 1 0 0\nv 1 1 0\nv 0 1 0\nf -4 -3 -2 -1\n");
  assertEquals([...mesh.faces], [0, 1, 2, 0, 2, 3]);
  assertEquals(mesh.uvs.length, 0);
});

Deno.test("readObj names the line that it cannot read", () => {
  assertThrowsWith(() => readObj("v 0 0 0\nv 1 x 0\n"), SyntaxError, "line 2", "v 1 x 0");
  assertThrowsWith(() => readObj("v 0 0 0\nf 1 2 3\n"), SyntaxError, "line 2", "f 1 2 3");
  assertThrowsWith(() => readObj("# nothing\n"), SyntaxError, 0, "faces");
});
