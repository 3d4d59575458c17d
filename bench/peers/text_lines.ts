/**
 * Splits a stream of text at line ends.
 *
 * @module
 */

/** Passes on whole lines; a last line without an end is dropped. */
export class TextLineStream extends TransformStream<string, string> {
  /** Begins with nothing held. */
  constructor() {
    let held = "";
    super({
      transform(text, controller) {
        const lines = (held + text).split("\n");
        held = lines.pop() ?? "";
        for (const line of lines) controller.enqueue(line);
      },
    });
  }
}
