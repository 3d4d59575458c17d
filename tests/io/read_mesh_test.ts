import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { readGltf } from "../../lib/io/gltf_reader.ts";
import type { LabelledMesh } from "../../lib/io/labelled_mesh.ts";
import { readPly } from "../../lib/io/ply.ts";
import { readLabelledObj, readMesh } from "../../lib/io/read_mesh.ts";
import { readStl } from "../../lib/io/stl.ts";
import { assertRejectsWith, assertThrowsWith, type Fact } from "../helpers/assert_facts.ts";
import { FACES, glbBytes, objBytes, PARTS, plyBytes, stlBytes, VERTICES } from "./user_meshes.ts";

/** Every format, how it is read, and the names that its two parts have there. */
type Read = (bytes: Uint8Array) => LabelledMesh | Promise<LabelledMesh>;
const FORMATS: readonly [string, Uint8Array, Read, readonly string[]][] = [
  ["OBJ", objBytes(), readLabelledObj, ["foot", "head"]],
  ["PLY as text", plyBytes("ascii"), readPly, ["part 0", "part 1"]],
  ["PLY, little end first", plyBytes("binary_little_endian"), readPly, ["part 0", "part 1"]],
  ["PLY, big end first", plyBytes("binary_big_endian"), readPly, ["part 0", "part 1"]],
  ["STL as text", stlBytes("text"), readStl, ["foot", "head"]],
  ["binary STL", stlBytes("binary"), readStl, ["object"]],
  ["GLB", glbBytes(), (bytes) => readGltf(bytes), ["foot", "head"]],
];

/** Corners of all faces as coordinates, whatever the order of the vertices. */
function corners({ vertices, faces }: { vertices: ArrayLike<number>; faces: ArrayLike<number> }): number[] {
  return Array.from(faces).flatMap((vertex) => [0, 1, 2].map((axis) => vertices[3 * vertex + axis]));
}

for (const [name, bytes, read, partNames] of FORMATS) {
  Deno.test(`${name} is read: triangles and parts`, async () => {
    const mesh = await read(bytes);
    assertEquals(corners(mesh), corners({ vertices: VERTICES, faces: FACES }));
    assertEquals(mesh.partNames, partNames);
    const expected = PARTS.map((part) => partNames.length === 1 || part === "foot" ? 0 : 1);
    assertEquals(Array.from(mesh.faceParts), expected);
  });

  Deno.test(`${name}: every truncation and 400 mutations give a mesh or a clear error at once`, async () => {
    const prng = new Prng(5, name);
    const damaged = Array.from({ length: 60 }, (_, k) => bytes.slice(0, Math.floor(bytes.length * k / 60)));
    for (let k = 0; k < 400; k++) {
      const copy = bytes.slice();
      for (let n = prng.integer(4); n >= 0; n--) copy[prng.integer(copy.length)] = prng.integer(256);
      damaged.push(copy);
    }
    const started = performance.now();
    for (const content of damaged) {
      try {
        const mesh = await read(content);
        assert(mesh.vertices.every(Number.isFinite), "a coordinate is not finite");
        assert(mesh.faces.every((vertex) => 3 * vertex < mesh.vertices.length), "a corner is no vertex");
        assert(mesh.vertices.length < 1e5 && mesh.faces.length < 1e5, "the mesh is larger than its file");
      } catch (error) {
        assert(error instanceof SyntaxError && error.message.length > 10, `${error}`);
      }
    }
    assert(performance.now() - started < 10_000, "it takes too long");
  });
}

Deno.test("huge counts are refused before memory is taken for them", async () => {
  const ply = (count: string) =>
    new TextEncoder().encode(
      new TextDecoder().decode(plyBytes("ascii")).replace("vertex 16", `vertex ${count}`),
    );
  assertThrowsWith(() => readPly(ply("4000000000")), SyntaxError, 4000000000, "vertices");
  assertThrowsWith(() => readPly(ply("-1")), SyntaxError, "vertices", -1);
  const stl = stlBytes("binary");
  new DataView(stl.buffer).setUint32(80, 4e9, true);
  assertThrowsWith(() => readStl(stl), SyntaxError, 4000000000, "faces");
  const glb = glbBytes((json) => (json.accessors as { count: number }[])[0].count = 4e9);
  await assertRejectsWith(() => readGltf(glb), SyntaxError, "accessor 0", 4000000000);
  const sparse = glbBytes((json) => json.accessors = [{ componentType: 5126, count: 4e9, type: "VEC3" }]);
  await assertRejectsWith(() => readGltf(sparse), SyntaxError, "accessor 0", 4000000000);
});

