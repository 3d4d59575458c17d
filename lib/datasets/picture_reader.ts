/**
 * Reading the pictures of one object, and telling later whether they are still the same.
 *
 * @module
 */
import { messageOf } from "../core/errors.ts";
import { type ByteImage, decodeByteImage, readPictureFile } from "../io/image_file.ts";

/** Characters of a fingerprint; 64 bits. */
const FINGERPRINT_LENGTH = 16;

/** Reads pictures and notes their content. */
export class PictureReader {
  readonly #digests: Uint8Array[] = [];

  /**
   * Reads a picture.
   *
   * @param path File
   * @throws {UserError} If the file is missing or not a readable picture
   */
  async read(path: string): Promise<ByteImage> {
    const bytes = await readPictureFile(path);
    this.#digests.push(await digest(bytes));
    return await decodeByteImage(bytes, path);
  }

  /**
   * Hash of the content of all files that were read, in their order.
   *
   * @returns 16 hexadecimal characters; others when a byte of any file is another one
   */
  async fingerprint(): Promise<string> {
    const joined = Uint8Array.from(this.#digests.flatMap((part) => [...part]));
    return (await digest(joined)).toHex().slice(0, FINGERPRINT_LENGTH);
  }
}

/** Why a picture could not be read, without its path, for tables that name the file beside. */
export function unreadableReason(error: unknown, path: string): string {
  return messageOf(error).replace(`Cannot read the picture ${path}: `, "");
}

async function digest(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
}
