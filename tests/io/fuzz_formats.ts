/**
 * Whole files of every format that is read, and readers that take damaged ones all the way.
 *
 * @module
 */
import { readGltf } from "../../lib/io/gltf_reader.ts";
import { decodeMat } from "../../original/files/mat.ts";
import { decodeNpzValues, readNpyValues } from "../../original/files/npy_values.ts";
import { readNpy, writeNpy } from "../../lib/io/npy.ts";
import { decodeNpz, encodeNpz } from "../../lib/io/npz.ts";
import type { PickleValue } from "../../original/files/pickle_values.ts";
import { readPly } from "../../lib/io/ply.ts";
import { readLabelledObj } from "../../lib/io/read_mesh.ts";
import { decodeRle, encodeRle, runsToText, textToRuns } from "../../lib/io/rle.ts";
import { readSafetensors, writeSafetensors } from "../../lib/io/safetensors.ts";
import { readStl } from "../../lib/io/stl.ts";
import { decodeTorchFile } from "../../original/files/torch_file.ts";
import { ZipArchive } from "../../lib/io/zip_archive.ts";
import { TorchTensor } from "../../original/files/torch_tensor.ts";
import {
  decodeByteImage,
  decodeDeepImage,
  decodeLabelImage,
  encodeBytesPng,
} from "../../lib/io/image_file.ts";
import { bmpBytes, type BmpKind } from "../helpers/bmp_writer.ts";
import { readTar } from "../../original/files/tar.ts";
import sharp from "sharp";
import type { Document } from "@gltf-transform/core";
import { EXTMeshoptCompression, KHRDracoMeshCompression } from "@gltf-transform/extensions";
import { readCocoFile } from "../../lib/datasets/coco_file.ts";
import { readMaskImage } from "../../lib/datasets/mask_image.ts";
import { polygonsOf } from "../../lib/datasets/polygon_rings.ts";
import { parseCvat } from "../../lib/datasets/tools/cvat.ts";
import { parseLabelme } from "../../lib/datasets/tools/labelme.ts";
import { parseLabelStudio } from "../../lib/datasets/tools/label_studio.ts";
import { readClassNames } from "../../lib/datasets/yolo_names.ts";
import { decodeText } from "../../lib/io/json_file.ts";
import { gltfIo } from "./_gltf_io.ts";
import { encodeMat, matCells, matNumbers, matStructs, matText } from "../helpers/mat_writer.ts";
import { glbBytes, objBytes, plyBytes, stlBytes } from "./user_meshes.ts";

/** One format: whole files, and a reader of damaged ones. */
export interface FuzzFormat {
  /** Name. */
  readonly name: string;
  /** Whole files. */
  readonly samples: readonly Uint8Array[];
  /** Reads bytes all the way. */
  read(bytes: Uint8Array): unknown;
  /** Errors that it may throw besides `UserError`. */
  readonly errors?: readonly (abstract new (...args: never[]) => Error)[];
}

const FOLDER = "tests/fixtures/parity/checkpoints";
const ARRAYS = {
  a: { data: Float32Array.from({ length: 60 }, (_, i) => i), shape: [3, 20] },
  b: { data: Int32Array.of(1, 2, 3), shape: [3] },
};

