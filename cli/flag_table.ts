/**
 * The flags that a command understands, made from its options.
 *
 * @module
 */
import {
  type Facts,
  factsOf,
  flagName,
  type Option,
  option as make,
  type OptionEntries,
  type TextFacts,
} from "../lib/core/option.ts";
import { IGNORED_FLAGS } from "./ignored_flags.ts";

/** One flag of a command. */
export interface Flag extends Facts {
  /** Field of the options that it gives. */
  readonly field: string;
  /** The option. */
  readonly option: Option<unknown>;
  /** Checked but without effect; the sentence is shown when it is given. */
  readonly neutral?: string;
  /** Understood only to be refused with this sentence. */
  readonly refused?: string;
}

/** Flags by name, written with `_`. */
export type FlagTable = Readonly<Record<string, Flag>>;

/** Options of another task whose flags are accepted without effect. */
export interface AcceptedOptions {
  /** The options. */
  readonly options: OptionEntries;
  /** Why they have no effect, as a sentence. */
  readonly why: string;
}

/**
 * The flags of a task: those of its options, and others that are accepted without effect or refused.
 *
 * @param task Name of the task
 * @param options Its options
 * @param accepted Options of another task
 */
export function flagTable(task: string, options: OptionEntries, accepted?: AcceptedOptions): FlagTable {
  const table: Record<string, Flag> = {};
  const add = (name: string | null, flag: Flag) => {
    if (name !== null) table[name] ??= flag;
  };
  for (const [field, option] of Object.entries(options)) add(flagName(field, option), flagOf(field, option));
  for (const { flags, tasks, kind = "text", choices, ...why } of IGNORED_FLAGS) {
    const flag = flagOf(
      "",
      (make[kind] as typeof make.text)({ doc: (why.neutral ?? why.refused)!, choices } as TextFacts),
    );
    if (tasks.includes(task)) flags.forEach((name) => add(name, { ...flag, ...why }));
  }
  for (const [field, option] of Object.entries(accepted?.options ?? {})) {
    add(flagName(field, option), { ...flagOf(field, option), required: false, neutral: accepted!.why });
  }
  return table;
}

function flagOf(field: string, option: Option<unknown>): Flag {
  return { ...factsOf(option), field, option };
}

/** The truth value of a boolean flag's text, or undefined where it is none. */
export function booleanOf(text: string): boolean | undefined {
  if (["", "true", "1"].includes(text.toLowerCase())) return true;
  return ["false", "0"].includes(text.toLowerCase()) ? false : undefined;
}
