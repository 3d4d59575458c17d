/**
 * Opening glTF files, binary and as JSON, with what must be checked before a library takes memory for them.
 *
 * @module
 */
import { type Document, type GLTF, type JSONDocument, Logger, Verbosity, WebIO } from "@gltf-transform/core";
import {
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMeshQuantization,
} from "@gltf-transform/extensions";
import * as v from "valibot";
import { messageOf } from "../core/errors.ts";
import { MAX_MESH_ELEMENTS } from "./labelled_mesh.ts";

/** Names of the file's sections. */
const MAGIC = 0x46546c67, JSON_CHUNK = 0x4e4f534a, BINARY_CHUNK = 0x004e4942;
/** Extensions that change shapes and are read. */
const DRACO = "KHR_draco_mesh_compression", MESHOPT = "EXT_meshopt_compression";
const READ_EXTENSIONS = [
  EXTMeshGPUInstancing,
  EXTMeshoptCompression,
  KHRDracoMeshCompression,
  KHRMeshQuantization,
];
/** Names of extensions that change looks only, so that shapes are right without them. */
const LOOKS_ONLY =
  /^(KHR_(materials|texture|lights|xmp|animation|node|audio|interactivity|physics)|EXT_(texture|lights|materials|mesh_features|structural_metadata)|FB_|MSFT_|ADOBE_|AGI_|GOOGLE_|VRM|VRMC_)/;
/** Extension that hides nodes and all that hangs on them. */
const VISIBILITY = "KHR_node_visibility";
/** How deep nodes may lie in nodes, and how many there may be. */
const MAX_DEPTH = 64, MAX_NODES = 100_000;

const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
const LIST = v.optional(v.array(v.record(v.string(), v.unknown())), []);
const NAMES = v.optional(v.array(v.string()), []);
/** As much of the description as is checked here; the library reads it whole. */
const DESCRIPTION = v.looseObject({
  asset: v.looseObject({ version: v.string() }),
  nodes: v.optional(
    v.array(v.looseObject({
      mesh: v.optional(COUNT),
      children: v.optional(v.array(COUNT), []),
      extensions: v.optional(v.record(v.string(), v.unknown())),
    })),
    [],
  ),
  meshes: v.optional(
    v.array(
      v.looseObject({ primitives: v.array(v.looseObject({ attributes: v.record(v.string(), COUNT) })) }),
    ),
    [],
  ),
  accessors: v.optional(
    v.array(v.looseObject({
      bufferView: v.optional(COUNT),
      byteOffset: v.optional(COUNT, 0),
      count: COUNT,
      type: v.string(),
      componentType: COUNT,
    })),
    [],
  ),
  bufferViews: v.optional(
    v.array(v.looseObject({
      buffer: COUNT,
      byteOffset: v.optional(COUNT, 0),
      byteLength: COUNT,
      byteStride: v.optional(COUNT),
      extensions: v.optional(v.record(v.string(), v.unknown()), {}),
    })),
    [],
  ),
  buffers: v.optional(v.array(v.looseObject({ uri: v.optional(v.string()), byteLength: COUNT })), []),
  materials: LIST,
  images: LIST,
  extensionsUsed: NAMES,
  extensionsRequired: NAMES,
});
type Description = v.InferOutput<typeof DESCRIPTION>;

/** Reads a file that a description names, by its path relative to it. */
export type ReadBeside = (uri: string) => Promise<Uint8Array>;

/**
 * Opens a glTF file: GLB, or JSON with its data in it or beside it.
 *
 * @param bytes Content of the file
 * @param readBeside Reads files beside it
 * @param withTextures Whether materials keep their images; everything else of the looks is left out
 * @returns The document of glTF-Transform
 * @throws {SyntaxError} If it is damaged, or of a kind that is not read; the message says which
 */
export async function openGltf(
  bytes: Uint8Array,
  readBeside: ReadBeside,
  withTextures = false,
): Promise<Document> {
  const { text, binary } = sectionsOf(bytes);
  const description = parseDescription(text);
  checkDescription(description);
  const resources: Record<string, Uint8Array<ArrayBuffer>> = {};
  for (const [index, { uri, byteLength }] of description.buffers.entries()) {
    const data = uri === undefined
      ? binary
      : /^data:/i.test(uri)
      ? dataOf(uri)
      : await readBeside(decodedUri(uri));
    if (data.length < byteLength && !isFallback(description, index)) {
      throw new SyntaxError(
        `it says that its data has ${byteLength} bytes, but it has ${data.length}: it is cut off or damaged`,
      );
    }
    resources[`buffer ${index}`] = data as Uint8Array<ArrayBuffer>;
  }
  checkAccessors(description);
  const images = withTextures ? await imagesOf(description, readBeside, resources) : [];
  try {
    const io = new WebIO().setLogger(new Logger(Verbosity.SILENT)).registerExtensions(READ_EXTENSIONS)
      .registerDependencies(
        await decodersOf(description),
      );
    return await io.readJSON(
      { json: withoutLooks(description, images, withTextures), resources } as JSONDocument,
    );
  } catch (error) {
    throw new SyntaxError(`its description does not fit its data (${messageOf(error).slice(0, 120)})`, {
      cause: error,
    });
  }
}

