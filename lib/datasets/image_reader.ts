/**
 * Reading the images of one object, and telling later whether they are still the same.
 *
 * @module
 */
import { messageOf } from "../core/errors.ts";
import { decodeByteImage, decodeDeepImage, decodeLabelImage, readImageFile } from "../io/image_file.ts";
import type { ByteImage, DeepImage } from "../io/byte_image.ts";
import type { ImageProblem } from "./import_report.ts";

/** Characters of a fingerprint; 64 bits. */
const FINGERPRINT_LENGTH = 16;

/** Reads images and notes their content. */
export class ImageReader {
  readonly #digests: Uint8Array[] = [];

  /**
   * Reads an image.
   *
   * @param path File
   * @throws {UserError} If the file is missing or not a readable image
   */
  async read(path: string): Promise<ByteImage> {
    return await decodeByteImage(await this.#bytesOf(path), path);
  }

  /**
   * Reads a mask or labels with the values that the file holds.
   *
   * @param path File
   * @throws {UserError} If the file is missing or not a readable image
   */
  async readDeep(path: string): Promise<DeepImage> {
    return await decodeDeepImage(await this.#bytesOf(path), path);
  }

  /**
   * Reads an image of labels with the numbers that the file holds, those of a palette included.
   *
   * @param path File
   * @throws {UserError} If the file is missing or not a readable image
   */
  async readLabels(path: string): Promise<DeepImage> {
    return await decodeLabelImage(await this.#bytesOf(path), path);
  }

  async #bytesOf(path: string): Promise<Uint8Array> {
    const bytes = await readImageFile(path);
    this.#digests.push(await digest(bytes));
    return bytes;
  }

  /**
   * Hash of the content of all files that were read, in their order.
   *
   * @returns 16 hexadecimal characters; others when a byte of any file is another one
   */
  async fingerprint(): Promise<string> {
    return await joinDigests(this.#digests);
  }
}

/**
 * Hash of the content of files, as {@link ImageReader} gives it after reading them in this order.
 *
 * @throws {UserError} If a file is missing
 */
export async function fingerprintOf(paths: readonly string[]): Promise<string> {
  const digests: Uint8Array[] = [];
  for (const path of paths) digests.push(await digest(await readImageFile(path)));
  return await joinDigests(digests);
}

async function joinDigests(digests: readonly Uint8Array[]): Promise<string> {
  const joined = Uint8Array.from(digests.flatMap((part) => [...part]));
  return (await digest(joined)).toHex().slice(0, FINGERPRINT_LENGTH);
}

/**
 * The problem of an image that could not be read.
 *
 * @param file Its name in tables
 * @param path Its path, which messages name
 * @param error What was thrown; it says by itself what to do with files of other kinds
 * @param advice What to do with a damaged one
 */
export function unreadableProblem(
  file: string,
  path: string,
  error: unknown,
  advice: string,
): ImageProblem {
  const reason = messageOf(error).replace(`Cannot read the image ${path}: `, "");
  const [, value, ownAdvice] = /^([^:]*): (.*)$/.exec(reason) ?? [];
  const isForeign = ownAdvice !== undefined && error instanceof Error && error.cause === undefined;
  return {
    file,
    kind: "unreadable",
    ...(isForeign ? { value, advice: ownAdvice } : { value: reason, advice }),
  };
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
}
