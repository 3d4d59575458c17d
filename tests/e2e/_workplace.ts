/**
 * A temporary project folder in which tests run commands, so that nothing of theirs lies among a person's own runs.
 *
 * @module
 */
import { fromFileUrl, join, relative } from "@std/path";
import { type Command, runToExitCode } from "../../cli/command.ts";
import { findLibrary } from "../../lib/backend/native/library_path.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Permissions that a task of deno.json runs with. */
export async function taskPermissions(task: string): Promise<string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json")));
  return (tasks[task].command as string).split(" ").filter((word) => word.startsWith("--allow-"));
}

/** What a command came to. */
export interface Outcome {
  /** Exit code. */
  readonly code: number;
  /** What it printed as its result. */
  readonly output: string;
  /** What it told meanwhile. */
  readonly messages: string;
}

/** A project folder. */
export interface Workplace {
  /** Its path. */
  readonly folder: string;
  /** Variables that processes in this folder need. */
  readonly env: Readonly<Record<string, string>>;
  /** Backend that is here. */
  readonly backend: "native" | "wasm";
  /** Runs a command within this process. */
  call(command: unknown, ...args: string[]): Promise<Outcome>;
  /** Runs a script of tests/e2e as a process with the permissions of a task. */
  start(
    script: string,
    task: string,
    args: readonly string[],
    env?: Record<string, string>,
  ): Promise<Outcome>;
}

/** Runs `body` with a temporary project folder as the current one. */
export async function inWorkplace(body: (workplace: Workplace) => Promise<void>): Promise<void> {
  const library = await findLibrary(join(ROOT, "cache/native")).catch(() => null);
  const folder = await Deno.makeTempDir({ prefix: "e2e_" }), before = Deno.cwd();
  const env: Record<string, string> = library === null
    ? {}
    : { TEXMESH_LIBTENSORFLOW: join(ROOT, relative(ROOT, library.path)) };
  Deno.chdir(folder);
  try {
    await body({
      folder,
      env,
      backend: library === null ? "wasm" : "native",
      call: (command, ...args) => callCommand(command as Command, args),
      start: async (script, task, args, more = {}) => {
        const permissions = await taskPermissions(task);
        const { code, stdout, stderr } = await new Deno.Command("deno", {
          args: [
            ...["run", "--no-check", "--config", join(ROOT, "deno.json")],
            ...permissions,
            join(ROOT, "tests/e2e", script),
            ...args,
          ],
          env: { ...env, ...more, NO_COLOR: "1" },
        }).output();
        const decoder = new TextDecoder();
        return { code, output: decoder.decode(stdout), messages: decoder.decode(stderr) };
      },
    });
  } finally {
    Deno.chdir(before);
    await Deno.remove(folder, { recursive: true });
  }
}

/** Runs a command and catches what it prints. */
export async function callCommand(command: Command, args: readonly string[]): Promise<Outcome> {
  const { log, error } = console;
  const lines: string[] = [], told: string[] = [];
  console.log = (...words) => lines.push(words.join(" "));
  console.error = (...words) => told.push(words.join(" "));
  try {
    const code = await runToExitCode(command, args);
    return { code, output: lines.join("\n"), messages: told.join("\n") };
  } finally {
    Object.assign(console, { log, error });
  }
}

/** SHA-256 of every file below the current folder, by path. */
export async function hashFiles(folder = "."): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for await (const entry of Deno.readDir(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory) Object.assign(hashes, await hashFiles(path));
    else {
      const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
      hashes[path] = new Uint8Array(digest).toHex();
    }
  }
  return hashes;
}
