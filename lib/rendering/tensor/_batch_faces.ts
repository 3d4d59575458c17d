/**
 * Faces of a batch: one topology for all entries, or one for each.
 *
 * @module
 */

/** Vertex indices `[F, 3]` that all entries of a batch share, or those of each entry. */
export type BatchFaces = Int32Array | readonly Int32Array[];

/**
 * Checks that there is one topology, or one for each entry.
 *
 * @param action What the caller does, for the message
 * @param name Name of the argument
 * @param faces Faces
 * @param B Entries
 * @throws {TypeError} If the number of topologies is another
 */
export function checkBatchFaces(action: string, name: string, faces: BatchFaces, B: number): void {
  if (faces instanceof Int32Array || faces.length === B) return;
  throw new TypeError(
    `Cannot ${action}: ${name} must be one array or ${B}, one for each entry, current value has ${faces.length}`,
  );
}

/** Faces of entry b. */
export function facesOf(faces: BatchFaces, b: number): Int32Array {
  return faces instanceof Int32Array ? faces : faces[b];
}
