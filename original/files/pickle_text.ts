/**
 * Values that old pickles hold as lines of text.
 *
 * @module
 */

/** A float of a line. */
export function floatOfText(text: string): number {
  const special: Record<string, number> = { inf: Infinity, "-inf": -Infinity, nan: NaN };
  const value = special[text.trim()] ?? (text.trim() === "" ? undefined : Number(text));
  if (value === undefined || (Number.isNaN(value) && text.trim() !== "nan")) {
    throw new SyntaxError(`a line must be a number: current value is ${JSON.stringify(text.slice(0, 40))}`);
  }
  return value;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  r: "\r",
  t: "\t",
  "\\": "\\",
  "'": "'",
  '"': '"',
};

/** A text as Python 2 shows it, in quotes. */
export function unquote(line: string): string {
  const match = /^(['"])(.*)\1$/s.exec(line.trim());
  if (!match) {
    throw new SyntaxError(`a text must stand in quotes: current value is ${line.trim().slice(0, 40)}`);
  }
  return match[2].replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (whole, code: string) => {
    if (code.length === 3) return String.fromCharCode(parseInt(code.slice(1), 16));
    return ESCAPES[code] ?? whole;
  });
}

/** A text in which characters beyond Latin-1 stand as numbers. */
export function rawUnicode(line: string): string {
  return line.replace(
    /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/g,
    (whole, short?: string, long?: string) => {
      const code = parseInt(short ?? long ?? "", 16);
      return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}
