/**
 * Tables of the flags that a command understands.
 *
 * @module
 */

/** Kind of a flag's value. A `list` is separated by commas, those within an item written `\,`, or given again and again. */
export type FlagKind = "integer" | "number" | "boolean" | "text" | "list";
/** A parsed value. */
export type FlagValue = number | boolean | string | string[] | undefined;

/** One flag of a command. */
export interface Flag {
  /** Kind of value. */
  readonly kind: FlagKind;
  /** What it does, one sentence, with unit. */
  readonly doc: string;
  /** Value when it is not given; `undefined` means that the command decides. */
  readonly default?: FlagValue | readonly string[];
  /** It must be given. */
  readonly required?: boolean;
  /** The allowed texts. */
  readonly choices?: readonly string[];
  /** Least allowed number. */
  readonly minimum?: number;
  /** Greatest allowed number. */
  readonly maximum?: number;
  /** The text names a file or folder that is read. */
  readonly reads?: boolean;
  /** A number that means "decide by yourself", as does the word `auto`; parsed as `undefined`. */
  readonly auto?: number;
  /** What a text must look like, and the rule in words. */
  readonly pattern?: { readonly expression: RegExp; readonly rule: string };
  /** Checked but without effect, so that the value is always the default; the sentence is shown when it is given. */
  readonly neutral?: string;
  /** Understood only to be refused with this sentence. */
  readonly refused?: string;
}

/** Flags by name, written with `_`. */
export type FlagTable = Readonly<Record<string, Flag>>;

type KindValue<K extends FlagKind> = K extends "integer" | "number" ? number
  : K extends "boolean" ? boolean
  : K extends "list" ? string[]
  : string;
type CamelCase<S extends string> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<CamelCase<B>>}` : S;
type FlagValueOf<F extends Flag> = F extends
  { required: true } | { default: string | number | boolean | readonly string[] } ? KindValue<F["kind"]>
  : KindValue<F["kind"]> | undefined;

/** Values of a table's flags, by name in camelCase. */
export type FlagValues<T extends FlagTable> = { [K in keyof T & string as CamelCase<K>]: FlagValueOf<T[K]> };

/** `texture_resolution` to `textureResolution`. */
export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** The truth value of a boolean flag's text, or undefined where it is none. */
export function booleanOf(text: string): boolean | undefined {
  if (["", "true", "1"].includes(text.toLowerCase())) return true;
  return ["false", "0"].includes(text.toLowerCase()) ? false : undefined;
}
