/**
 * The check of face indices that all renderers share.
 *
 * @module
 */
import { checkShapes } from "../core/shapes.ts";

/**
 * Checks that faces name existing vertices.
 *
 * @param action What the caller does, for the message
 * @param faces Vertex indices, `[F, 3]`
 * @param vertexCount Number of vertices, V
 * @returns Number of faces, F
 * @throws {TypeError} If the length is no multiple of 3
 * @throws {RangeError} If an index is out of range, naming the face
 */
export function checkFaces(action: string, faces: Int32Array, vertexCount: number): number {
  const { F } = checkShapes(action, { faces: [faces, ["F", 3]] });
  for (let i = 0; i < faces.length; i++) {
    if (faces[i] < 0 || faces[i] >= vertexCount) {
      const face = Math.floor(i / 3);
      throw new RangeError(
        `Cannot ${action} with face ${face} naming a vertex outside 0 to ${
          vertexCount - 1
        }: current value is ` +
          `(${faces.subarray(3 * face, 3 * face + 3).join(", ")})`,
      );
    }
  }
  return F;
}