/** Text of the description and the binary section. */
function sectionsOf(bytes: Uint8Array): { text: string; binary: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isBinary = bytes.length >= 12 && view.getUint32(0, true) === MAGIC;
  if (!isBinary) {
    const text = new TextDecoder().decode(bytes);
    if (!/^\s*\{/.test(text)) throw new SyntaxError("it does not begin like a glTF file");
    return { text, binary: new Uint8Array(0) };
  }
  const version = view.getUint32(4, true), length = view.getUint32(8, true);
  if (version !== 2) throw new SyntaxError(`its version must be 2, got ${version}`);
  if (length > bytes.length) {
    throw new SyntaxError(`it says that it has ${length} bytes, but it has ${bytes.length}: it is cut off`);
  }
  let text: string | null = null, binary: Uint8Array | null = null;
  for (let at = 12; at + 8 <= length;) {
    const size = view.getUint32(at, true), kind = view.getUint32(at + 4, true);
    if (at + 8 + size > length) throw new SyntaxError(`a section of ${size} bytes leaves the file`);
    const content = bytes.subarray(at + 8, at + 8 + size);
    if (kind === JSON_CHUNK) text ??= new TextDecoder().decode(content);
    else if (kind === BINARY_CHUNK) binary ??= content;
    at += 8 + size + (4 - size % 4) % 4;
  }
  if (text === null) throw new SyntaxError("it has no description (JSON section)");
  return { text, binary: (binary ?? new Uint8Array(0)).slice() }; // a copy, as values must be aligned
}

function parseDescription(text: string): Description {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new SyntaxError("its description (JSON) is damaged", { cause: error });
  }
  const parsed = v.safeParse(DESCRIPTION, json);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new SyntaxError(
    `its description is damaged at ${v.getDotPath(issue) ?? "its start"}: ${issue.message}`,
  );
}

/** Refuses what cannot be read right, and nodes that lie in each other without end. */
function checkDescription({ nodes, meshes, extensionsRequired }: Description): void {
  const readable = READ_EXTENSIONS.map(({ EXTENSION_NAME }) => EXTENSION_NAME as string);
  const unknown = extensionsRequired.find((name) => !readable.includes(name) && !LOOKS_ONLY.test(name));
  if (unknown !== undefined) {
    throw new SyntaxError(`it needs the extension ${unknown}, which is not read: export it without`);
  }
  if (nodes.length > MAX_NODES) throw new SyntaxError(`it has ${nodes.length} nodes, more than ${MAX_NODES}`);
  const isChild = new Uint8Array(nodes.length);
  let visited = 0;
  const visit = (index: number, depth: number) => {
    if (index >= nodes.length) throw new SyntaxError(`it has no node ${index}, but uses it`);
    if (depth > MAX_DEPTH || ++visited > MAX_NODES) {
      throw new SyntaxError(`its nodes lie in each other without end, node ${index} among them`);
    }
    for (const child of nodes[index].children) {
      if (child < nodes.length) isChild[child] = 1;
      visit(child, depth + 1);
    }
  };
  nodes.forEach((_, index) => visit(index, 0));
  for (const { mesh } of nodes) {
    if (mesh !== undefined && mesh >= meshes.length) {
      throw new SyntaxError(`it has no mesh ${mesh}, but uses it`);
    }
  }
}

/** Bytes of a value of each component type, and values of each type. */
const COMPONENT_BYTES: Readonly<Record<number, number>> = {
  5120: 1,
  5121: 1,
  5122: 2,
  5123: 2,
  5125: 4,
  5126: 4,
};
const TYPE_VALUES: Readonly<Record<string, number>> = {
  ...{ SCALAR: 1, VEC2: 2, VEC3: 3, VEC4: 4, MAT2: 4, MAT3: 9, MAT4: 16 },
};