/** All formats, with their files. `scratch` is a folder for readers that need a file. */
export async function fuzzFormats(scratch: string): Promise<FuzzFormat[]> {
  const files = async (...names: string[]) =>
    await Promise.all(names.map((name) => Deno.readFile(`${FOLDER}/${name}`)));
  const safetensors = `${scratch}/whole.safetensors`;
  await writeSafetensors(safetensors, ARRAYS, { note: "x" });
  const structs = matStructs([{ rel_path: matText("a/b.jpg"), rot: matNumbers([1, 0, 0, 1], [2, 2]) }]);
  const variables = { images: structs, cells: matCells([matText("x"), structs]) };
  const runs = runsToText(encodeRle(Uint8Array.from({ length: 900 }, (_, i) => i % 7 < 3 ? 1 : 0), 30, 30));
  return [
    {
      name: "pth (zip)",
      samples: await files("tensors_zip.pth", "templates.pth", "checkpoint_gan_tiny.pth"),
      read: (bytes) => readTensors(decodeTorchFile(bytes)),
    },
    {
      name: "pth (legacy)",
      samples: await files("tensors_legacy.pth", "tensors_legacy_cuda.pth"),
      read: (bytes) => readTensors(decodeTorchFile(bytes)),
    },
    { name: "npy", samples: [writeNpy(ARRAYS.a), writeNpy(ARRAYS.b)], read: (bytes) => readNpy(bytes) },
    {
      name: "npy with objects",
      samples: [
        ...await files("detections_np1_p2.npy", "detections_np1_p3.npy", "detections_np2.npy"),
        ...(await files("pseudogt_np1_p2.npz", "poses_metadata_np2_p4.npz")).map((bytes) =>
          new ZipArchive(bytes).member("data.npy")
        ),
      ],
      read: (bytes) => readTensors([...(readNpyValues(bytes).data as PickleValue[])]),
    },
    { name: "npz", samples: [encodeNpz(ARRAYS)], read: (bytes) => decodeNpz(bytes) },
    {
      name: "npz with objects",
      samples: await files("pseudogt_np1_p2.npz", "pseudogt_np2_p4.npz", "poses_metadata_np1_p3.npz"),
      read: (bytes) => readTensors([...(decodeNpzValues(bytes).data?.data as PickleValue[] ?? [])]),
    },
    {
      name: "safetensors",
      samples: [await Deno.readFile(safetensors)],
      read: async (bytes) => {
        await Deno.writeFile(`${scratch}/damaged.safetensors`, bytes);
        return await readSafetensors(`${scratch}/damaged.safetensors`);
      },
    },
    {
      name: "mat",
      samples: [encodeMat(variables), encodeMat(variables, true)],
      read: (bytes) => decodeMat(bytes),
    },
    {
      name: "run lengths",
      samples: [new TextEncoder().encode(runs)],
      read: (bytes) => decodeRle(textToRuns(new TextDecoder("latin1").decode(bytes)), 30, 30),
      errors: [SyntaxError, RangeError],
    },
    { name: "obj", samples: [objBytes()], read: readLabelledObj, errors: [SyntaxError] },
    {
      name: "ply",
      samples: (["ascii", "binary_little_endian", "binary_big_endian"] as const).map(plyBytes),
      read: readPly,
      errors: [SyntaxError],
    },
    { name: "stl", samples: [stlBytes("text"), stlBytes("binary")], read: readStl, errors: [SyntaxError] },
    { name: "glb", samples: [glbBytes()], read: (bytes) => readGltf(bytes), errors: [SyntaxError] },
    {
      name: "tar",
      samples: [tarBytes({ "a.png": new Uint8Array(700).fill(7), "b.txt": new Uint8Array(3) })],
      read: async (bytes) => {
        await Deno.writeFile(`${scratch}/damaged.tar`, bytes);
        return await Array.fromAsync(readTar(`${scratch}/damaged.tar`));
      },
    },
    {
      name: "png",
      samples: [
        await encodeBytesPng({ data: new Uint8Array(768).fill(9), height: 16, width: 16, channels: 3 }),
      ],
      read: (bytes) => decodeByteImage(bytes, "damaged.png"),
    },
    { name: "gltf", samples: await gltfFiles(), read: (bytes) => readGltf(bytes), errors: [SyntaxError] },
    { name: "bmp", samples: bmpFiles(), read: (bytes) => decodeByteImage(bytes, "damaged.bmp") },
    {
      name: "labels",
      samples: await labelFiles(),
      read: (bytes) => decodeLabelImage(bytes, "damaged.png"),
    },
    {
      name: "masks",
      samples: [...await maskFiles(), ...bmpFiles()],
      read: async (bytes) => readMaskImage(await decodeDeepImage(bytes, "damaged")),
    },
    {
      name: "coco",
      samples: [encode(JSON.stringify(COCO))],
      read: async (bytes) => {
        await Deno.writeFile(`${scratch}/damaged.json`, bytes);
        const { annotations } = await readCocoFile(`${scratch}/damaged.json`, "damaged.json");
        return annotations.map(({ segmentation, area }) =>
          Array.isArray(segmentation) && polygonsOf(segmentation, area ?? null)
        );
      },
    },
    {
      name: "yaml",
      samples: [encode("# names\nnames:\n  0: cat # a\n  1: 'bird'\n"), encode("names: {0: cat, 1: bird}\n")],
      read: async (bytes) => {
        await Deno.writeFile(`${scratch}/data.yaml`, bytes);
        return await readClassNames(scratch, ["data.yaml"]);
      },
    },
    {
      name: "labelme",
      samples: [encode(JSON.stringify(await labelmeFile()))],
      read: (bytes) => parseLabelme(decodeText(bytes), "damaged.json"),
    },
    {
      name: "label studio",
      samples: [encode(JSON.stringify(STUDIO))],
      read: (bytes) => parseLabelStudio(decodeText(bytes), "damaged.json"),
    },
    {
      name: "cvat",
      samples: [encode(CVAT)],
      read: (bytes) => parseCvat(decodeText(bytes), "damaged.xml"),
    },
  ];
}

