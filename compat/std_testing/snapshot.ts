/** The part of `@std/testing/snapshot` that texmesh uses, for places where the JSR registry cannot be reached. */
import { AssertionError } from "deno-std/assert/assertion_error.js";
import { assertEquals } from "deno-std/assert/equals.js";

/** Snapshots by the file that holds them, and how often each name was used. */
const files = new Map<
  string,
  { readonly stored: Record<string, string>; readonly counts: Map<string, number> }
>();

/**
 * Compares a value with the one that was stored under the name of the test; `-- --update` stores it.
 *
 * The files are those of `@std/testing`: `__snapshots__/NAME_test.ts.snap` beside the test.
 */
export async function assertSnapshot(context: Deno.TestContext, actual: unknown): Promise<void> {
  const path = fileOf(context), { stored, counts } = await open(path);
  const name = nameOf(context), count = (counts.get(name) ?? 0) + 1, key = `${name} ${count}`;
  counts.set(name, count);
  const text = serialize(actual);
  if (Deno.args.includes("--update") || Deno.args.includes("-u")) {
    stored[key] = text;
    await write(path, stored);
    return;
  }
  if (!(key in stored)) {
    throw new AssertionError(`Missing snapshot: ${key}; \`deno test -- --update\` stores it`);
  }
  assertEquals(text, stored[key]);
}

/** A value as text. */
export function serialize(actual: unknown): string {
  return Deno.inspect(actual, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
    breakLength: Infinity,
    escapeSequences: false,
  });
}

function fileOf({ origin }: Deno.TestContext): URL {
  const name = new URL(origin).pathname.split("/").at(-1);
  return new URL(`./__snapshots__/${name}.snap`, origin);
}

function nameOf({ name, parent }: Deno.TestContext): string {
  return parent ? `${nameOf(parent)} > ${name}` : name;
}

async function open(path: URL) {
  let file = files.get(path.href);
  if (!file) {
    const isThere = await Deno.stat(path).then(() => true, () => false);
    const stored = isThere ? parse(await Deno.readTextFile(path)) : {};
    files.set(path.href, file = { stored, counts: new Map() });
  }
  return file;
}

/** The entries of a file, each a template literal without substitutions. */
function parse(text: string): Record<string, string> {
  const literal = "`((?:\\\\[^]|[^`\\\\])*)`", stored: Record<string, string> = {};
  for (const [, key, value] of text.matchAll(new RegExp(`^snapshot\\[${literal}\\] = ${literal};`, "gm"))) {
    const body = unescape(value);
    stored[unescape(key)] = body.startsWith("\n") ? body.slice(1, -1) : body;
  }
  return stored;
}

async function write(path: URL, stored: Readonly<Record<string, string>>): Promise<void> {
  const entries = Object.entries(stored).map(([key, value]) => {
    const body = value.includes("\n") ? `\n${value}\n` : value;
    return `snapshot[\`${escape(key)}\`] = \`${escape(body)}\`;\n`;
  });
  await Deno.mkdir(new URL(".", path), { recursive: true });
  await Deno.writeTextFile(path, ["export const snapshot = {};\n", ...entries].join("\n"));
}

const escape = (text: string) => text.replaceAll(/[\\`]|\$(?=\{)/g, "\\$&");
const unescape = (text: string) => text.replaceAll(/\\([\\`$])/g, "$1");
