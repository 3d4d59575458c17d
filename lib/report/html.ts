/**
 * The frame of a report page: one file that opens offline, with its style inside.
 *
 * @module
 */

/** A part of the page. */
export interface Section {
  /** Heading; also the link in the table of contents. */
  readonly title: string;
  /** Content as HTML. */
  readonly html: string;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1e21; --dim: #5a6068; --line: #d5d9de; --paper: #ffffff; --tint: #f3f5f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8eaed; --dim: #a6adb5; --line: #3b4148; --paper: #16181b; --tint: #1f2327; } }
body { margin: 0 auto; max-width: 1120px; padding: 24px; font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 26px; margin: 0 0 4px; } h2 { font-size: 19px; margin: 36px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
p { margin: 6px 0; max-width: 75ch; } .dim { color: var(--dim); }
table { border-collapse: collapse; margin: 8px 0; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
td.number, th.number { text-align: right; }
figure { margin: 8px 0; } figcaption { color: var(--dim); font-size: 13px; }
img { max-width: 100%; height: auto; background: var(--tint); border-radius: 4px; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(250px, 1fr)); gap: 14px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 14px; }
nav a { margin-right: 14px; color: inherit; } svg { max-width: 100%; height: auto; }
`;

/** Text with the characters that HTML reserves replaced. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}

/** A whole page. */
export function htmlPage(title: string, subtitle: string, sections: readonly Section[]): string {
  const links = sections.map((section, i) => `<a href="#s${i}">${escapeHtml(section.title)}</a>`).join("");
  const bodies = sections.map((section, i) =>
    `<section id="s${i}"><h2>${escapeHtml(section.title)}</h2>${section.html}</section>`
  );
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escapeHtml(title)}</title><style>${STYLE}</style></head><body><h1>${escapeHtml(title)}</h1>` +
    `<p class="dim">${escapeHtml(subtitle)}</p><nav>${links}</nav>${bodies.join("\n")}</body></html>`;
}

/** A table; cells that are numbers or start with a digit are set to the right. */
export function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const cell = (tag: string) => (text: string) =>
    `<${tag}${/^[-+]?\d/.test(text) ? ' class="number"' : ""}>${escapeHtml(text)}</${tag}>`;
  const head = header.length > 0 ? `<tr>${header.map(cell("th")).join("")}</tr>` : "";
  return `<table>${head}${rows.map((row) => `<tr>${row.map(cell("td")).join("")}</tr>`).join("")}</table>`;
}

/** A picture held inside the page. */
export function htmlImage(
  bytes: Uint8Array,
  type: "png" | "jpeg" | "webp",
  alt: string,
  caption = "",
): string {
  const text = caption === "" ? "" : `<figcaption>${escapeHtml(caption)}</figcaption>`;
  const source = `data:image/${type};base64,${bytes.toBase64()}`;
  return `<figure><img loading="lazy" alt="${escapeHtml(alt)}" src="${source}">${text}</figure>`;
}
