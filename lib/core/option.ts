/**
 * The vocabulary of options: each is written once, as a valibot schema with the facts that type, checks, flags, help and
 * docs are made from.
 *
 * An option is a field of a plain object such as `GAN_OPTIONS`; objects are spread into one another. Its flag is the
 * field's name in snake case.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "./errors.ts";

/** Kind of an option's value. */
export type OptionKind = "integer" | "number" | "boolean" | "text" | "list";

/** What may be told of any option. */
export interface OptionFacts<T = unknown> {
  /** What it does, one sentence, with unit. */
  readonly doc: string;
  /** Value where none is given; without one the stage decides. */
  readonly default?: T;
  /** Default that help tells in place of `default`, where the stage decides. */
  readonly shown?: T;
  /** It must be given. */
  readonly required?: boolean;
  /** Default, and value of the words `auto` and `-1`: the stage decides. */
  readonly auto?: unknown;
  /** Name of the flag, if it is not the field's in snake case; null for an option of the library alone. */
  readonly flag?: string | null;
  /** Values that the command line allows, if the library allows more. */
  readonly offered?: readonly T[];
  /** It may change when a run is resumed. */
  readonly free?: boolean;
  /** Fields that cannot be given beside it. */
  readonly excludes?: readonly string[];
}

/** What may be told of numbers. */
export interface NumberFacts<T = number> extends OptionFacts<T> {
  /** Least value. */
  readonly minimum?: number;
  /** Every value is above it. */
  readonly above?: number;
  /** Greatest value. */
  readonly maximum?: number;
  /** Every value is a multiple of it. */
  readonly multipleOf?: number;
  /** The allowed values. */
  readonly choices?: readonly number[];
}

/** What may be told of texts. */
export interface TextFacts<T = string> extends OptionFacts<T> {
  /** What it must look like, and the rule in words. */
  readonly pattern?: { readonly expression: RegExp; readonly rule: string };
  /** It names a file or folder that is read. */
  readonly reads?: boolean;
  /** It names a file or folder that is written. */
  readonly writes?: boolean;
}

/** What may be told of a choice between words. */
export interface ChoiceFacts<T extends string> extends TextFacts<NoInfer<T>> {
  /** The words. */
  readonly choices: readonly T[];
}

/** Everything that may be told. */
export type Facts =
  & Omit<NumberFacts<unknown>, "choices">
  & TextFacts<unknown>
  & {
    /** Kind of value. */
    readonly kind: OptionKind;
    /** The allowed values, or items of a list. */
    readonly choices?: readonly (string | number)[];
    /** Kind of a list's items. */
    readonly items?: "integer" | "number" | "text";
    /** Length of a list. */
    readonly length?: number;
  };

/** Whether a caller must give an option, or what stands where none does. */
export type Presence = "required" | "default" | "optional";

/** An option: a valibot schema that carries its facts. `value` and `presence` are there for types alone. */
export interface Option<T, P extends Presence = Presence> {
  /** Kind of schema. */
  readonly type: string;
  /** Type of its values. */
  readonly value?: T;
  /** Whether it must be given. */
  readonly presence?: P;
}

/** The option that facts F make of values T. */
export type OptionOf<T, F> = F extends { readonly required: true } ? Option<T, "required">
  : F extends { readonly auto: infer A } ? Option<T | (A extends number ? number : A), "default">
  : F extends { readonly default: unknown } ? Option<T, "default">
  : Option<T, "optional">;

/** Options of a stage, by field. */
export type OptionEntries = Readonly<Record<string, Option<unknown>>>;
/** Type of an option's values. */
export type OptionValue<O> = O extends Option<infer T> ? T : never;

/** What a caller gives: every option that has a default may be left out. */
export type OptionsInput<E extends OptionEntries> =
  & { -readonly [K in keyof E as E[K] extends Option<unknown, "required"> ? K : never]: OptionValue<E[K]> }
  & { -readonly [K in keyof E as E[K] extends Option<unknown, "required"> ? never : K]?: OptionValue<E[K]> };

