/** Writes docs/reference/modules: a page for each entry of the package, from its doc comments. */
import config from "../deno.json" with { type: "json" };
import { describeKind, factsOf, type OptionEntries } from "../lib/core/option.ts";

/** Folder of the pages. */
export const MODULE_PAGES = new URL("../docs/reference/modules/", import.meta.url);

const INTRODUCTION = `# Modules

A page for each entry of the package \`${config.name}\`, made from the doc comments by
\`deno run -A scripts/make_module_docs.ts\`; \`deno doc FILE NAME\` tells parameters and errors.
`;

/** What \`deno doc --json\` tells of a module, as far as it is used. */
interface ModuleDoc {
  readonly module_doc?: { readonly doc?: string };
  readonly symbols: readonly {
    readonly name: string;
    readonly declarations: readonly { readonly kind: string; readonly jsDoc?: { readonly doc?: string } }[];
  }[];
}

/** Kinds of names, in the order of the pages. */
const KINDS: Readonly<Record<string, string>> = {
  function: "Functions",
  class: "Classes",
  variable: "Constants",
  interface: "Interfaces",
  typeAlias: "Types",
};

async function docOf(file: string): Promise<ModuleDoc> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["doc", "--json", file],
    cwd: new URL("..", import.meta.url),
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  const { nodes } = JSON.parse(new TextDecoder().decode(stdout)) as { nodes: Record<string, ModuleDoc> };
  return Object.values(nodes)[0];
}

/** The first sentence or paragraph of a comment, on one line of a table. */
function brief(doc = ""): string {
  const [paragraph] = doc.split(/\n\s*\n/);
  return paragraph.replace(/\{@link(code)? ([^}]+)\}/g, "`$2`").replace(/\s+/g, " ").replace(/[|<*]/g, "\\$&")
    .trim();
}

/** A table of the options that an exported constant holds; none if it holds others. */
function optionTable(name: string, value: unknown): string[] {
  if (!name.endsWith("_OPTIONS")) return [];
  const rows = Object.entries(value as OptionEntries).map(([field, option]) => {
    const facts = factsOf(option), { required, doc } = facts, fallback = facts.default ?? facts.auto;
    const told = required ? "required" : fallback === undefined ? "" : JSON.stringify(fallback);
    return `| \`${field}\` | ${cell(describeKind({ ...facts, offered: undefined }))} | ${cell(told)} | ${
      cell(doc)
    } |`;
  });
  return [
    `## \`${name}\``,
    "",
    "| field | value | default | meaning |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ];
}

const cell = (text: string) => text.replace(/[|<*]/g, "\\$&");

/** The pages by their file names. */
export async function modulePages(): Promise<Record<string, string>> {
  const pages: Record<string, string> = {}, list: string[] = [];
  for (const [entry, file] of Object.entries(config.exports)) {
    const { module_doc, symbols } = await docOf(file);
    const name = entry === "." ? config.name : `${config.name}/${entry.slice(2)}`;
    const page = entry === "." ? "main.md" : `${entry.slice(2).replaceAll("/", "_")}.md`;
    const sections = Object.entries(KINDS).flatMap(([kind, title]) => {
      const rows = symbols.filter(({ declarations }) => declarations[0].kind === kind)
        .sort((a, b) => a.name < b.name ? -1 : 1)
        .map(({ name, declarations }) => `| \`${name}\` | ${brief(declarations[0].jsDoc?.doc)} |`);
      return rows.length > 0 ? [`## ${title}`, "", "| name | what |", "| --- | --- |", ...rows, ""] : [];
    });
    const exported = await import(new URL(`../${file}`, import.meta.url).href) as Record<string, unknown>;
    const options = Object.keys(exported).sort().flatMap((name) => optionTable(name, exported[name]));
    pages[page] = [`# ${name}`, "", brief(module_doc?.doc), "", ...sections, ...options].join("\n");
    list.push(`| [${name}](${page}) | ${brief(module_doc?.doc)} |`);
  }
  pages["README.md"] = [INTRODUCTION, "| entry | what |", "| --- | --- |", ...list, ""].join("\n");
  return pages;
}

if (import.meta.main) {
  await Deno.mkdir(MODULE_PAGES, { recursive: true });
  for (const [name, page] of Object.entries(await modulePages())) {
    await Deno.writeTextFile(new URL(`./${name}`, MODULE_PAGES), page);
  }
}