Deno.test("coordinates that are not finite are named", async () => {
  const ply = plyBytes("binary_little_endian"), stl = stlBytes("binary"), glb = glbBytes();
  new DataView(ply.buffer).setFloat32(ply.length - 14 * PARTS.length - 4, NaN, true);
  assertThrowsWith(() => readPly(ply), SyntaxError, "coordinate 3", "vertex 16", "NaN");
  new DataView(stl.buffer).setFloat32(96, Infinity, true);
  assertThrowsWith(() => readStl(stl), SyntaxError, "coordinate 1", "vertex 1", "Infinity");
  new DataView(glb.buffer).setFloat32(glb.length - 168, NaN, true);
  await assertRejectsWith(() => readGltf(glb), SyntaxError, "coordinate 1", "vertex 1", "NaN");
  const obj = new TextEncoder().encode("v 0 0 nan\nv 1 0 0\nv 0 1 0\nf 1 2 3");
  assertThrowsWith(() => readLabelledObj(obj), SyntaxError, "line 1", "v 0 0 nan");
});

Deno.test("large damaged files are refused within two seconds", () => {
  const faces = 300_000, stl = new Uint8Array(84 + 50 * faces), view = new DataView(stl.buffer);
  view.setUint32(80, faces, true);
  for (let f = 0; f < faces; f++) view.setFloat32(84 + 50 * f + 12, f, true);
  view.setFloat32(84 + 50 * (faces - 1) + 44, NaN, true);
  const row = "v 0.125 0.25 0.5\n", lines = row.repeat(300_000);
  const encoder = new TextEncoder();
  const ply = `ply\nformat ascii 1.0\nelement vertex 300001\nproperty float x\nproperty float y\n` +
    `property float z\nelement face 1\nproperty list uchar int vertex_indices\nend_header\n`;
  const text = `solid a\n${"facet normal 0 0 0\nvertex 0 1 2\n".repeat(150_000)}`;
  const cases: [(bytes: Uint8Array) => LabelledMesh, Uint8Array, ...Fact[]][] = [
    [readStl, stl, "coordinate 3", "vertex 900000", "NaN"],
    [readStl, encoder.encode(text), "endsolid", '"vertex 0 1 2"'],
    [readPly, encoder.encode(ply + lines.replaceAll("v ", "")), 4500159],
    [readLabelledObj, encoder.encode(lines + "f 1 2 300001"), "line 300001"],
  ];
  for (const [read, bytes, ...facts] of cases) {
    const started = performance.now();
    assertThrowsWith(() => read(bytes), SyntaxError, ...facts);
    const elapsed = performance.now() - started;
    assert(elapsed < 2000, `${facts}: ${elapsed} ms for ${bytes.length} bytes`);
  }
});

Deno.test("GLB: loops of nodes, data elsewhere and what is not read are refused", async () => {
  type Json = Record<string, Record<string, unknown>[]>;
  const refused = (change: (json: Json) => void, ...facts: Fact[]) =>
    assertRejectsWith(() => readGltf(glbBytes((json) => change(json as Json))), SyntaxError, ...facts);
  await refused((json) => json.nodes[1].children = [0], "nodes", "node 1");
  await refused((json) => json.nodes[0].children = [7], "node 7");
  await refused((json) => json.buffers[0].uri = "other.bin", "other.bin");
  await refused((json) => json.bufferViews[0].buffer = 1, "accessor 0", 8);
  await refused((json) => json.accessors[0].type = "VEC2", 2, 3);
  await refused((json) => json.accessors[1].count = 37, "accessor 1", 37);
  await refused((json) => json.nodes[0].mesh = -1 as never, "nodes.0.mesh");
  await refused((json) => json.nodes[0].mesh = 3 as never, "mesh 3");
  await refused((json) => json.extensionsRequired = ["X_shapes"] as never, "extension", "X_shapes");
});

Deno.test("GLB: two materials or more become the parts", async () => {
  const { partNames } = await readGltf(glbBytes((json) => {
    const primitive = { attributes: { POSITION: 0 }, indices: 1 };
    json.materials = [{ name: "wood" }, { name: "cloth" }];
    json.meshes = [{ primitives: [{ ...primitive, material: 0 }, { ...primitive, material: 1 }] }];
  }));
  assertEquals(partNames, ["wood", "cloth"]);
});

Deno.test("a mesh file that is missing, of another kind or damaged is named", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/cut.ply`, plyBytes("binary_little_endian").subarray(0, 300));
    await assertRejectsWith(
      () => readMesh(`${folder}/cut.ply`),
      UserError,
      `${folder}/cut.ply`,
      16,
      "vertices",
    );
    await assertRejectsWith(() => readMesh(`${folder}/none.glb`), UserError, "none.glb");
    await assertRejectsWith(
      () => readMesh(`${folder}/mesh.fbx`),
      UserError,
      `${folder}/mesh.fbx`,
      ".obj, .glb, .gltf, .ply, .stl",
    );
    await Deno.writeFile(`${folder}/whole.stl`, stlBytes("text"));
    assertEquals((await readMesh(`${folder}/whole.stl`)).faces.length, FACES.length);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