/** What a stage works with: defaults are filled in. */
export type OptionsOutput<E extends OptionEntries> =
  & { -readonly [K in keyof E as E[K] extends Option<unknown, "optional"> ? never : K]: OptionValue<E[K]> }
  & { -readonly [K in keyof E as E[K] extends Option<unknown, "optional"> ? K : never]?: OptionValue<E[K]> };

/** What makes options. */
export const option = {
  /** An integer. */
  integer: <const F extends NumberFacts>(facts: F): OptionOf<number, F> => finish("integer", facts),
  /** A number. */
  number: <const F extends NumberFacts>(facts: F): OptionOf<number, F> => finish("number", facts),
  /** A share, 0 to 1 if no narrower range is given. */
  share: <const F extends NumberFacts>(facts: F): OptionOf<number, F> =>
    finish("number", { minimum: 0, maximum: 1, ...facts }),
  /** True or false. */
  boolean: <const F extends OptionFacts<boolean>>(facts: F): OptionOf<boolean, F> => finish("boolean", facts),
  /** A text. */
  text: <const F extends TextFacts>(facts: F): OptionOf<string, F> => finish("text", facts),
  /** One of several words. */
  choice: <const T extends string, const F extends ChoiceFacts<T>>(
    facts: F & { readonly choices: readonly T[] },
  ): OptionOf<T, F> => finish("text", facts),
  /** Texts. */
  list: <const F extends TextFacts<readonly string[]>>(facts: F): OptionOf<readonly string[], F> =>
    finish("list", facts),
  /** Some of several words. */
  choices: <const T extends string, const F extends TextFacts<readonly NoInfer<T>[]>>(
    facts: F & { readonly choices: readonly T[] },
  ): OptionOf<readonly T[], F> => finish("list", facts),
  /** Numbers. */
  numbers: <const F extends NumberFacts<readonly number[]> & { readonly length?: number }>(
    facts: F,
  ): OptionOf<readonly number[], F> => finish("list", { items: "number", ...facts }),
  /** Three numbers. */
  triple: <const F extends NumberFacts<readonly [number, number, number]>>(
    facts: F,
  ): OptionOf<readonly [number, number, number], F> =>
    finish("list", { items: "number", length: 3, ...facts }),
  /** Integers. */
  integers: <const F extends NumberFacts<readonly number[]>>(facts: F): OptionOf<readonly number[], F> =>
    finish("list", { items: "integer", ...facts }),
};

/** The facts of an option. */
export function factsOf(option: Option<unknown>): Facts {
  return v.getMetadata(schemaOf(option) as Parameters<typeof v.getMetadata>[0]) as unknown as Facts;
}

/** The schema that an option is. */
export function schemaOf(option: Option<unknown>): v.GenericSchema {
  return option as unknown as v.GenericSchema;
}

/** Name of an option's flag, such as `texture_resolution` of `textureResolution`; null if it has none. */
export function flagName(field: string, option: Option<unknown>): string | null {
  const { flag } = factsOf(option);
  return flag === undefined ? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : flag;
}

/** Fields that may change when a run is resumed. */
export function freeFields(options: OptionEntries): string[] {
  return Object.keys(options).filter((field) => factsOf(options[field]).free);
}

/** The fields of an object that are options, as far as they are given. */
export function optionsOf<E extends OptionEntries>(
  options: E,
  values: Readonly<Record<string, unknown>>,
): Partial<OptionsInput<E>> {
  const entries = Object.entries(values).filter(([field, value]) => field in options && value !== undefined);
  return Object.fromEntries(entries) as Partial<OptionsInput<E>>;
}

/**
 * Checks options and fills in defaults; fields that are no options are left out.
 *
 * @param options What is known of them
 * @param values What is given
 * @throws {UserError} If a value is not allowed: field, rule and value
 */
