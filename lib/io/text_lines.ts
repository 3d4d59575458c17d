/**
 * Lines of a long text one by one, without a list of all of them.
 *
 * @module
 */

/** The lines of a text, without their ends. */
export function* textLines(text: string): Generator<string> {
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf("\n", start), end = found < 0 ? text.length : found;
    yield text.slice(start, text[end - 1] === "\r" && end > start ? end - 1 : end);
    start = end + 1;
  }
}
