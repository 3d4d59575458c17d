/**
 * Which cases lie under a parity folder, and of what kind they are.
 *
 * @module
 */
import { join } from "@std/path";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import type { ParityKind, RunCase } from "./kinds.ts";

/** One case. */
export interface FoundCase {
  /** The kind. */
  readonly kind: ParityKind;
  /** Folder and name, such as `mesh/losses`. */
  readonly label: string;
  /** Name in its folder. */
  readonly name: string;
  /** Its array file in the folder, if it has one. */
  readonly file: string | null;
  /** What compares it; null of a pending kind. */
  readonly run: RunCase | null;
  /** What `cases.json` says of it. */
  readonly entry: Readonly<Record<string, unknown>>;
}

/** All cases of a parity folder. */
export interface FoundCases {
  /** Cases in order of folder and name. */
  readonly cases: readonly FoundCase[];
  /** Files of no known kind, and listed files that are not there. */
  readonly problems: readonly string[];
}

type CaseList = Record<string, { file?: string | null } & Record<string, unknown>>;

/**
 * Finds all cases. A folder's `cases.json` (or `cases_….json`) is the list of its cases; otherwise every file is one.
 *
 * @param root The parity folder
 * @param kinds The table of kinds
 * @returns Cases and problems
 * @throws {UserError} If the folder cannot be read
 */
export async function findCases(root: string, kinds: readonly ParityKind[]): Promise<FoundCases> {
  const cases: FoundCase[] = [];
  const problems: string[] = [];
  for (const { name: folder, isDirectory } of await entriesOf(root)) {
    if (!isDirectory) {
      if (!folder.endsWith(".md")) problems.push(`${folder} is of no known kind`);
      continue;
    }
    const ofFolder = kinds.filter((kind) => kind.folder === folder);
    const files = (await entriesOf(join(root, folder))).map(({ name }) => name)
      .filter((name) => !name.endsWith(".md"))
      .filter((name, _, all) => !name.endsWith(".obj") || !all.includes(name.replace(/obj$/, "npz")))
      .filter((name) => {
        if (!name.endsWith(".obj") || ofFolder.some(({ everyFile }) => everyFile)) return true;
        problems.push(`${folder}/${name.replace(/obj$/, "npz")} is missing: it is the record of ${name}`);
        return false;
      });
    const listed = await readLists(join(root, folder), files);
    const listedFiles = new Set(Object.values(listed).map(({ file }) => file));
    const found = new Map<string, FoundCase>();
    const add = (name: string, file: string | null, entry: Record<string, unknown>) => {
      const match = matchKind(name, file, ofFolder);
      if (!match) problems.push(`${folder}/${file ?? name} is of no known kind`);
      else if (!found.has(name)) found.set(name, { ...match, label: `${folder}/${name}`, name, file, entry });
    };
    for (const [name, entry] of Object.entries(listed)) {
      const file = entry.file ?? null;
      if (file !== null && !files.includes(file)) problems.push(`${folder}/${file} is listed but missing`);
      else add(name, file, entry);
    }
    for (const file of files) {
      if (isList(file) || listedFiles.has(file)) continue;
      const isWhole = ofFolder.some(({ everyFile }) => everyFile);
      add(isWhole ? file : file.replace(/(\.truth)?\.[^.]*$/, ""), file, {});
    }
    cases.push(...found.values());
  }
  return { cases, problems };
}

/** The kind whose prefix is the longest that fits; kinds that are done read `.npz` only, if not every file. */
function matchKind(
  name: string,
  file: string | null,
  kinds: readonly ParityKind[],
): { kind: ParityKind; run: RunCase | null } | null {
  let best: { kind: ParityKind; run: RunCase | null; length: number } | null = null;
  for (const kind of kinds) {
    for (const [prefix, run] of Object.entries(kind.prefixes)) {
      if (!name.startsWith(prefix) || (best && best.length >= prefix.length)) continue;
      if (run !== null && file !== null && !file.endsWith(".npz") && !kind.everyFile) continue;
      best = { kind, run, length: prefix.length };
    }
  }
  return best && { kind: best.kind, run: best.run };
}

function isList(file: string): boolean {
  return /^cases(_.*)?\.json$/.test(file);
}

async function readLists(folder: string, files: readonly string[]): Promise<CaseList> {
  const lists = await Promise.all(
    files.filter(isList).map(async (file): Promise<CaseList> => {
      try {
        const { cases = {}, salt } = JSON.parse(await Deno.readTextFile(join(folder, file)));
        const shared = { ...(salt === undefined ? {} : { salt }), siblings: cases };
        return Object.fromEntries(
          Object.entries(cases as CaseList).map(([name, entry]) => [name, { ...shared, ...entry }]),
        );
      } catch (error) {
        throw new UserError(`Cannot read the list of cases ${join(folder, file)}: ${messageOf(error)}`);
      }
    }),
  );
  return Object.assign({}, ...lists);
}

async function entriesOf(folder: string): Promise<Deno.DirEntry[]> {
  try {
    const entries = await Array.fromAsync(Deno.readDir(folder));
    return entries.filter(({ name }) => !name.startsWith(".")).sort((a, b) => a.name < b.name ? -1 : 1);
  } catch (error) {
    throw new UserError(`Cannot read the parity folder ${folder}: ${messageOf(error)}`);
  }
}