/** Refuses counts that do not fit into the data, before memory is taken for them. */
function checkAccessors({ accessors, bufferViews, buffers }: Description): void {
  for (const [index, { bufferView, byteOffset, count, type, componentType }] of accessors.entries()) {
    if (count > MAX_MESH_ELEMENTS) {
      throw new SyntaxError(
        `it says that accessor ${index} has ${count} values, more than ${MAX_MESH_ELEMENTS}`,
      );
    }
    const bytesEach = (COMPONENT_BYTES[componentType] ?? 0) * (TYPE_VALUES[type] ?? 0);
    if (bytesEach === 0) {
      throw new SyntaxError(`accessor ${index} is of ${type} and component type ${componentType}`);
    }
    if (bufferView === undefined) continue;
    const part = bufferViews[bufferView];
    if (part === undefined) throw new SyntaxError(`it has no bufferView ${bufferView}, but uses it`);
    if (MESHOPT in part.extensions) continue; // unpacked to another size, which the decoder checks
    const needed = byteOffset + (count - 1) * (part.byteStride ?? bytesEach) + bytesEach;
    if (
      needed > part.byteLength || part.byteOffset + part.byteLength > (buffers[part.buffer]?.byteLength ?? 0)
    ) {
      throw new SyntaxError(
        `it says that accessor ${index} has ${count} values, which do not fit into its data: it is cut off or damaged`,
      );
    }
  }
}

/** Whether a buffer is only the place of what meshopt unpacks. */
function isFallback({ bufferViews }: Description, index: number): boolean {
  const views = bufferViews.filter(({ buffer }) => buffer === index);
  return views.length > 0 && views.every(({ extensions }) => MESHOPT in extensions);
}

/** Nodes that are not shown, as they or nodes above them are hidden. */
function hiddenNodes({ nodes }: Description): ReadonlySet<number> {
  const hidden = new Set<number>();
  const hide = (index: number) => {
    if (hidden.has(index)) return;
    hidden.add(index);
    nodes[index].children.forEach(hide);
  };
  nodes.forEach(({ extensions }, index) => {
    const visibility = extensions?.[VISIBILITY] as { visible?: unknown } | undefined;
    if (visibility?.visible === false) hide(index);
  });
  return hidden;
}

/** Images of the description, those beside it brought among the resources. */
async function imagesOf(
  { images }: Description,
  readBeside: ReadBeside,
  resources: Record<string, Uint8Array<ArrayBuffer>>,
): Promise<Record<string, unknown>[]> {
  return await Promise.all(images.map(async (image, index) => {
    if (typeof image.uri !== "string") return image;
    const isInside = image.uri.startsWith("data:"), uri = `image ${index}`;
    const data = isInside ? dataOf(image.uri) : await readBeside(decodedUri(image.uri));
    resources[uri] = data as Uint8Array<ArrayBuffer>;
    return { ...image, uri };
  }));
}

/** The description without animations and cameras; of materials stay the names, and the base colours if asked for. */
function withoutLooks(
  description: Description,
  images: readonly Record<string, unknown>[],
  withTextures: boolean,
): GLTF.IGLTF {
  const { images: _i, textures, samplers, animations: _a, cameras: _c, ...rest } = description as Record<
    string,
    unknown
  >;
  const hidden = hiddenNodes(description);
  const names = (list: readonly string[]) => list.filter((name) => !LOOKS_ONLY.test(name));
  return {
    ...rest,
    ...(withTextures && { images, textures, samplers }),
    buffers: description.buffers.map(({ byteLength }, index) => ({ byteLength, uri: `buffer ${index}` })),
    nodes: description.nodes.map(({ camera: _, mesh, ...node }, index) =>
      mesh === undefined || hidden.has(index) ? node : { ...node, mesh }
    ),
    materials: description.materials.map(({ name, pbrMetallicRoughness }) => ({
      name: typeof name === "string" ? name : undefined,
      ...(withTextures && { pbrMetallicRoughness }),
    })),
    extensionsUsed: names(description.extensionsUsed),
    extensionsRequired: names(description.extensionsRequired),
  } as unknown as GLTF.IGLTF;
}

/** Decoders of compressed data, which are loaded only where a file needs them. */
async function decodersOf(
  { extensionsUsed, extensionsRequired }: Description,
): Promise<Record<string, unknown>> {
  const names = [...extensionsUsed, ...extensionsRequired], decoders: Record<string, unknown> = {};
  if (names.includes(MESHOPT)) {
    const { MeshoptDecoder } = await import("meshoptimizer");
    await MeshoptDecoder.ready;
    decoders["meshopt.decoder"] = MeshoptDecoder;
  }
  if (names.includes(DRACO)) {
    const { default: draco } = await import("draco3dgltf");
    decoders["draco3d.decoder"] = await draco.createDecoderModule();
  }
  return decoders;
}

/** Bytes of a data URI. */
function dataOf(uri: string): Uint8Array {
  const [, base64, content = ""] = /^data:[^,]*?(;base64)?,([^]*)$/i.exec(uri) ?? [];
  const bytesOf = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  try {
    if (base64) return bytesOf(atob(content.replaceAll("-", "+").replaceAll("_", "/")));
    return bytesOf(content.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))));
  } catch {
    throw new SyntaxError("the data in its description (data URI) is damaged");
  }
}

function decodedUri(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}
