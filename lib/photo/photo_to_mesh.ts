/**
 * One photograph to a textured mesh, with nothing trained: plain typed-array code that runs in Deno, Node and browsers.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { option, type OptionsInput, resolveOptions } from "../core/option.ts";
import { WorkerPool } from "../core/worker_pool.ts";
import type { ByteImage } from "../io/byte_image.ts";
import type { Pose } from "../rendering/cameras.ts";
import type { Template } from "../templates/template_bytes.ts";
import { choosePhotoPoses, type PoseWish } from "./choose_photo_poses.ts";
import { findPhotoPoses, type PhotoPool, settlePhotoPoses } from "./find_photo_poses.ts";
import { cropPhoto, type PhotoCrop } from "./photo_crop.ts";
import { type PhotoMesh, refinePhoto } from "./photo_mesh.ts";
import { type PhotoPose, poseOfDirection } from "./photo_pose.ts";
import { PHOTO_KIND } from "./photo_task.ts";
import type { ClassScore } from "./rank_poses.ts";

/** What is known of the pose, and the size of the texture. */
export const PHOTO_MESH_OPTIONS = {
  azimuth: option.number({
    doc:
      "Direction of the camera in degrees: 0 in front of the object, 90 where its front is to the image's left.",
    minimum: -360,
    maximum: 360,
    excludes: ["flip"],
  }),
  flip: option.boolean({
    doc: "Take the best pose that looks elsewhere, where the first one is the wrong way round.",
    default: false,
  }),
  textureResolution: option.integer({
    doc: "Side of the texture, in texels.",
    default: 512,
    offered: [256, 512, 1024, 2048],
    minimum: 256,
    maximum: 2048,
    multipleOf: 128,
  }),
} as const;

/** Options of {@linkcode photoToMesh}: {@linkcode PHOTO_MESH_OPTIONS} tells more. */
export interface PhotoToMeshOptions
  extends PoseWish, Pick<OptionsInput<typeof PHOTO_MESH_OPTIONS>, "textureResolution"> {
  /** Threads, which may serve many photographs; null for this one. Does not change the result. */
  pool?: PhotoPool | null;
  /** Told how far it is, 0 to 1. */
  onProgress?: ((share: number) => void) | null;
  /** Stops it. */
  signal?: AbortSignal | null;
}

/** What was made of a photograph. */
export interface PhotoMeshes {
  /** One mesh, or two whose poses fit nearly alike; best first. */
  readonly candidates: readonly PhotoMesh[];
  /** Whether the photograph does not tell which of the two is right. */
  readonly isDoubtful: boolean;
  /** Classes with the scores of their best poses, best first; those that the search dropped early are missing. */
  readonly classes: readonly ClassScore[];
}

/** Share of the work that the search is. */
const SEARCH_SHARE = 0.5;
/** Elevations from which a direction that was asked for is tried, degrees. */
const ELEVATIONS = [0, 15, 30];

/**
 * Makes the textured mesh of the object in one photograph: poses of all templates are searched by silhouettes, shape and
 * pose are fitted to the mask, and the photograph becomes the texture.
 *
 * @param image Photograph of any size, upright, `[H, W, C]`
 * @param mask Non-zero where the object is, `[H, W]`
 * @param templates Templates of one class, or of several to find out the class, too
 * @param options What is known of the pose, and how it is done
 * @returns One mesh, or two if the photograph does not tell which is right
 * @throws {TypeError} If the mask is not of the photograph's size
 * @throws {RangeError} If there is no template
 * @throws {UserError} If an option is out of range, the mask cannot be used, or no pose is near the direction that was
 *   asked for
 * @throws {StoppedError} If it was stopped
 */
export async function photoToMesh(
  image: ByteImage,
  mask: Uint8Array,
  templates: readonly Template[],
  options: PhotoToMeshOptions = {},
): Promise<PhotoMeshes> {
  const azimuth = options.azimuth ?? undefined, signal = options.signal ?? undefined;
  const { flip, textureResolution } = resolveOptions(PHOTO_MESH_OPTIONS, { ...options, azimuth });
  if (templates.length === 0) {
    throw new RangeError("Cannot make a mesh of a photograph: current value is 0 templates");
  }
  const { onProgress } = options, wish = { azimuth, flip }, photo = cropPhoto(image, mask);
  const pool = options.pool ?? await WorkerPool.start(PHOTO_KIND, null, 0);
  const callbacks = { signal, onSearch: (share: number) => onProgress?.(SEARCH_SHARE * share) };
  const { poses: ranked, classes } = await findPhotoPoses(photo, templates, pool, callbacks);
  let { poses, isDoubtful } = choosePhotoPoses(ranked, wish);
  if (azimuth !== undefined && poses.length === 0) {
    const turned = await settleDirection(photo, templates, azimuth, pool);
    ({ poses, isDoubtful } = choosePhotoPoses(turned, wish));
  }
  if (poses.length === 0) {
    throw new UserError(
      azimuth === undefined
        ? "No pose was found: check the mask and the class."
        : `No pose that looks from about ${azimuth} degrees fits the mask: leave the azimuth out.`,
    );
  }
  const candidates = await refinePhoto(photo, templates, poses, pool, textureResolution, {
    signal,
    onProgress: ({ done, total = done }) => onProgress?.(SEARCH_SHARE + (1 - SEARCH_SHARE) * done / total),
  });
  return { candidates, isDoubtful, classes };
}

/** Poses of all templates near a direction. */
async function settleDirection(
  photo: PhotoCrop,
  templates: readonly Template[],
  azimuth: number,
  pool: PhotoPool,
): Promise<PhotoPose[]> {
  const settled: PhotoPose[] = [];
  for (const [number, template] of templates.entries()) {
    const starts = ELEVATIONS.map((elevation): Pose =>
      poseOfDirection({ azimuth, elevation }, template.vertices)
    );
    settled.push(...await settlePhotoPoses(photo, template, number, pool, starts));
  }
  return settled.sort((a, b) => b.score - a.score);
}
