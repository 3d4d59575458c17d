/**
 * The error of files that ask for something a reader never does, such as running code.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";

/** A file is refused for what it asks for, not because it is damaged. */
export class RefusedFileError extends UserError {
  override name = "RefusedFileError";
  /** What was asked for: the name of a function or class, or an instruction. */
  readonly forbidden: string;

  /**
   * @param place File, for the message
   * @param forbidden What it asks for
   */
  constructor(place: string, forbidden: string) {
    super(
      `Refused to read ${place}: it asks for ${forbidden}, which is not data. Nothing of it was executed; ` +
        `use files from a source that you trust.`,
    );
    this.forbidden = forbidden;
  }
}
