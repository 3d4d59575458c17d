import { assertAlmostEquals } from "@std/assert";
import {
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
} from "@gltf-transform/extensions";
import { UserError } from "../../lib/core/errors.ts";
import { readMesh } from "../../lib/io/read_mesh.ts";
import { assertRejectsWith, type Fact } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import {
  binaryStl,
  CORNERS,
  encode,
  glb,
  glbWith,
  measure,
  NOTCHED,
  objLines,
  ply,
  QUADS,
  quantized,
  SIZE,
  skinned,
  stl,
  STRIP,
  turnedLine,
} from "./_box_files.ts";

type Case = [
  name: string,
  file: string,
  bytes: () => Uint8Array | Promise<Uint8Array>,
  volume: number,
  sides: number[],
];
const CASES: Case[] = [
  ["quads", "a.obj", () => encode(objLines().join("\n")), 8, SIZE],
  ["a polygon with a notch", "a.obj", () => encode(NOTCHED.join("\n")), 10, [4, 4, 1]],
  ["a polygon with a notch, PLY", "a.ply", () => encode(notchedPly()), 10, [4, 4, 1]],
  [
    "lines that go on, with CRLF",
    "a.obj",
    () => encode(objLines().map((line) => line.replace(/ (\S+)$/, " \\\r\n$1")).join("\r\n")),
    8,
    SIZE,
  ],
  ["old line ends", "a.obj", () => encode(objLines().join("\r")), 8, SIZE],
  [
    "comments behind values",
    "a.obj",
    () => encode(objLines().map((line) => `${line} # 7`).join("\n")),
    8,
    SIZE,
  ],
  ["OBJ in capitals", "a.OBJ", () => encode(objLines().join("\n").toUpperCase()), 8, SIZE],
  ["a byte order mark", "a.obj", () => encode("\ufeff" + objLines().join("\n")), 8, SIZE],
  ["strips, PLY", "a.ply", () => encode(ply("tristrips", [STRIP])), 8, SIZE],
  [
    "several strips in a list, PLY",
    "a.ply",
    () => encode(ply("tristrips", [QUADS.flatMap(([a, b, c, d]) => [a, b, d, c, -1])])),
    8,
    SIZE,
  ],
  [
    "several strips of numbers without a sign, PLY",
    "a.ply",
    () =>
      encode(
        ply("tristrips", [QUADS.flatMap(([a, b, c, d]) => [a, b, d, c, 2 ** 32 - 1])]).replace(
          "list int int",
          "list int uint",
        ),
      ),
    8,
    SIZE,
  ],
  ["a byte order mark, PLY", "a.ply", () => encode("\ufeff" + ply("face", QUADS)), 8, SIZE],
  [
    "vertices of no face far away",
    "a.obj",
    () => encode(["v 999 999 999", ...objLines(QUADS.map((face) => face.map((k) => k + 1)))].join("\n")),
    8,
    SIZE,
  ],
  ["the old word for faces", "a.obj", () => encode(objLines().join("\n").replaceAll("f ", "fo ")), 8, SIZE],
  [
    "corners counted from the end",
    "a.obj",
    () => encode(objLines(QUADS.map((face) => face.map((k) => k - 9))).join("\n")),
    8,
    SIZE,
  ],
  ...[[0, 1, 2], [1, 2, 0], [2, 0, 1]].map((axes): Case => [
    `a polygon with a notch across axis ${axes.indexOf(2)}`,
    "a.obj",
    () => encode(NOTCHED.map((line) => line.startsWith("v ") ? turnedLine(line, axes) : line).join("\n")),
    10,
    axes.map((axis) => [4, 4, 1][axis]),
  ]),
  ["old line ends, PLY", "a.ply", () => encode(ply("face", QUADS).replaceAll("\n", "\r")), 8, SIZE],
  ["STL in capitals", "a.stl", () => encode(stl(true)), 8, SIZE],
  ["STL with old line ends", "a.stl", () => encode(stl(false).replaceAll("\n", "\r")), 8, SIZE],
  ["binary STL that begins with solid, longer than it says", "a.stl", binaryStl, 8, SIZE],
  ...[0, 0xffffffff].map((count): Case => [
    `binary STL whose number of faces is ${count}`,
    "a.stl",
    () => {
      const bytes = binaryStl().subarray(0, 84 + 50 * 12);
      new DataView(bytes.buffer).setUint32(80, count, true);
      return bytes;
    },
    8,
    SIZE,
  ]),
  ["GLB", "a.glb", () => glb(), 8, SIZE],
  ...(["DATA:application/octet-stream;BASE64,", "data:;charset=x;base64,"] as const).map((prefix): Case => [
    `glTF with its data behind ${prefix}`,
    "a.gltf",
    () =>
      glbWith(({ buffers }) => {
        const [buffer] = buffers as { uri: string }[];
        buffer.uri = prefix + buffer.uri.split(",")[1];
      }),
    8,
    SIZE,
  ]),
  [
    "glTF with its data as escapes",
    "a.gltf",
    () =>
      glbWith(({ buffers }) => {
        const [buffer] = buffers as { uri: string }[];
        const bytes = [...Uint8Array.fromBase64(buffer.uri.split(",")[1])];
        buffer.uri = "data:application/octet-stream," +
          bytes.map((byte) => "%" + byte.toString(16).padStart(2, "0")).join("");
      }),
    8,
    SIZE,
  ],
  [
    "nodes that are hidden",
    "a.gltf",
    () =>
      glbWith((json) => {
        const nodes = json.nodes as object[], [{ nodes: roots }] = json.scenes as { nodes: number[] }[];
        const hidden = {
          extensions: { KHR_node_visibility: { visible: false } },
          children: [nodes.length + 1],
        };
        roots.push(nodes.push(hidden, { mesh: 0, scale: [9, 9, 9] }) - 2);
        json.extensionsUsed = ["KHR_node_visibility"];
      }),
    8,
    SIZE,
  ],
  ["glTF with its data in it", "a.gltf", () => glbWith(() => {}), 8, SIZE],
  [
    "glTF without scenes",
    "a.gltf",
    () => glbWith((json) => ["scene", "scenes"].forEach((key) => delete json[key])),
    8,
    SIZE,
  ],
  [
    "glTF that needs what only changes looks",
    "a.gltf",
    () =>
      glbWith((json) => {
        json.extensionsUsed = json.extensionsRequired = ["KHR_texture_basisu"];
        json.images = [{ uri: "missing.ktx2" }];
      }),
    8,
    SIZE,
  ],
  [
    "a strip",
    "a.glb",
    () =>
      glb(({ primitive, accessor }) => {
        primitive.setMode(5).setIndices(accessor("SCALAR", Uint16Array.from(STRIP)));
      }),
    8,
    SIZE,
  ],
  ["quantized", "a.glb", () => glb(quantized), 8, SIZE],
  [
    "meshopt",
    "a.glb",
    () =>
      glb(({ document }) => {
        document.createExtension(EXTMeshoptCompression).setRequired(true);
      }),
    8,
    SIZE,
  ],
  [
    "Draco",
    "a.glb",
    () =>
      glb(({ document }) => {
        document.createExtension(KHRDracoMeshCompression).setRequired(true);
      }),
    8,
    SIZE,
  ],
  ["a skin", "a.glb", () => glb(skinned), 8, SIZE],
  ["a mirrored node", "a.glb", () => glb(({ node }) => void node.setScale([-1, 1, 1])), 8, SIZE],
  [
    "a morph target",
    "a.glb",
    () =>
      glb(({ document, primitive, accessor, node }) => {
        const offsets = accessor("VEC3", Float32Array.from(CORNERS.flat()));
        primitive.addTarget(document.createPrimitiveTarget().setAttribute("POSITION", offsets));
        node.getMesh()!.setWeights([1]);
      }),
    64,
    SIZE.map((side) => 2 * side),
  ],
  [
    "instances",
    "a.glb",
    () =>
      glb(({ document, accessor, node }) => {
        const places = accessor("VEC3", Float32Array.of(0, 0, 0, 5, 0, 0));
        node.setExtension(
          "EXT_mesh_gpu_instancing",
          document.createExtension(EXTMeshGPUInstancing).createInstancedMesh()
            .setAttribute("TRANSLATION", places),
        );
      }),
    16,
    [7, 4, 1],
  ],
];

