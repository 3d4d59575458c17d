/**
 * Telling what a file is that is not what its name says.
 *
 * @module
 */

import { UserError } from "../core/errors.ts";

/** Bytes that are looked at. */
const HEAD_BYTES = 512;
/** Brands of the container of HEIC images. */
const HEIC_BRANDS = ["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"];

/**
 * Tells files that came in place of others: pages of a host, pointers of Git LFS, empty files.
 *
 * @param bytes The file, or its beginning
 * @returns What it is and what to do, as the end of a sentence; null if it is nothing of the kind
 */
export function foreignContent(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "it is empty (0 bytes): copy or download it again";
  const text = headOf(bytes).trimStart();
  if (text.startsWith("version https://git-lfs.github.com/")) {
    return "it is a pointer of Git LFS and not the file itself: fetch the file with git lfs pull";
  }
  if (/^(<!doctype html|<html|<head|<\?xml[^>]*>\s*<!doctype html)/i.test(text)) {
    return "it is a web page (HTML) and not the file itself: download the file again, perhaps after logging in";
  }
  return null;
}

/**
 * Refuses files that came in place of others.
 *
 * @param bytes The file
 * @param place Its path
 * @throws {UserError} If it is a page, a pointer or empty, as {@link foreignContent} tells
 */
export function refuseForeign(bytes: Uint8Array, place: string): void {
  const foreign = foreignContent(bytes);
  if (foreign !== null) throw new UserError(`Cannot read ${place}: ${foreign}`);
}

/**
 * Tells images of formats that are not read.
 *
 * @param bytes The file
 * @returns The format and what to do, as the end of a sentence; null for others
 */
export function unreadImage(bytes: Uint8Array): string | null {
  const head = headOf(bytes);
  const isContainer = head.slice(4, 8) === "ftyp", brand = head.slice(8, 12);
  const format = isContainer && HEIC_BRANDS.includes(brand) && !head.slice(8, 32).includes("avif")
    ? "HEIC"
    : head.startsWith("\xff\x0a") || head.slice(4, 8) === "JXL "
    ? "JPEG XL"
    : head.startsWith("8BPS")
    ? "PSD"
    : head.startsWith("%PDF")
    ? "PDF"
    : null;
  return format && `${format} is not read: save it as JPEG or PNG`;
}

function headOf(bytes: Uint8Array): string {
  return new TextDecoder("latin1").decode(bytes.subarray(0, HEAD_BYTES)).replace(/^\xef\xbb\xbf/, "");
}