const encode = (text: string) => new TextEncoder().encode(text);
const RING = [2, 2, 12, 2, 12, 12, 2, 12];
const COCO = {
  images: [{ id: 1, file_name: "a.png", height: 16, width: 16 }],
  annotations: [
    { id: 1, image_id: 1, category_id: 1, segmentation: [RING, [4, 4, 4, 8, 8, 8]], area: 80, iscrowd: 0 },
    { id: 2, image_id: 1, category_id: 1, segmentation: { size: [16, 16], counts: "P3`0P3" }, iscrowd: 1 },
  ],
  categories: [{ id: 1, name: "bird", supercategory: "animal" }],
};
const STUDIO = [{
  data: { image: "/data/upload/1/a.png" },
  annotations: [{
    result: [
      {
        type: "polygonlabels",
        original_width: 16,
        original_height: 16,
        value: { points: [[10, 10], [90, 10], [90, 90]], polygonlabels: ["bird"] },
      },
      {
        type: "brushlabels",
        original_width: 2,
        original_height: 1,
        value: { format: "rle", rle: [0, 0, 0, 8, 57, 223, 255, 127, 248], brushlabels: ["bird"] },
      },
    ],
  }],
}];
const CVAT =
  `<annotations><image id="0" name="a.png" width="16" height="16"><polygon label="bird" points="2,2;12,2;12,12">` +
  `</polygon><mask label="bird" rle="3, 4, 2, 7" left="1" top="2" width="4" height="4"/></image></annotations>\n`;

async function labelmeFile(): Promise<object> {
  const mask = await encodeBytesPng({ data: new Uint8Array(16).fill(255), height: 4, width: 4, channels: 1 });
  const points = [[2, 2], [12, 2], [12, 12]];
  return {
    ...{ imagePath: "a.png", imageHeight: 16, imageWidth: 16 },
    shapes: [{ label: "bird", points, shape_type: "polygon" }, {
      ...{ label: "bird", points: [[2, 2], [5, 5]], shape_type: "mask", mask: mask.toBase64() },
    }],
  };
}

/** Images of every kind of storage. */
function bmpFiles(): Uint8Array[] {
  const values = Array.from({ length: 256 }, (_, i) => i * 37 % 2), size = [16, 16] as const;
  const kinds: BmpKind[] = [
    ...([1, 4, 8, 16, 24, 32] as const).map((bits) => ({ bits })),
    ...[{ bits: 8, compression: 1 } as const, { bits: 4, compression: 2 } as const],
    ...[
      { bits: 16, compression: 3, fields: [0xf800, 0x7e0, 0x1f] } as const,
      { bits: 8, isOs2: true } as const,
    ],
  ];
  return kinds.map((kind) =>
    bmpBytes(values, size, kind, kind.bits <= 8 ? [[0, 0, 0], [255, 255, 255]] : [])
  );
}