export function resolveOptions<E extends OptionEntries>(
  options: E,
  values: OptionsInput<E>,
): OptionsOutput<E> {
  const schemas = options as unknown as Readonly<Record<string, v.GenericSchema>>;
  const result = v.safeParse(v.object(schemas), optionsOf(options, values));
  if (result.success) return result.output as OptionsOutput<E>;
  const [{ message, path, input }] = result.issues;
  const field = String(path?.[0].key);
  if ((values as Record<string, unknown>)[field] === undefined) {
    throw new UserError(`'${field}' is required: ${factsOf(options[field]).doc}`);
  }
  throw new UserError(`'${field}' ${message}, current value is ${JSON.stringify(input)}.`);
}

/** A kind of value with its range, in words; choices as `a|b`. */
export function describeKind(facts: Facts): string {
  const values = facts.offered ?? facts.choices;
  if (values) return values.join("|");
  const { kind, items, length } = facts;
  const isNumbers = kind === "list" && items !== undefined && items !== "text";
  const what = isNumbers ? `${length ?? "a list of"} ${items}s` : KINDS[kind];
  return what + describeRange(facts);
}

const KINDS: Readonly<Record<OptionKind, string>> = {
  integer: "an integer",
  number: "a number",
  boolean: "true or false",
  text: "text",
  list: "a list",
};

function describeRange({ minimum, maximum, above, multipleOf }: Facts): string {
  const range = minimum !== undefined && maximum !== undefined
    ? ` ${minimum} to ${maximum}`
    : minimum !== undefined
    ? ` ≥ ${minimum}`
    : `${above === undefined ? "" : ` > ${above}`}${maximum === undefined ? "" : ` ≤ ${maximum}`}`;
  return `${range}${multipleOf === undefined ? "" : `, a multiple of ${multipleOf}`}`;
}

/** What a value must be, in words. */
function rule(facts: Facts): string {
  const { choices, pattern, auto } = facts;
  const what = choices ? `one of ${choices.join(", ")}` : pattern ? pattern.rule : describeKind(facts);
  return `must be ${what}${auto === undefined || choices ? "" : ", or auto"}`;
}

/** The schema of an option, with its facts as metadata. */
// deno-lint-ignore no-explicit-any
function finish(kind: OptionKind, given: any): any {
  const facts: Facts = { kind, ...given }, { auto, required, choices } = facts;
  const message = rule(facts);
  let schema: v.GenericSchema = kind === "list"
    ? v.pipe(
      v.array(itemSchema(facts.items ?? "text", facts, message), message),
      v.minLength(facts.length ?? 0, message),
      v.maxLength(facts.length ?? Infinity, message),
    )
    : itemSchema(kind, facts, message);
  if (auto !== undefined) {
    schema = v.union([v.literal(auto as string | null as string, message), schema], message);
  }
  if (required) return v.pipe(schema, v.metadata({ ...facts, choices }));
  const standard = auto === undefined ? facts.default : auto; // which may be null
  return v.pipe(v.optional(schema, standard as never), v.metadata({ ...facts }));
}

/** The schema of a value, or of an item of a list. */
function itemSchema(kind: Exclude<OptionKind, "list">, facts: Facts, message: string): v.GenericSchema {
  const { choices, minimum = -Infinity, above = -Infinity, maximum = Infinity, multipleOf, pattern } = facts;
  if (choices) return v.picklist(choices, message);
  if (kind === "boolean") return v.boolean(message);
  if (kind === "text") return v.pipe(v.string(message), v.regex(pattern?.expression ?? /^/, message));
  return v.pipe(
    v.number(message),
    kind === "integer" ? v.integer(message) : v.finite(message),
    v.minValue(minimum, message),
    v.maxValue(maximum, message),
    v.check((value) => value > above && (multipleOf === undefined || value % multipleOf === 0), message),
  );
}
