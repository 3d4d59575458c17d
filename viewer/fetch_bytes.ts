/**
 * Loading files whose arrival is told.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";

/**
 * Loads a file.
 *
 * @param address Its address
 * @param onBytes Told the number of bytes of each piece
 * @param signal Stops it
 * @throws {UserError} If the server does not give it
 */
export async function fetchBytes(
  address: URL,
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(address, { signal });
  if (!response.ok || response.body === null) {
    const name = address.pathname.split("/").at(-1);
    throw new UserError(`Cannot load ${name}: the server answers ${response.status}`);
  }
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller) {
        onBytes(chunk.length);
        controller.enqueue(chunk);
      },
    }),
  );
  return new Uint8Array(await new Response(counted).arrayBuffer());
}
