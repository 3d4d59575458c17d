/**
 * A small mesh written in all the formats that users bring: two boxes, one above the other, with part names.
 *
 * @module
 */

/** Corners of both boxes, `[16, 3]`. */
export const VERTICES: readonly number[] = [0, 1.5].flatMap((z) =>
  [0, 1, 2, 3, 4, 5, 6, 7].flatMap((bits) => [bits & 1, bits >> 1 & 1, (bits >> 2) + z])
);
const BOX = [
  0,
  2,
  1,
  1,
  2,
  3,
  4,
  5,
  6,
  5,
  7,
  6,
  0,
  1,
  4,
  1,
  5,
  4,
  2,
  6,
  3,
  3,
  6,
  7,
  0,
  4,
  2,
  2,
  4,
  6,
  1,
  3,
  5,
  3,
  7,
  5,
];
/** Triangles, `[24, 3]`. */
export const FACES: readonly number[] = [...BOX, ...BOX.map((corner) => corner + 8)];
/** Part of each face. */
export const PARTS: readonly string[] = FACES.filter((_, i) => i % 3 === 0).map((corner) =>
  corner < 8 ? "foot" : "head"
);

const text = (content: string) => new TextEncoder().encode(content);
const corner = (index: number) => VERTICES.slice(3 * index, 3 * index + 3);
const faceOf = (face: number) => FACES.slice(3 * face, 3 * face + 3);

/** OBJ with groups. */
export function objBytes(): Uint8Array {
  const lines = ["mtllib none.mtl"];
  for (let i = 0; i < VERTICES.length; i += 3) lines.push(`v ${VERTICES.slice(i, i + 3).join(" ")}`);
  PARTS.forEach((part, f) => {
    if (part !== PARTS[f - 1]) lines.push(`g ${part}`);
    lines.push(`f ${faceOf(f).map((index) => index + 1).join(" ")}`);
  });
  return text(lines.join("\n"));
}

/** PLY as text or binary, faces with a property `part`. */
export function plyBytes(format: "ascii" | "binary_little_endian" | "binary_big_endian"): Uint8Array {
  const header = `ply\nformat ${format} 1.0\ncomment made by hand\nelement vertex ${VERTICES.length / 3}\n` +
    `property float x\nproperty float y\nproperty float z\nelement face ${PARTS.length}\n` +
    `property list uchar int vertex_indices\nproperty uchar part\nend_header\n`;
  const number = (part: string) => part === "foot" ? 0 : 1;
  if (format === "ascii") {
    const rows = Array.from({ length: VERTICES.length / 3 }, (_, i) => corner(i).join(" "));
    return text(
      header + [...rows, ...PARTS.map((part, f) => `3 ${faceOf(f).join(" ")} ${number(part)}`)].join("\n") +
        "\n",
    );
  }
  const start = text(header), little = format === "binary_little_endian";
  const bytes = new Uint8Array(start.length + 4 * VERTICES.length + 14 * PARTS.length);
  bytes.set(start);
  const view = new DataView(bytes.buffer);
  VERTICES.forEach((value, i) => view.setFloat32(start.length + 4 * i, value, little));
  PARTS.forEach((part, f) => {
    const at = start.length + 4 * VERTICES.length + 14 * f;
    view.setUint8(at, 3);
    faceOf(f).forEach((index, k) => view.setInt32(at + 1 + 4 * k, index, little));
    view.setUint8(at + 13, number(part));
  });
  return bytes;
}

/** STL as text, a solid for each part, or binary. */
export function stlBytes(format: "text" | "binary"): Uint8Array {
  if (format === "text") {
    const lines: string[] = [];
    PARTS.forEach((part, f) => {
      if (part !== PARTS[f - 1]) lines.push(`solid ${part}`);
      lines.push("facet normal 0 0 0", "outer loop");
      for (const index of faceOf(f)) lines.push(`vertex ${corner(index).join(" ")}`);
      lines.push("endloop", "endfacet");
      if (part !== PARTS[f + 1]) lines.push(`endsolid ${part}`);
    });
    return text(lines.join("\n") + "\n");
  }
  const bytes = new Uint8Array(84 + 50 * PARTS.length), view = new DataView(bytes.buffer);
  view.setUint32(80, PARTS.length, true);
  FACES.forEach((index, i) =>
    corner(index).forEach((value, axis) =>
      view.setFloat32(84 + 50 * Math.floor(i / 3) + 12 + 12 * (i % 3) + 4 * axis, value, true)
    )
  );
  return bytes;
}

/** GLB whose two nodes place one box twice, the second one moved up by its transform. */
export function glbBytes(change: (json: Record<string, unknown>) => void = () => {}): Uint8Array {
  const positions = Float32Array.from(VERTICES.slice(0, 24)), indices = Uint16Array.from(BOX);
  const json: Record<string, unknown> = {
    asset: { version: "2.0" },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: "foot", mesh: 0, children: [1] }, { name: "head", mesh: 0, translation: [0, 0, 1.5] }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 8, type: "VEC3" },
      { bufferView: 1, componentType: 5123, count: BOX.length, type: "SCALAR" },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: 96 },
      { buffer: 0, byteOffset: 96, byteLength: 72 },
    ],
    buffers: [{ byteLength: 168 }],
  };
  change(json);
  const description = text(JSON.stringify(json).padEnd(Math.ceil(JSON.stringify(json).length / 4) * 4));
  const bytes = new Uint8Array(12 + 8 + description.length + 8 + 168), view = new DataView(bytes.buffer);
  [0x46546c67, 2, bytes.length, description.length, 0x4e4f534a].forEach((word, i) =>
    view.setUint32(4 * i, word, true)
  );
  bytes.set(description, 20);
  view.setUint32(20 + description.length, 168, true);
  view.setUint32(24 + description.length, 0x004e4942, true);
  bytes.set(new Uint8Array(positions.buffer), 28 + description.length);
  bytes.set(new Uint8Array(indices.buffer), 28 + description.length + 96);
  return bytes;
}
