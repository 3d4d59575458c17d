/**
 * The viewer's pages: files of `viewer/pages`, in which parts that several pages share are written once.
 *
 * @module
 */
import { extname, fromFileUrl, join } from "@std/path";

const FOLDER = fromFileUrl(new URL("../pages/", import.meta.url));
/** Where a part stands: `<!-- part: top -->`. */
const PART = /^ *<!-- part: (\w+) -->\n/gm;

/** Names of the pages, styles and images, in order. */
export async function pageNames(): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(FOLDER));
  return entries.filter(({ isFile }) => isFile).map(({ name }) => name).sort();
}

/**
 * The bytes of a page, with its parts; the link to itself is marked as the current one.
 *
 * @param name One of {@link pageNames}
 */
export async function readPage(name: string): Promise<Uint8Array> {
  if (extname(name) !== ".html") return await Deno.readFile(join(FOLDER, name));
  let html = await Deno.readTextFile(join(FOLDER, name));
  for (const [place, part] of html.matchAll(PART)) {
    html = html.replace(place, await Deno.readTextFile(join(FOLDER, "parts", `${part}.html`)));
  }
  html = html.replace(new RegExp(`(<a href="${name}"[^>]*?)( hidden)?>`), '$1 aria-current="page">');
  return new TextEncoder().encode(html);
}
