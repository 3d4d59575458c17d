/**
 * The error of a thread that gives no answer.
 *
 * @module
 */

/** A thread gave no answer. What it was working on may still be written to, and must be neither freed nor used again. */
export class LostThreadError extends Error {
  override readonly name = "LostThreadError";
}
