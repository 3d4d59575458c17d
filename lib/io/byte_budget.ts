/**
 * A bound on the memory that a file may make its reader take.
 *
 * @module
 */
import { sizeText } from "../core/number_text.ts";

/** Least bytes that any file may be unpacked to. */
const LEAST_BYTES = 128e6;
/** Times its size that a file may be unpacked to: few bytes can ask for many copies. */
const TIMES_SIZE = 8;
/** Most containers (lists, dicts, tuples, arrays) that a file may hold. */
const MOST_CONTAINERS = 1e7;

/** Counts what is taken in a file's name and refuses more than its size explains. */
export class ByteBudget {
  readonly #limit: number;
  #taken = 0;
  #containers = 0;

  /** @param fileBytes Size of the file */
  constructor(fileBytes: number) {
    this.#limit = Math.max(LEAST_BYTES, TIMES_SIZE * fileBytes);
  }

  /**
   * Takes memory.
   *
   * @throws {RangeError} If the file has taken too much; nothing was allocated then
   */
  take(bytes: number, what: string): void {
    if (!(bytes >= 0 && this.#taken + bytes <= this.#limit)) {
      throw new RangeError(
        `${what} would take ${sizeText(bytes)}, which is more than a file of this size may ask for ` +
          `(${sizeText(this.#limit)} in all)`,
      );
    }
    this.#taken += bytes;
  }

  /**
   * Counts one list, dict, tuple or array.
   *
   * @throws {RangeError} If there are too many
   */
  takeContainer(): void {
    if (++this.#containers > MOST_CONTAINERS) {
      throw new RangeError(`it holds more than ${MOST_CONTAINERS} lists, dicts and tuples`);
    }
  }
}
