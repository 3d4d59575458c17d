/**
 * What can happen to a stage, and what must be true afterwards.
 *
 * @module
 */
import { join } from "@std/path";
import type { Prng } from "../../lib/core/prng.ts";
import type { StageName } from "../../lib/pipeline/pipeline_stages.ts";
import { corruptFiles, type FaultyProject } from "./project.ts";

/** Kinds of faults: signals at a random moment, a disk that becomes full, a clock that jumps, files that are damaged. */
export const FAULT_KINDS = ["SIGKILL", "SIGTERM", "disk", "clock", "truncated", "unreadable"] as const;

/** A kind of fault. */
export type FaultKind = typeof FAULT_KINDS[number];

/** Exit codes that a stage may end with: done, a sentence, stopped by SIGTERM, killed. */
const ALLOWED_CODES = { SIGKILL: [0, 137], SIGTERM: [0, 143], disk: [0, 1], clock: [0] } as const;

/**
 * Does one fault to a stage that is under way or not yet begun.
 *
 * @returns What went wrong; empty if the fault was survived. `isDone` tells whether the stage was finished nevertheless
 */
export async function doFault(
  project: FaultyProject,
  stage: StageName,
  kind: FaultKind,
  prng: Prng,
): Promise<{ problems: string[]; isDone: boolean }> {
  const delay = 1000 * project.secondsOf(stage) * 1.2 * prng.next();
  const result = kind === "truncated" || kind === "unreadable"
    ? await damageFile(project, stage, kind, prng)
    : await disturb(project, stage, kind, delay);
  return { ...result, problems: [...result.problems, ...await corruptFiles()] };
}

async function disturb(
  project: FaultyProject,
  stage: StageName,
  kind: keyof typeof ALLOWED_CODES,
  delay: number,
): Promise<{ problems: string[]; isDone: boolean }> {
  const isSignal = kind === "SIGKILL" || kind === "SIGTERM";
  const { begun, ended, kill } = await project.run(stage, isSignal ? "" : `${kind}:${delay.toFixed(0)}`);
  if (isSignal) {
    await begun;
    await Promise.race([new Promise((resolve) => setTimeout(resolve, delay)), ended]);
    try {
      kill(kind);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // the process has ended already
    }
  }
  const { code, messages } = await ended, allowed: readonly number[] = ALLOWED_CODES[kind];
  const problems = allowed.includes(code)
    ? []
    : [`${kind} ended ${stage} with ${code}: ${messages.slice(-400)}`];
  if (code === 1 && !/^error: .*disk is full/m.test(messages)) {
    problems.push(`${kind}: ${messages.slice(-400)}`);
  }
  return { problems, isDone: code === 0 };
}

/** Damages a file that the stage reads, expects a sentence that names it (or none, where it is not needed), puts it back. */
async function damageFile(
  project: FaultyProject,
  stage: StageName,
  kind: "truncated" | "unreadable",
  prng: Prng,
): Promise<{ problems: string[]; isDone: boolean }> {
  const files = (await filesBelow(["cache/e2e", "checkpoints_recon/e2e", "checkpoints_gan/e2e"]))
    .filter((path) => path.endsWith(".safetensors"));
  if (files.length === 0) return { problems: [], isDone: false };
  const path = files[prng.integer(files.length)], bytes = await Deno.readFile(path);
  if (kind === "truncated") await Deno.writeFile(path, bytes.subarray(0, prng.integer(bytes.length)));
  else {
    await Deno.remove(path);
    await Deno.mkdir(path);
  }
  const { code, messages } = await (await project.run(stage)).ended;
  const name = path.split("/").at(-1)!;
  const isExplained = code === 0 || code === 1 && /^error: /m.test(messages) && messages.includes(name);
  const stillDamaged = await isDamaged(path, bytes, kind);
  if (stillDamaged) {
    await Deno.remove(path, { recursive: true });
    await Deno.writeFile(path, bytes);
  }
  const problems = isExplained ? [] : [`${kind} ${path}: ${code}, ${messages.slice(-400)}`];
  return { problems, isDone: code === 0 };
}

async function isDamaged(
  path: string,
  bytes: Uint8Array,
  kind: "truncated" | "unreadable",
): Promise<boolean> {
  const { isDirectory, size } = await Deno.stat(path).catch(() => ({
    isDirectory: false,
    size: bytes.length,
  }));
  return kind === "unreadable" ? isDirectory : size < bytes.length;
}

async function filesBelow(folders: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    try {
      for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
        if (isDirectory) files.push(...await filesBelow([join(folder, name)]));
        if (isFile) files.push(join(folder, name));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return files.sort();
}
