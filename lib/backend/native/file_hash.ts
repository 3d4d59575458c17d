/**
 * SHA-256 of a file, read in pieces.
 *
 * @module
 */
import { createHash } from "node:crypto";

/**
 * @param path The file
 * @param onBytes Called with the number of bytes of each piece read
 * @returns SHA-256 in hexadecimal
 */
export async function hashFile(path: string, onBytes: (count: number) => void = () => {}): Promise<string> {
  const hash = createHash("sha256");
  using file = await Deno.open(path);
  const piece = new Uint8Array(1 << 20);
  for (let count = await file.read(piece); count !== null; count = await file.read(piece)) {
    hash.update(piece.subarray(0, count));
    onBytes(count);
  }
  return hash.digest("hex");
}
