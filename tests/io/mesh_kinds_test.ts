import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { Document, type Primitive, type TypedArray } from "@gltf-transform/core";
import {
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMeshQuantization,
} from "@gltf-transform/extensions";
import { UserError } from "../../lib/core/errors.ts";
import type { LabelledMesh } from "../../lib/io/labelled_mesh.ts";
import { readMesh } from "../../lib/io/read_mesh.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { gltfIo } from "./_gltf_io.ts";

/** A box of 2 x 4 x 1 about the origin: corners by bits, and its faces as polygons seen from outside. */
const SIZE = [2, 4, 1];
const CORNERS = Array.from(
  { length: 8 },
  (_, bits) => SIZE.map((side, axis) => (bits >> axis & 1 ? side : -side) / 2),
);
const QUADS = [[0, 4, 6, 2], [1, 3, 7, 5], [0, 1, 5, 4], [2, 6, 7, 3], [0, 2, 3, 1], [4, 5, 7, 6]];
const TRIANGLES = QUADS.flatMap(([a, b, c, d]) => [a, b, c, a, c, d]);
/** One strip of triangles over the whole box, joined by flat ones. */
const STRIP = QUADS.flatMap(([a, b, c, d]) => [a, a, d, b, c, c]);

/** Volume, positive if faces point outwards, and the sides of the box around the faces. */
function measure({ vertices, faces }: LabelledMesh): [volume: number, ...sides: number[]] {
  const at = (k: number) => [0, 1, 2].map((axis) => vertices[3 * faces[k] + axis]);
  let volume = 0;
  const low = [Infinity, Infinity, Infinity], high = low.map((value) => -value);
  for (let k = 0; k < faces.length; k++) {
    at(k).forEach((value, axis) => {
      low[axis] = Math.min(low[axis], value);
      high[axis] = Math.max(high[axis], value);
    });
    if (k % 3 !== 0) continue;
    const [[a, b, c], [d, e, f], [g, h, i]] = [at(k), at(k + 1), at(k + 2)];
    volume += (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) / 6;
  }
  return [volume, ...high.map((value, axis) => value - low[axis])];
}

const encode = (text: string) => new TextEncoder().encode(text);
const objLines = (faces: readonly (readonly number[])[] = QUADS) => [
  ...CORNERS.map((corner) => `v ${corner.join(" ")}`),
  ...faces.map((face) => `f ${face.map((corner) => corner + 1).join(" ")}`),
];
/** A C of area 10 (a square of 4 with a notch of 2 x 3), as one polygon of eight corners, one deep. */
const NOTCH = [[0, 0], [4, 0], [4, 1], [1, 1], [1, 3], [4, 3], [4, 4], [0, 4]];
const NOTCHED = [
  ...[0, 1].flatMap((z) => NOTCH.map(([x, y]) => `v ${x} ${y} ${z}`)),
  `f ${[8, 7, 6, 5, 4, 3, 2, 1].join(" ")}`,
  `f ${[9, 10, 11, 12, 13, 14, 15, 16].join(" ")}`,
  ...NOTCH.map((_, k) =>
    `f ${[k, (k + 1) % 8, (k + 1) % 8 + 8, k + 8].map((corner) => corner + 1).join(" ")}`
  ),
];

/** A vertex whose axes change places. */
const turnedLine = (line: string, axes: readonly number[]) =>
  `v ${axes.map((axis) => line.split(" ")[1 + axis]).join(" ")}`;

function stl(shout: boolean): string {
  const facets = Array.from({ length: 12 }, (_, f) =>
    ["facet normal 0 0 0", "outer loop"].concat(
      [0, 1, 2].map((k) => `vertex ${CORNERS[TRIANGLES[3 * f + k]].join(" ")}`),
      ["endloop", "endfacet"],
    ).join("\n"));
  const text = ["solid box", ...facets, "endsolid box"].join("\n");
  return shout ? text.toUpperCase() : text;
}

/** Binary STL whose header begins like that of a text file, with bytes after its end. */
function binaryStl(): Uint8Array {
  const bytes = new Uint8Array(84 + 50 * 12 + 7).fill(32), view = new DataView(bytes.buffer);
  bytes.set(encode("solid made by a program"));
  view.setUint32(80, 12, true);
  TRIANGLES.forEach((corner, k) =>
    CORNERS[corner].forEach((value, axis) =>
      view.setFloat32(84 + 50 * Math.floor(k / 3) + 12 + 12 * (k % 3) + 4 * axis, value, true)
    )
  );
  return bytes;
}

function ply(element: string, lists: readonly (readonly number[])[]): string {
  return [
    "ply",
    "format ascii 1.0",
    "element vertex 8",
    ...["x", "y", "z"].map((axis) => `property float ${axis}`),
    `element ${element} ${lists.length}`,
    "property list int int vertex_indices",
    "end_header",
    ...CORNERS.map((corner) => corner.join(" ")),
    ...lists.map((list) => `${list.length} ${list.join(" ")}`),
    "",
  ].join("\n");
}

