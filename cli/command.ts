/**
 * What all scripts share: a command is a name, a flag table and a function; the runner parses, reports and exits.
 *
 * Exit codes: 0 done, 1 a problem that the message explains, 2 wrong usage, 130 and 143 after Ctrl-C and SIGTERM
 * with the state saved.
 *
 * @module
 */
import "../original/register.ts";
import { messageOf, StoppedError, UsageError, UserError } from "../lib/core/errors.ts";
import type { OptionEntries, OptionsOutput } from "../lib/core/option.ts";
import { type AcceptedOptions, booleanOf, type FlagTable, flagTable } from "./flag_table.ts";
import { helpText } from "./help_text.ts";
import { parseFlags } from "./parse_flags.ts";
import type { StageCallbacks } from "../lib/core/progress.ts";
import { nameBareArguments } from "./bare_argument.ts";
import { checkOutputs } from "./check_outputs.ts";
import { findInput, findInputs } from "./find_inputs.ts";
import { ProgressReporter } from "./progress.ts";
import { withFlagNames } from "./flag_names.ts";
import { runAsRank } from "./run_as_rank.ts";
import { SETTINGS_FILE, settingsArguments, takeSettingsFlag } from "./settings_file.ts";
import { listenForStop } from "./stop_signals.ts";

/** What a command's function gets besides its options. */
export interface CommandContext {
  /** Options that were given on the command line or in a settings file, by field. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Callbacks that show a job's progress under this label and carry the stop signal. */
  callbacks(label: string): StageCallbacks;
  /** The command line, as it can be typed again. */
  readonly commandLine: string;
  /** Prints a line of the result. */
  print(line: string): void;
}

/** What every task has. */
interface Task {
  /** Name of the task. */
  readonly name: string;
  /** What it does, for `--help`. */
  readonly doc: string;
  /** Flag whose values may stand without it, as in `task --name N photo.png`. */
  readonly bare?: string;
  /** Other commands that take over when a flag is given, such as `--evaluate` of `train_gan`. */
  readonly handsOn?: Readonly<Record<string, () => Promise<Command>>>;
}

/** One task of the command line. */
export interface Command extends Task {
  /** Its flags. */
  readonly flags: FlagTable;
  /** Does the work. */
  run(values: Readonly<Record<string, unknown>>, context: CommandContext): Promise<void>;
}

/** A task by its options. */
export interface CommandDefinition<E extends OptionEntries> extends Task {
  /** Its options. */
  readonly options: E;
  /** Options of another task whose flags are accepted without effect. */
  readonly accepts?: AcceptedOptions;
  /** Does the work. */
  run(values: OptionsOutput<E>, context: CommandContext): Promise<void>;
}

/** Makes a command of its options. */
export function defineCommand<const E extends OptionEntries>(definition: CommandDefinition<E>): Command {
  const { options, accepts, ...task } = definition;
  return { ...task, flags: flagTable(task.name, options, accepts) } as Command;
}

/** Time in which the first process tells an error that all have, before the others do. */
const ERROR_DELAY_MS = 500;

/** Runs a command with the process's arguments, perhaps as one of several processes, and exits the process. */
export async function runCommand(command: Command): Promise<never> {
  Deno.exit(await runAsRank(command.name, (rank) => runToExitCode(command, Deno.args, rank)));
}

/** Runs a command and returns its exit code. Of several processes the first one talks, and any that fails. */
export async function runToExitCode(command: Command, args: readonly string[], rank = 0): Promise<number> {
  const stop = listenForStop(() => {
    if (rank === 0) console.error("\nStopping: the state is being saved (once more to stop at once).");
  });
  let { flags } = command; // of the command that takes over, as soon as it is known
  try {
    const resolved = await resolveCommand(command, args);
    flags = resolved.command.flags;
    await runParsed(resolved, stop.signal, rank > 0);
    return 0;
  } catch (error) {
    if (error instanceof StoppedError) {
      if (rank === 0) console.error(withFlagNames(error.message, flags) + resumption(flags));
      return stop.exitCode;
    }
    if (rank > 0) await new Promise((resolve) => setTimeout(resolve, ERROR_DELAY_MS));
    const sentence = withFlagNames(describeError(command.name, error), flags);
    console.error(`${rank > 0 ? `rank ${rank}: ` : ""}${sentence}`);
    return error instanceof UsageError ? 2 : 1;
  } finally {
    stop.close();
  }
}