/** Images of labels: of a palette, and of integers of 32 bits. */
async function labelFiles(): Promise<Uint8Array[]> {
  const colours = Uint8Array.from({ length: 3 * 256 }, (_, i) => i % 3 === 0 ? 60 * (i % 4) : 0);
  const image = sharp(colours, { raw: { width: 16, height: 16, channels: 3 } });
  const tiff = await image.clone().tiff({ compression: "none" }).toBuffer();
  return [new Uint8Array(await image.png({ palette: true }).toBuffer()), new Uint8Array(tiff)];
}

/** Mask images of 8 and 16 bits, of colours, with alpha, and as JPEG. */
async function maskFiles(): Promise<Uint8Array[]> {
  const at = (i: number) => i % 16 > 4 && i > 64 ? 1 : 0;
  const raw = { width: 16, height: 16 };
  const grey = sharp(Uint8Array.from({ length: 256 }, (_, i) => 200 * at(i)), {
    raw: { ...raw, channels: 1 },
  });
  const deep = sharp(Uint16Array.from({ length: 256 }, (_, i) => at(i)), { raw: { ...raw, channels: 1 } });
  const alpha = sharp(Uint8Array.from({ length: 1024 }, (_, i) => i % 4 === 3 ? 255 * at(i >> 2) : i % 256), {
    raw: { ...raw, channels: 4 },
  });
  return await Promise.all([
    grey.png().toBuffer(),
    deep.toColourspace("grey16").png().toBuffer(),
    alpha.png().toBuffer(),
    grey.clone().jpeg().toBuffer(),
    ...[grey, deep, alpha].map((image) => image.clone().tiff({ compression: "none" }).toBuffer()), // no check sums
  ]);
}

/** A box as JSON with its data in it, and compressed in both ways. */
async function gltfFiles(): Promise<Uint8Array[]> {
  const io = await gltfIo(), files: Uint8Array[] = [];
  const kinds: ((document: Document) => void)[] = [
    () => {},
    (document) => document.createExtension(EXTMeshoptCompression).setRequired(true),
    (document) => document.createExtension(KHRDracoMeshCompression).setRequired(true),
  ];
  for (const compress of kinds) {
    const document = await io.readBinary(glbBytes() as Uint8Array<ArrayBuffer>);
    compress(document);
    files.push(await io.writeBinary(document));
    const { json, resources } = await io.writeJSON(document);
    json.buffers?.forEach((buffer) => {
      const data = resources[buffer.uri!];
      if (data) buffer.uri = `data:application/octet-stream;base64,${data.toBase64()}`;
    });
    files.push(encode(JSON.stringify(json)));
  }
  return files;
}

/** An archive of plain files. */
function tarBytes(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = new Uint8Array(512), encoder = new TextEncoder();
    const text = (at: number, value: string) => header.set(encoder.encode(value), at);
    text(0, name);
    text(100, "0000644\0");
    text(124, `${bytes.length.toString(8).padStart(11, "0")}\0`);
    text(148, "        ");
    text(156, "0");
    text(257, "ustar\x0000");
    const sum = header.reduce((total, value) => total + value, 0);
    text(148, `${sum.toString(8).padStart(6, "0")}\0 `);
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    return [header, padded];
  });
  return Uint8Array.from([...blocks, new Uint8Array(1024)].flatMap((block) => [...block]));
}

/** Reads the values of all tensors in a value, each object once. */
function readTensors(value: PickleValue): number {
  const seen = new Set<PickleValue>();
  const left = [value];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === null || typeof next !== "object" || seen.has(next)) continue;
    seen.add(next);
    if (next instanceof TorchTensor) readValues(next);
    else if (Array.isArray(next)) left.push(...next);
    else if (next instanceof Map) left.push(...next.values());
  }
  return seen.size;
}

function readValues(tensor: TorchTensor): void {
  try {
    tensor.toArray();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // too large for the file, told clearly
  }
}
