/**
 * The frame of a report page: one file that opens offline, with its style inside and without scripts.
 *
 * @module
 */
import { PAGE_STYLE } from "./page_style.ts";

/** A part of the page. */
export interface Section {
  /** Heading; also the link in the table of contents. */
  readonly title: string;
  /** Content as HTML. */
  readonly html: string;
}

/** Nothing may be loaded or run: images and style are in the page. */
const CONTENT_POLICY =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Cells that count as numbers: digits, with a unit perhaps. */
const NUMBER = /^[-+−<>≤≥]?\s?\d[\d.,]*\s?([%°×]|s|min|h|px|ms)?$/;
/** Cells that stand for a missing number. */
const NO_NUMBER = /^(|-|–|n\/a)$/;

/** Text with the characters that HTML reserves replaced. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

/** A paragraph of plain text; `dim` for side remarks. */
export function htmlParagraph(text: string, dim = false): string {
  return `<p${dim ? ' class="dim"' : ""}>${escapeHtml(text)}</p>`;
}

/** Names with values, one pair a line; for the narrow space of a card. */
export function htmlDefinitions(rows: readonly (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) =>
    `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`
  );
  return `<dl>${lines.join("")}</dl>`;
}

/** A whole page. */
export function htmlPage(title: string, subtitle: string, sections: readonly Section[]): string {
  const links = sections.map(({ title }) => `<li><a href="#${slug(title)}">${escapeHtml(title)}</a></li>`);
  const bodies = sections.map(({ title, html }) =>
    `<section id="${slug(title)}" aria-labelledby="h-${slug(title)}">` +
    `<h2 id="h-${slug(title)}">${escapeHtml(title)}</h2>\n${html}</section>`
  );
  return `<!doctype html>\n<html lang="en"><head><meta charset="utf-8">` +
    `<meta http-equiv="Content-Security-Policy" content="${CONTENT_POLICY}">` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">` +
    `<title>${escapeHtml(title)}</title><style>${PAGE_STYLE}</style></head>\n` +
    `<body><header><h1>${escapeHtml(title)}</h1>${htmlParagraph(subtitle, true)}` +
    `<nav aria-label="Sections"><ul>${links.join("")}</ul></nav></header>\n` +
    `<main>${bodies.join("\n")}</main></body></html>\n`;
}

/** A table; columns of numbers are set to the right. */
export function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = Math.max(header.length, ...rows.map((row) => row.length));
  const numeric = Array.from({ length: columns }, (_, c) => {
    const cells = rows.map((row) => row[c] ?? "");
    return cells.some((cell) => NUMBER.test(cell)) &&
      cells.every((cell) => NUMBER.test(cell) || NO_NUMBER.test(cell));
  });
  const cell = (tag: string, scope: string) => (text: string, c: number) =>
    `<${tag}${scope}${numeric[c] ? ' class="number"' : ""}>${escapeHtml(text)}</${tag}>`;
  const head = header.length > 0
    ? `<thead><tr>${header.map(cell("th", ' scope="col"')).join("")}</tr></thead>`
    : "";
  const body = rows.map((row) => `<tr>${row.map(cell("td", "")).join("")}</tr>`).join("");
  return `<div class="scroll"><table>${head}<tbody>${body}</tbody></table></div>`;
}

/** An image held inside the page: `size` is its columns and rows, so that its place is kept before it is drawn. */
export function htmlImage(
  bytes: Uint8Array,
  type: "png" | "jpeg" | "webp",
  alt: string,
  options: { readonly caption?: string; readonly size?: readonly [width: number, height: number] } = {},
): string {
  const { caption = "", size } = options;
  const text = caption === "" ? "" : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  const source = `data:image/${type};base64,${bytes.toBase64()}`;
  const place = size ? ` width="${size[0]}" height="${size[1]}"` : "";
  return `<figure><img decoding="async"${place} alt="${escapeHtml(alt)}" src="${source}">${text}</figure>`;
}

/** Content that is folded away at first. */
export function htmlDetails(summary: string, html: string): string {
  return `<details><summary>${escapeHtml(summary)}</summary>${html}</details>`;
}

function slug(title: string): string {
  return title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-").replaceAll(/^-|-$/g, "");
}
