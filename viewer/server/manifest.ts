/**
 * What a viewer's folder holds: `manifest.json`, which the page reads first.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../../lib/core/errors.ts";
import { parseJson } from "../../lib/io/json_file.ts";

/** File of the manifest within a viewer's folder. */
export const MANIFEST_FILE = "manifest.json";
/** Header in which the server says why a mask that it guessed is not to be trusted; empty if it is. */
export const DOUBT_HEADER = "x-mask-doubt";
/** Version of the manifest that this code writes and reads. */
export const MANIFEST_VERSION = 1;

const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

const NETWORKS = v.object({
  preset: v.picklist(["demo", "small", "paper"]),
  textureResolution: COUNT,
  symmetric: v.boolean(),
  latentDim: COUNT,
  classes: COUNT,
  normG: v.picklist(["batch", "instance", "none"]),
  normD: v.picklist(["instance", "none"]),
  numDiscriminators: COUNT,
  startFromMean: v.boolean(),
  components: v.optional(COUNT),
  componentRows: v.optional(COUNT),
  exemplars: v.optional(COUNT),
  baseResolution: v.optional(COUNT),
});

const ITEM = v.object({
  /** What the page calls it. */
  title: v.string(),
  /** Where it comes from. */
  kind: v.picklist(["generated", "reconstruction"]),
  /** Its GLB, relative to the manifest. */
  file: v.string(),
  /** How the generator makes it again; null of reconstructions. */
  sample: v.nullable(v.object({
    seed: COUNT,
    index: COUNT,
    truncation: v.number(),
    classIndex: COUNT,
  })),
});

const TEMPLATES = v.object({
  /** Class of the templates. */
  category: v.string(),
  /** Their file, relative to the manifest. */
  file: v.string(),
  /** Image of the first one, relative to the manifest. */
  picture: v.string(),
});

const VISION = v.object({
  /** Program that runs models, relative to the manifest. */
  program: v.string(),
  /** Its WebAssembly, relative to the manifest. */
  wasm: v.string(),
  /** Bytes of both. */
  bytes: COUNT,
  /** Model that makes masks, or null. */
  model: v.nullable(v.object({
    /** What it is called. */
    title: v.string(),
    /** Its file, relative to the manifest. */
    file: v.string(),
    /** Bytes of the file. */
    bytes: COUNT,
  })),
});

const MANIFEST = v.object({
  /** Version of this form. */
  version: v.literal(MANIFEST_VERSION),
  /** Name of the run; empty without one. */
  name: v.string(),
  /** The generator that runs in the page, or null. */
  generator: v.nullable(v.object({
    /** Its weights, relative to the manifest. */
    weights: v.string(),
    /** Bytes of the weights. */
    bytes: COUNT,
    /** Build of the networks. */
    networks: NETWORKS,
    /** Epochs of training behind the weights. */
    epoch: COUNT,
    /** Names of the classes to choose from; empty without class conditioning. */
    classNames: v.array(v.string()),
  })),
  /** Meshes of the gallery. */
  items: v.array(ITEM),
  /** Classes that single photographs can be made into. */
  templates: v.optional(v.array(TEMPLATES), []),
  /** What makes masks of photographs in the page by a model, or null. */
  vision: v.optional(v.nullable(VISION), null),
  /** Whether the server reads and writes photographs; static folders have none. */
  images: v.optional(v.boolean(), false),
  /** Whether the server reads and corrects the poses of a data set; static folders have none. */
  poses: v.optional(v.boolean(), false),
});

/** Content of a viewer's folder. */
export type ViewerManifest = v.InferOutput<typeof MANIFEST>;
/** One mesh of the gallery. */
export type ViewerItem = ViewerManifest["items"][number];
/** Templates of a class. */
export type ViewerTemplates = ViewerManifest["templates"][number];
/** What makes masks in a viewer's pages by a model. */
export type ViewerVision = NonNullable<ViewerManifest["vision"]>;
/** The generator of a viewer. */
export type ViewerGenerator = NonNullable<ViewerManifest["generator"]>;

/**
 * Parses a manifest.
 *
 * @param text Content of the file
 * @param source Where it comes from, for messages
 * @throws {UserError} If it is not a manifest of this version, or names files outside of its folder
 */
export function parseViewerManifest(text: string, source: string): ViewerManifest {
  const manifest = parseJson(text, MANIFEST, "manifest of the viewer", source);
  const files = [
    ...manifest.items.map(({ file }) => file),
    ...manifest.templates.flatMap(({ file, picture: image }) => [file, image]),
    manifest.generator?.weights ?? "weights",
    ...(manifest.vision ? [manifest.vision.program, manifest.vision.wasm] : []),
    manifest.vision?.model?.file ?? "model",
  ];
  const outside = files.find((file) => /^\/|:|(^|\/)\.\.(\/|$)/.test(file));
  if (outside !== undefined) {
    throw new UserError(`Cannot use the manifest ${source}: ${outside} lies outside of its folder`);
  }
  return manifest;
}
