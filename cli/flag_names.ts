/**
 * The one translation of what the library says into the language of the command line: its sentences name fields of
 * options, as 'batchSize' or 'masks: auto', which are flags here.
 *
 * @module
 */
import type { FlagTable } from "./flag_table.ts";

const FIELD = /(?<![\w'])'([a-z][A-Za-z0-9]*)(?:: ([^']+))?'(?![\w'])/g;

/**
 * A sentence with flags in place of fields: `--batch_size`, `--masks auto`, and `--no_symmetric` for 'symmetric: false'.
 *
 * @param sentence What the library says
 * @param flags Flags of the command that is run; fields of others are taken in snake case
 */
export function withFlagNames(sentence: string, flags: FlagTable): string {
  const names = new Map(Object.entries(flags).map(([name, flag]) => [flag.field, name]));
  return sentence.replaceAll(FIELD, (_, field: string, value?: string) => {
    const name = names.get(field) ?? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (value === "false") return `--no_${name}`;
    return value === undefined || value === "true" ? `--${name}` : `--${name} ${value}`;
  });
}
