/** A project folder in which tests build the original's data sets in their layout. */
import { join } from "@std/path";
import { encodeBytesPng } from "../../../lib/io/image_file.ts";
import { encodeRle, runsToText } from "../../../lib/io/rle.ts";
import type { Detection } from "../../../original/datasets/detections_file.ts";
import { encodeMat, matNumbers, matStructs, matText } from "../../helpers/mat_writer.ts";
import { boxMask, pattern } from "../../datasets/photo_fixtures.ts";

/** Rows and columns of all images. */
export const [HEIGHT, WIDTH] = [80, 100];

/** Writes a file, making folders. */
export async function writeFile(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(join(path, ".."), { recursive: true });
  await Deno.writeFile(path, bytes);
}

/** Writes an image of 100 x 80. */
export async function writeImage(path: string): Promise<void> {
  await writeFile(
    path,
    await encodeBytesPng({ data: pattern(HEIGHT, WIDTH), height: HEIGHT, width: WIDTH, channels: 3 }),
  );
}

/** Compressed run lengths of a box. */
export function boxRuns(box: readonly number[]): string {
  return runsToText(encodeRle(boxMask(HEIGHT, WIDTH, box), HEIGHT, WIDTH));
}

/** A detection of the box 10.5, 20, 80, 70. */
export function detection(changes: Partial<Detection> = {}): Detection {
  return {
    id: 0,
    className: "bird",
    classId: 5,
    height: HEIGHT,
    width: WIDTH,
    imagePath: "datasets/cub/CUB_200_2011/images/001.Crow/a.png",
    score: 0.95,
    box: [10.5, 20, 80, 70],
    runs: boxRuns([10, 20, 80, 70]),
    parts: [],
    ...changes,
  };
}

/** A part with the box of its mask. */
export function part(name: string, classId: number, box: readonly number[], score = 0.5, frequency = 0.5) {
  return {
    name,
    classId,
    detectorClass: 1000 + classId,
    score,
    box: box as [number, number, number, number],
    runs: boxRuns(box),
    frequency,
  };
}

/** Quarter turn about z, row-major, whose quaternion is (√½, 0, 0, √½). */
export const QUARTER = [0, -1, 0, 1, 0, 0, 0, 0, 1];
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The two MAT files of annotations; the last image is turned by a quarter. */
export async function writeAnnotations(
  images: string,
  cameras: string,
  paths: readonly string[],
): Promise<void> {
  const transposed = (m: number[]) => [0, 3, 6, 1, 4, 7, 2, 5, 8].map((i) => m[i]);
  const box = matStructs([{
    x1: matNumbers([1]),
    y1: matNumbers([1]),
    x2: matNumbers([9]),
    y2: matNumbers([9]),
  }]);
  await writeFile(
    images,
    encodeMat({
      images: matStructs(paths.map((path) => ({
        bbox: box,
        mask: matNumbers(new Array(12).fill(1), [3, 4]),
        rel_path: matText(path),
      }))),
    }, true),
  );
  await writeFile(
    cameras,
    encodeMat({
      sfm_anno: matStructs(paths.map((_, i) => ({
        scale: matNumbers([30]),
        trans: matNumbers([1, 2], [2, 1]),
        rot: matNumbers(transposed(i === paths.length - 1 ? QUARTER : IDENTITY), [3, 3]),
      }))),
    }),
  );
}
