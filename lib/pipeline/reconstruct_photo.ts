/**
 * The textured mesh of one photograph.
 *
 * @module
 */
import { basename, dirname, extname, join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { outputFolder, reconstructionFolder } from "../core/paths.ts";
import { checkImage } from "../datasets/check.ts";
import type { Sample, SampleRecord } from "../datasets/dataset.ts";
import { type FindObjects, type Instance, isClass } from "../datasets/detect/instance.ts";
import { PROBLEM_KINDS } from "../datasets/import_report.ts";
import { IdMaker, type MaskSource } from "../datasets/photo_source.ts";
import { readSample } from "../datasets/read_sample.ts";
import { exportMesh, type MeshFormat } from "../io/export_mesh.ts";
import { readByteImage } from "../io/image_file.ts";
import { encodeRle } from "../io/rle.ts";
import { smoothPoles } from "../mesh/smooth_poles.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import { loadReconstruction, partPresence, type TrainedReconstruction } from "../reconstruction/files.ts";
import type { Refinement } from "../refinement/refinement.ts";
import { refineUnposed } from "./refine_unposed.ts";

/** Which photograph is reconstructed. */
export interface ReconstructPhotoRequest {
  /** Name of the reconstruction run. */
  readonly name: string;
  /** Photograph. */
  readonly photo: string;
  /** Picture of its mask; null if the mask is its alpha channel or found. */
  readonly mask: string | null;
  /** What finds the object; null if the mask is a picture or the alpha channel. */
  readonly find: FindObjects | null;
  /** Least score of what is found. */
  readonly threshold: number;
  /** Class of the object among those that are found; null takes the surest of any class. */
  readonly category: string | null;
  /** Class for a network of several, as a number in the order of its data set. */
  readonly classIndex: number;
  /** Checkpoint. */
  readonly whichEpoch: string;
  /** What the mesh shows: the network's prediction, or that refined to the photograph. */
  readonly refine: Refinement;
  /** Path of the result without its ending; null for `output/<name>/photos/<photo>`. */
  readonly output: string | null;
  /** Files to write. */
  readonly formats: readonly MeshFormat[];
}

/** Defaults of {@link ReconstructPhotoRequest}. */
export const RECONSTRUCT_PHOTO_DEFAULTS = {
  mask: null,
  find: null,
  threshold: 0.5,
  category: null,
  classIndex: 0,
  whichEpoch: "latest",
  refine: "full",
  output: null,
  formats: ["glb"],
} as const satisfies Omit<ReconstructPhotoRequest, "name" | "photo">;

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
  const { name, whichEpoch } = request;
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
 * @param request Photograph and its mask
 * @throws {UserError} If the photograph is missing, the mask cannot be used, or the network predicts no texture
 */
export async function reconstructPhoto(
  trained: TrainedReconstruction,
  request: ReconstructPhotoRequest,
): Promise<ReconstructedPhoto> {
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

/** Photograph and mask as a record, whose paths stand as they were given. */
async function recordOf(
  request: ReconstructPhotoRequest,
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
  { photo, mask, find, threshold, category }: ReconstructPhotoRequest,
): Promise<MaskSource> {
  if (mask !== null) return { kind: "file", path: mask };
  if (find === null) return { kind: "alpha" };
  const image = await readByteImage(photo);
  const found = await find(photo, image, threshold);
  const wanted = found?.filter((instance) => category === null || isClass(instance, category)) ?? [];
  if (wanted.length === 0) {
    const others = found === null
      ? "the results do not name this picture"
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