function notchedPly(): string {
  const [vertices, faces] = ["v ", "f "].map((keyword) => NOTCHED.filter((line) => line.startsWith(keyword)));
  return [
    "ply",
    "format ascii 1.0",
    `element vertex ${vertices.length}`,
    ...["x", "y", "z"].map((axis) => `property float ${axis}`),
    `element face ${faces.length}`,
    "property list uchar int vertex_indices",
    "end_header",
    ...vertices.map((line) => line.slice(2)),
    ...faces.map((line) => line.slice(2).split(" ").map((word) => Number(word) - 1)).map((face) =>
      `${face.length} ${face.join(" ")}`
    ),
    "",
  ].join("\n");
}

for (const [name, file, bytesOf, volume, sides] of CASES) {
  Deno.test(`mesh: ${name}`, () =>
    inFolder(async (folder) => {
      await Deno.writeFile(`${folder}/${file}`, await bytesOf());
      const found = measure(await readMesh(`${folder}/${file}`));
      [volume, ...sides].forEach((value, k) =>
        assertAlmostEquals(found[k], value, 2e-3 * Math.max(1, value))
      );
    }));
}

Deno.test("glTF whose data lies beside it, and data outside of its folder", () =>
  inFolder(async (folder) => {
    const json = JSON.parse(new TextDecoder().decode(await glbWith(() => {})));
    const data = Uint8Array.fromBase64(json.buffers[0].uri.split(",")[1]);
    json.buffers[0].uri = "the%20data.bin";
    await Deno.writeTextFile(`${folder}/a.gltf`, JSON.stringify(json));
    await assertRejectsWith(() => readMesh(`${folder}/a.gltf`), UserError, `${folder}/the data.bin`);
    await Deno.writeFile(`${folder}/the data.bin`, data);
    assertAlmostEquals(measure(await readMesh(`${folder}/a.gltf`))[0], 8, 1e-6);
    json.buffers[0].uri = "../../etc/passwd";
    await Deno.writeTextFile(`${folder}/a.gltf`, JSON.stringify(json));
    await assertRejectsWith(() => readMesh(`${folder}/a.gltf`), UserError, "../../etc/passwd");
  }));

Deno.test("meshes in one place, web pages and pointers in place of meshes are refused for what they are", () =>
  inFolder(async (folder) => {
    const cases: [string, ...Fact[]][] = [
      ["v 1 1 1\nv 1 1 1\nv 1 1 1\nf 1 2 3", "(1, 1, 1)"],
      ["v 0 0 0\nv 1 1 1\nv 3 3 3\nf 1 2 3", "area", 0],
      ["<!DOCTYPE html><html></html>", "HTML"],
      ["version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n", "Git LFS"],
      ["", "0 bytes"],
    ];
    for (const [text, ...facts] of cases) {
      await Deno.writeTextFile(`${folder}/a.obj`, text);
      await assertRejectsWith(() => readMesh(`${folder}/a.obj`), UserError, `${folder}/a.obj`, ...facts);
    }
  }));
