/** Writes docs/flags.md: every flag of every task, from the tables that parse them. */
import config from "../deno.json" with { type: "json" };
import type { Command } from "../cli/command.ts";
import { describeFlag, describeKind, type Flag } from "../lib/core/flags.ts";

const INTRODUCTION = `# Flags of every task

Made from the tables that parse them by \`deno run -A scripts/make_flag_docs.ts\`. The same names are the fields of a
settings file ([settings.md](settings.md)). A flag may be written with \`_\` or \`-\`; a boolean is on as \`--flag\` and off
as \`--no_flag\`.
`;

/** The commands of the tasks in deno.json, by name. */
export async function commandsOfTasks(): Promise<Command[]> {
  const commands: Command[] = [];
  for (const { command } of Object.values(config.tasks) as { command: string }[]) {
    const script = /scripts\/\S+\.ts/.exec(command)?.[0];
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

/** The whole document. */
export async function flagDocs(): Promise<string> {
  const sections = (await commandsOfTasks()).map(({ name, doc, flags }) => {
    const rows = Object.entries(flags).map(([flag, row]) =>
      `| \`--${flag}\` | ${cell(describeKind(row))} | ${cell(meaning(row))} |`
    );
    return [`## ${name}`, "", doc, "", "| flag | value | meaning |", "| --- | --- | --- |", ...rows, ""].join(
      "\n",
    );
  });
  return [INTRODUCTION, ...sections].join("\n");
}

function meaning(flag: Flag): string {
  if (flag.refused) return `Refused: ${flag.refused}`;
  if (flag.neutral) return `Accepted without effect: ${flag.neutral}`;
  return describeFlag(flag);
}

/** Text that Markdown leaves as it is. */
function cell(text: string): string {
  return text.replace(/[|<*]/g, "\\$&");
}

if (import.meta.main) {
  await Deno.writeTextFile(new URL("../docs/flags.md", import.meta.url), await flagDocs());
}
