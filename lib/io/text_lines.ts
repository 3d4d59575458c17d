/**
 * Lines of a long text one by one, without a list of all of them.
 *
 * @module
 */

/** The lines of a text, without their ends; each ends with "\\n", "\\r\\n", or in old texts without "\\n" with "\\r". */
export function* textLines(text: string): Generator<string> {
  const end = text.includes("\n") ? "\n" : "\r";
  for (let start = 0; start <= text.length;) {
    const found = text.indexOf(end, start), stop = found < 0 ? text.length : found;
    yield text.slice(start, text[stop - 1] === "\r" && stop > start ? stop - 1 : stop);
    start = stop + 1;
  }
}