/** What resumes a command that was stopped, where the same line does not. */
function resumption({ continue_train: flag }: FlagTable): string {
  return flag && !flag.neutral && !flag.refused ? " Give it --continue_train then." : "";
}

/** The command that a line of arguments asks for, after handing on, and its remaining arguments. */
export async function resolveCommand(
  command: Command,
  args: readonly string[],
): Promise<{ command: Command; args: readonly string[] }> {
  for (const [flag, load] of Object.entries(command.handsOn ?? {})) {
    const { isOn, rest } = takeSwitch(args, flag);
    if (isOn) return await resolveCommand(await load(), rest);
  }
  return { command, args };
}

/** Whether a boolean flag is on, as the parser reads it, and the arguments without it if it is. */
function takeSwitch(args: readonly string[], flag: string): { isOn: boolean; rest: string[] } {
  let isOn = false;
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, name, value] = /^--([^=]*)(?:=(.*))?$/s.exec(args[i]) ?? [];
    if (name?.replaceAll("-", "_") !== flag) {
      rest.push(args[i]);
      continue;
    }
    const next = /^(true|false|0|1)$/i.test(args[i + 1] ?? "") && value === undefined ? args[++i] : undefined;
    isOn = booleanOf(value ?? next ?? "") ?? false;
    if (!isOn) rest.push(`--${flag}=${value ?? next}`);
  }
  return { isOn, rest };
}

const SETTINGS_HELP =
  `Flags may also stand in a settings file: --settings FILE, or ${SETTINGS_FILE} where there is one
(docs/how_to/settings.md); the command line wins.`;

async function runParsed(
  { command, args }: Awaited<ReturnType<typeof resolveCommand>>,
  signal: AbortSignal,
  isSilent: boolean,
): Promise<void> {
  if (args.includes("--help") || args.includes("-h")) {
    return console.log(`${helpText(command.name, command.doc, command.flags)}\n\n${SETTINGS_HELP}`);
  }
  const { path, rest } = takeSettingsFlag(args);
  const named = command.bare === undefined ? rest : nameBareArguments(rest, command.flags, command.bare);
  const fromFile = await settingsArguments(command.name, command.flags, path && await findInput(path));
  const { values: written, options, notes } = parseFlags(named, command.flags, fromFile);
  const values = await findInputs(written, command.flags);
  await checkOutputs(values, command.flags);
  for (const note of isSilent ? [] : notes) console.error(note);
  const reporters: ProgressReporter[] = [];
  try {
    await command.run(values, {
      options: Object.fromEntries(Object.keys(options).map((field) => [field, values[field]])),
      commandLine: ["deno task", command.name, ...args.map(quoted)].join(" "),
      print: (line) => isSilent || console.log(withFlagNames(line, command.flags)),
      callbacks(label) {
        if (isSilent) return { signal };
        const reporter = new ProgressReporter(label);
        reporters.push(reporter);
        return {
          signal,
          onProgress: (progress) => reporter.update(progress),
          onMessage: (sentence) => reporter.message(withFlagNames(sentence, command.flags)),
        };
      },
    });
  } finally {
    reporters.forEach((reporter) => reporter.stop());
  }
}

/** An argument as a shell takes it. */
function quoted(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

function describeError(name: string, error: unknown): string {
  if (error instanceof UsageError) return `${error.message}\nSee: deno task ${name} --help`;
  if (error instanceof UserError) return `error: ${error.message}`;
  if (error instanceof Error && "code" in error && error.code === "ENOSPC") {
    return "error: The disk is full; free some space and run the same command again.";
  }
  const detail = Deno.env.get("TEXMESH_DEBUG") && error instanceof Error ? `\n${error.stack}` : "";
  return `error: ${messageOf(error)} (TEXMESH_DEBUG=1 shows where)${detail}`;
}
