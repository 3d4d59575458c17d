/**
 * The sources that `_wasm_kernels.ts` is made from.
 *
 * @module
 */

/** Files of this folder that the kernels are compiled from. */
export const SOURCES = ["vectors.h", "silhouette.c"] as const;

/**
 * What tells whether the compiled kernels belong to the sources.
 *
 * @returns SHA-256 of the sources, line ends unified
 */
export async function hashOfSources(): Promise<string> {
  const texts = await Promise.all(SOURCES.map((name) => Deno.readTextFile(new URL(name, import.meta.url))));
  const bytes = new TextEncoder().encode(texts.join("\0").replaceAll("\r\n", "\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Bytes in base64. */
export function encodeBase64(bytes: Uint8Array): string {
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters);
}