interface Built {
  readonly document: Document;
  readonly primitive: Primitive;
  accessor(
    type: "VEC3" | "VEC4" | "SCALAR" | "MAT4",
    values: TypedArray,
  ): ReturnType<Document["createAccessor"]>;
}

/** A document with the box at a node that is moved by 7, changed as a case wants it. */
function built(): Built & { node: ReturnType<Document["createNode"]> } {
  const document = new Document(), buffer = document.createBuffer();
  const accessor: Built["accessor"] = (type, values) =>
    document.createAccessor().setType(type).setArray(values).setBuffer(buffer);
  const primitive = document.createPrimitive()
    .setAttribute("POSITION", accessor("VEC3", Float32Array.from(CORNERS.flat())))
    .setIndices(accessor("SCALAR", Uint16Array.from(TRIANGLES)));
  const node = document.createNode("box").setMesh(document.createMesh().addPrimitive(primitive))
    .setTranslation([7, 0, 0]);
  document.getRoot().setDefaultScene(document.createScene().addChild(node));
  return { document, primitive, accessor, node };
}

const io = await gltfIo();

/** GLB of a document that a case changed. */
async function glb(change: (box: ReturnType<typeof built>) => void = () => {}): Promise<Uint8Array> {
  const box = built();
  change(box);
  return await io.writeBinary(box.document);
}

/** GLB of the box whose description is changed afterwards. */
async function glbWith(change: (json: Record<string, unknown>) => void): Promise<Uint8Array> {
  const { json, resources } = await io.writeJSON(await io.readBinary(await glb()));
  const [[, data]] = Object.entries(resources);
  json.buffers![0].uri = `data:application/octet-stream;base64,${
    (data as Uint8Array<ArrayBuffer>).toBase64()
  }`;
  change(json as unknown as Record<string, unknown>);
  return encode(JSON.stringify(json));
}

function quantized({ document, primitive, accessor, node }: ReturnType<typeof built>): void {
  document.createExtension(KHRMeshQuantization).setRequired(true);
  const positions = Int16Array.from(CORNERS.flat(), (value) => Math.round(value / 2 * 32767));
  primitive.setAttribute("POSITION", accessor("VEC3", positions).setNormalized(true));
  node.setScale([2, 2, 2]);
}

/** The box halved and hung on a joint that doubles it; the node's own place does not count. */
function skinned({ document, primitive, accessor, node }: ReturnType<typeof built>): void {
  const joint = document.createNode("joint").setScale([2, 2, 2]);
  document.getRoot().getDefaultScene()!.addChild(joint);
  primitive.getAttribute("POSITION")!.setArray(Float32Array.from(CORNERS.flat(), (value) => value / 2));
  primitive.setAttribute("JOINTS_0", accessor("VEC4", new Uint8Array(32)));
  primitive.setAttribute(
    "WEIGHTS_0",
    accessor("VEC4", Float32Array.from({ length: 32 }, (_, k) => k % 4 === 0 ? 1 : 0)),
  );
  const bind = accessor("MAT4", Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1));
  node.setSkin(document.createSkin().addJoint(joint).setInverseBindMatrices(bind)).setScale([9, 9, 9]);
}

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
    await assertRejects(
      () => readMesh(`${folder}/a.gltf`),
      UserError,
      "the data.bin, where there is no such file",
    );
    await Deno.writeFile(`${folder}/the data.bin`, data);
    assertAlmostEquals(measure(await readMesh(`${folder}/a.gltf`))[0], 8, 1e-6);
    json.buffers[0].uri = "../../etc/passwd";
    await Deno.writeTextFile(`${folder}/a.gltf`, JSON.stringify(json));
    await assertRejects(() => readMesh(`${folder}/a.gltf`), UserError, "lies outside of its folder");
  }));

Deno.test("meshes in one place, web pages and pointers in place of meshes are refused in words", () =>
  inFolder(async (folder) => {
    const cases: [string, string][] = [
      ["v 1 1 1\nv 1 1 1\nv 1 1 1\nf 1 2 3", "all lie in one place"],
      ["v 0 0 0\nv 1 1 1\nv 3 3 3\nf 1 2 3", "its faces have no area"],
      ["<!DOCTYPE html><html></html>", "it is a web page (HTML)"],
      ["version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 7\n", "it is a pointer of Git LFS"],
      ["", "it is empty (0 bytes)"],
    ];
    for (const [text, message] of cases) {
      await Deno.writeTextFile(`${folder}/a.obj`, text);
      const { message: found } = await assertRejects(() => readMesh(`${folder}/a.obj`), UserError);
      assertEquals(found.includes(message), true, found);
    }
  }));
