/**
 * The textured mesh of one photograph.
 *
 * @module
 */
import { name, whichEpoch } from "../core/common_options.ts";
import { option, type OptionsInput, type OptionsOutput, resolveOptions } from "../core/option.ts";
import { formats } from "../io/format_option.ts";
import { refine } from "../refinement/refinement_option.ts";
import { basename, dirname, extname, join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { outputFolder, reconstructionFolder } from "../core/paths.ts";
import { checkImage } from "../datasets/check.ts";
import type { Sample, SampleRecord } from "../datasets/dataset.ts";
import { type FindObjects, type Instance, isClass } from "../datasets/detect/instance.ts";
import { PROBLEM_KINDS } from "../datasets/import_report.ts";
import { IdMaker, type MaskSource } from "../datasets/photo_source.ts";
import { readSample } from "../datasets/read_sample.ts";
import { exportMesh } from "../io/export_mesh.ts";
import { readByteImage } from "../io/image_file.ts";
import { encodeRle } from "../io/rle.ts";
import { smoothPoles } from "../mesh/smooth_poles.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import { loadReconstruction, partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import { refineUnposed } from "./refine_unposed.ts";

/** Options of the task `reconstruct_photo`. */
export const RECONSTRUCT_PHOTO_OPTIONS = {
  name,
  photo: option.text({ reads: true, doc: "Photograph; may stand without its flag.", required: true }),
  mask: option.text({
    reads: true,
    doc: "Image of its mask; without it the alpha channel.",
    excludes: ["detections"],
  }),
  detections: option.text({
    reads: true,
    doc: "What was found in it, in place of a mask: detections.npy of detect, or COCO results as .json.",
  }),
  threshold: option.share({
    flag: "detection_threshold",
    doc: "Least score of what was found.",
    default: 0.5,
  }),
  category: option.text({
    flag: "template",
    doc: "Class that is wanted of what was found; the surest of any if left out.",
  }),
  classIndex: option.integer({
    doc: "Class of the object for a network of several, from 0 in the order of its data set.",
    default: 0,
    minimum: 0,
  }),
  output: option.text({
    writes: true,
    doc: "File of the mesh; output/NAME/photos/PHOTO.glb if left out.",
  }),
  formats: formats(["glb"]),
  refine,
  whichEpoch,
} as const;

/** Which photograph is reconstructed, and how. */
export interface ReconstructPhotoRequest
  extends Omit<OptionsInput<typeof RECONSTRUCT_PHOTO_OPTIONS>, "detections"> {
  /** What finds the object; without it the mask is an image or the alpha channel. */
  readonly find?: FindObjects | null;
}

/** What was made of a photograph. */
export interface ReconstructedPhoto {
  /** Files of the mesh. */
  readonly paths: readonly string[];
  /** Seconds from the photograph's file to the mesh's, without the loading of the network. */
  readonly seconds: number;
  /** What was noticed about the mask. */
  readonly notes: readonly string[];
}

/**
 * Reconstructs the object of a photograph.
 *
 * @param request Photograph, its mask, and the run
 * @throws {UserError} If the run or the photograph is missing, the mask cannot be used, or the network predicts no texture
 */
export async function runReconstructPhoto(request: ReconstructPhotoRequest): Promise<ReconstructedPhoto> {
  const { name, whichEpoch } = resolveOptions(RECONSTRUCT_PHOTO_OPTIONS, request);
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  try {
    return await reconstructPhoto(trained, request);
  } finally {
    trained.network.dispose();
  }
}

/**
 * Reconstructs the object of a photograph with a network that is loaded.
 *
 * @param trained Network of a run
 * @param given Photograph and its mask
 * @throws {UserError} If the photograph is missing, the mask cannot be used, or the network predicts no texture
 */
export async function reconstructPhoto(
  trained: TrainedReconstruction,
  given: ReconstructPhotoRequest,
): Promise<ReconstructedPhoto> {
  const request = { find: null, ...given, ...resolveOptions(RECONSTRUCT_PHOTO_OPTIONS, given) };
  const { name, photo, classIndex, formats, refine } = request, { network } = trained;
  const { classCount, predictionType } = network.config;
  if (classIndex >= classCount) {
    throw new UserError(
      `Cannot reconstruct ${photo} as class ${classIndex}: the network of ${name} knows ${classCount} classes, ` +
        `numbered from 0.`,
    );
  }
  const started = performance.now();
  const { record, notes } = await recordOf(request);
  const source = {
    record,
    resolution: 0,
    parts: { partLabels: [], partCount: 0, partKind: "labels" },
  } as const;
  const read = async (resolution: number) => ({
    ...await readSample(record, resolution, source.parts),
    classIndex,
  });
  const { vertices, texture, symmetric } = refine === "none" ? await predictedObject(trained, read) : {
    ...await refineUnposed(trained, { shape: refine === "full" })(record.id, read, source),
    symmetric: true,
  };
  if (!texture) {
    throw new UserError(
      `Cannot make a textured mesh of ${photo} with 'refine: none': the network of ${name} predicts no texture ` +
        `('predictionType: ${predictionType}').`,
    );
  }
  const path = request.output?.replace(/\.(glb|obj)$/i, "") ?? join(outputFolder(name), "photos", record.id);
  await Deno.mkdir(dirname(path), { recursive: true });
  const { faces, uvs, faceUvs } = sphereTopology();
  const paths = await exportMesh({ vertices, faces, uvs, faceUvs }, texture, path, {
    formats,
    symmetric,
    name: record.id,
    extras: { refine },
  });
  return { paths, seconds: (performance.now() - started) / 1000, notes };
}

/** What the network predicts, for people to look at. */
async function predictedObject(
  { network, state }: TrainedReconstruction,
  read: (resolution: number) => Promise<Sample>,
) {
  const { imageResolution, symmetric } = network.config, sample = await read(imageResolution);
  const [{ vertices, texture }] = await reconstructImages(network, [sample], partPresence(state));
  return { vertices, texture: texture && smoothPoles(texture), symmetric };
}

/** A request with everything filled in. */
type ResolvedPhoto =
  & OptionsOutput<typeof RECONSTRUCT_PHOTO_OPTIONS>
  & Pick<ReconstructPhotoRequest, "find">;

/** Photograph and mask as a record, whose paths stand as they were given. */
async function recordOf(
  request: ResolvedPhoto,
): Promise<{ record: SampleRecord; notes: readonly string[] }> {
  const { photo } = request;
  const source = {
    id: new IdMaker().make(basename(photo, extname(photo))),
    image: photo,
    mask: await maskSourceOf(request),
    parts: null,
    statedSize: null,
    camera: null,
  };
  const { record, problems } = await checkImage("", source);
  if (record) return { record, notes: problems.map(({ value, advice }) => `${photo}: ${value}; ${advice}.`) };
  const { file, kind, value, advice } = problems.find(({ kind }) => PROBLEM_KINDS[kind]) ?? problems[0];
  throw new UserError(
    kind === "no_mask"
      ? `Cannot reconstruct ${photo}: it has no alpha channel to serve as a mask; save it as a PNG cut-out, or give ` +
        "'mask: FILE' or 'detections: FILE'."
      : `Cannot reconstruct ${photo}: ${file === photo ? "" : `${file}: `}${value}; ${advice}.`,
  );
}

async function maskSourceOf(
  { photo, mask, find, threshold, category }: ResolvedPhoto,
): Promise<MaskSource> {
  if (mask !== undefined) return { kind: "file", path: mask };
  if (!find) return { kind: "alpha" };
  const image = await readByteImage(photo);
  const found = await find(photo, image, threshold);
  const wanted = found?.filter((instance) => category === undefined || isClass(instance, category)) ?? [];
  if (wanted.length === 0) {
    const others = found === null
      ? "the results do not name this image"
      : found.length === 0
      ? `nothing has a score of ${threshold} or more`
      : `found were: ${[...new Set(found.map(({ className }) => className))].join(", ")}`;
    throw new UserError(
      `Cannot reconstruct ${photo}: no ${category ?? "object"} was found in it (${others}); lower ` +
        `'threshold', or give 'mask'.`,
    );
  }
  const best = wanted.reduce<Instance>((a, b) => b.score > a.score ? b : a, wanted[0]);
  const { height, width } = image;
  return { kind: "runs", counts: [...encodeRle(best.mask, height, width)], size: [height, width] };
}
