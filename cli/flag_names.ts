/**
 * The one translation of what the library says into the language of the command line: its sentences name fields of
 * options, as 'batchSize' or 'masks: auto', which are flags here.
 *
 * @module
 */

/** Fields whose flag has a name of its own. */
const NAMES: Readonly<Record<string, string>> = {
  category: "template",
  meshes: "mesh",
  threshold: "detection_threshold",
};

const FIELD = /(?<![\w'])'([a-z][A-Za-z0-9]*)(?:: ([^']+))?'(?![\w'])/g;

/** A sentence with flags in place of fields: `--batch_size`, `--masks auto`, and `--no_symmetric` for 'symmetric: false'. */
export function withFlagNames(sentence: string): string {
  return sentence.replaceAll(FIELD, (_, field: string, value?: string) => {
    const name = NAMES[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (value === "false") return `--no_${name}`;
    return value === undefined || value === "true" ? `--${name}` : `--${name} ${value}`;
  });
}
