/**
 * What poses were estimated from, kept in their files, so that later stages notice what has changed since.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { hashText } from "../core/prng.ts";
import type { Dataset } from "../datasets/dataset.ts";
import { photographsHash } from "../datasets/photographs_hash.ts";
import { parseJson } from "../io/json_file.ts";
import { readSafetensorsMetadata } from "../io/safetensors.ts";
import type { MadeFrom } from "./files.ts";
import type { Template } from "../templates/template_file.ts";

const SCHEMA = v.object({ photographs: v.string(), templates: v.string() });

/** Hash of the shapes of templates. */
export function templatesHash(templates: readonly Pick<Template, "vertices">[]): string {
  return templates.map(({ vertices }) => hashText(vertices.join(" ")).toString(16)).join(" ");
}

/** Hashes of photographs and templates as they are now. */
export function madeFrom(dataset: Pick<Dataset, "records">, templates: readonly Template[]): MadeFrom {
  return { photographs: photographsHash(dataset), templates: templatesHash(templates) };
}

/**
 * Makes sure that poses were estimated from photographs and templates as they are now. Files of other programs and of
 * earlier versions do not tell, and are taken.
 *
 * @param path File of hypotheses or poses
 * @param now What they would be estimated from now
 * @param tasks Commands that make the file from scratch
 * @throws {UserError} If photographs or templates have changed since
 */
export async function checkMadeFrom(path: string, now: MadeFrom, tasks: string): Promise<void> {
  const { made_from: text } = await readSafetensorsMetadata(path);
  if (text === undefined) return;
  const then = parseJson(text, SCHEMA, "origin of", path);
  const changed = (["photographs", "templates"] as const).filter((name) => then[name] !== now[name]);
  if (changed.length === 0) return;
  const what = changed.map((name) => name === "photographs" ? "photographs or masks" : name).join(" and ");
  throw new UserError(`Cannot use ${path}: the ${what} have changed since it was made; run ${tasks} again.`);
}
