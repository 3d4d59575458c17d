/** Writes docs/reference/tasks: a page for each task, from the tables that parse its flags. */
import config from "../deno.json" with { type: "json" };
import type { Command } from "../cli/command.ts";
import type { Flag, FlagTable } from "../cli/flag_table.ts";
import { describeFlag } from "../cli/help_text.ts";
import { describeKind } from "../lib/core/option.ts";

const INTRODUCTION = `# Tasks

A page for each task, made from the tables that parse its flags by \`deno run -A scripts/make_flag_docs.ts\`. The same
names are the fields of a settings file ([settings.md](../../how_to/settings.md)). A flag may be written with \`_\` or
\`-\`; a boolean is on as \`--flag\` and off as \`--no_flag\`.
`;

/** A task of deno.json. */
interface Task {
  readonly command?: string;
  readonly description: string;
}

/** Folder of the pages. */
export const TASK_PAGES = new URL("../docs/reference/tasks/", import.meta.url);

/** The commands of the tasks in deno.json, by name. */
export async function commandsOfTasks(): Promise<Command[]> {
  const commands: Command[] = [];
  for (const { command = "" } of Object.values(config.tasks) as Task[]) {
    const script = /(scripts|bench)\/\S+\.ts/.exec(command)?.[0];
    if (!script) continue;
    const module = await import(new URL(`../${script}`, import.meta.url).href) as Record<string, unknown>;
    const found = Object.values(module).find(isCommand);
    if (found && !commands.some(({ name }) => name === found.name)) commands.push(found);
  }
  return commands.sort((a, b) => a.name < b.name ? -1 : 1);
}

function isCommand(value: unknown): value is Command {
  return typeof value === "object" && value !== null && "flags" in value && "run" in value;
}

/** The pages by their file names. */
export async function taskPages(): Promise<Record<string, string>> {
  const commands = await commandsOfTasks();
  const pages = commands.map(({ name, doc, flags }) => {
    const rows = Object.entries(flags).map(([flag, row]) =>
      `| \`--${flag}\` | ${cell(describeKind(row))} | ${cell(meaning(row, flags))} |`
    );
    const table = ["| flag | value | meaning |", "| --- | --- | --- |", ...rows];
    return [pageName(name), [`# ${name}`, "", doc, "", ...(rows.length > 0 ? table : []), ""].join("\n")];
  });
  const list = commands.map(({ name, doc }) => `| [${name}](${pageName(name)}) | ${cell(doc)} |`);
  const others = Object.entries(config.tasks as Record<string, Task>)
    .filter(([task]) => !commands.some(({ name }) => name === task))
    .map(([task, { description }]) => `| ${task} | ${cell(description)} |`);
  const index = [
    ...[INTRODUCTION, "| task | what |", "| --- | --- |", ...list, ""],
    ...["These tasks take no flags of their own.", "", "| task | what |", "| --- | --- |", ...others, ""],
  ].join("\n");
  return { ...Object.fromEntries(pages), "README.md": index };
}

const pageName = (task: string) => `${task.replaceAll(":", "_")}.md`;

function meaning(flag: Flag, table: FlagTable): string {
  if (flag.refused) return `Refused: ${flag.refused}`;
  if (flag.neutral) return `Accepted without effect: ${flag.neutral}`;
  return describeFlag(flag, table);
}

/** Text that Markdown leaves as it is. */
function cell(text: string): string {
  return text.replace(/[|<*]/g, "\\$&");
}

if (import.meta.main) {
  await Deno.mkdir(TASK_PAGES, { recursive: true });
  for (const [name, page] of Object.entries(await taskPages())) {
    await Deno.writeTextFile(new URL(`./${name}`, TASK_PAGES), page);
  }
}
