/**
 * Checkpoints: one safetensors file each, whose metadata holds the rest of the state as JSON, so that a kill between
 * two writes can never mix two states.
 *
 * @module
 */
import { join } from "@std/path";
import type { NdArray } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { exists } from "../io/exists.ts";

/** Which checkpoint: the last one, the best one, or that of an epoch. */
export type CheckpointTag = "latest" | "best" | number;

/** Content of a checkpoint. */
export interface Checkpoint {
  /** Arrays by name. */
  readonly arrays: Record<string, NdArray>;
  /** The rest: iteration, epoch, position in the data, schedules. */
  readonly state: unknown;
}

/** File of a checkpoint. */
export function checkpointFile(folder: string, tag: CheckpointTag | string): string {
  return join(folder, `checkpoint_${tag}.safetensors`);
}

/**
 * Writes a checkpoint, atomically.
 *
 * @param folder Folder of the run
 * @param tag Which checkpoint
 * @param arrays Arrays by name
 * @param state The rest, anything that JSON holds
 * @throws {UserError} If it cannot be written
 */
export async function saveCheckpoint(
  folder: string,
  tag: CheckpointTag,
  arrays: Readonly<Record<string, NdArray>>,
  state: unknown,
): Promise<void> {
  await writeSafetensors(checkpointFile(folder, tag), arrays, { state: JSON.stringify(state) });
}

/**
 * Reads a checkpoint.
 *
 * @param folder Folder of the run
 * @param tag Which checkpoint; numbers may be texts
 * @throws {UserError} If it is missing (naming those that are there) or damaged
 */
export async function loadCheckpoint(folder: string, tag: CheckpointTag | string): Promise<Checkpoint> {
  const path = checkpointFile(folder, tag);
  if (!await hasCheckpoint(folder, tag)) {
    const tags = await checkpointTags(folder);
    const found = tags.length > 0 ? `those there are: ${tags.join(", ")}` : "there is none in this folder";
    throw new UserError(`Cannot read the checkpoint ${path}: there is no such file; ${found}.`);
  }
  const { arrays, metadata } = await readSafetensors(path).catch(async (error) => {
    const others = (await checkpointTags(folder)).filter((other) => other !== `${tag}`);
    const advice = others.length > 0 ? `take another one (${others.join(", ")}) or ` : "";
    throw new UserError(`${messageOf(error)}; ${advice}delete this file and train from scratch.`, {
      cause: error,
    });
  });
  if (metadata.state === undefined) {
    throw new UserError(
      `Cannot read the checkpoint ${path}: its metadata has no state; it is of another program.`,
    );
  }
  return { arrays, state: JSON.parse(metadata.state) };
}

/** Whether a checkpoint is there. */
export async function hasCheckpoint(folder: string, tag: CheckpointTag | string): Promise<boolean> {
  return await exists(checkpointFile(folder, tag));
}

/** Tags of all checkpoints of a folder, sorted. */
export async function checkpointTags(folder: string): Promise<string[]> {
  const tags: string[] = [];
  try {
    for await (const { name } of Deno.readDir(folder)) {
      const tag = /^checkpoint_(\w+)\.safetensors$/.exec(name)?.[1];
      if (tag) tags.push(tag);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return tags.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** Puts `prefix/` before every name. */
export function withPrefix(
  prefix: string,
  arrays: Readonly<Record<string, NdArray>>,
): Record<string, NdArray> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [`${prefix}/${name}`, array]));
}

/** The arrays whose names start with `prefix/`, without it. */
export function takePrefix(
  prefix: string,
  arrays: Readonly<Record<string, NdArray>>,
): Record<string, NdArray> {
  const start = `${prefix}/`;
  return Object.fromEntries(
    Object.entries(arrays).filter(([name]) => name.startsWith(start)).map(([name, array]) => [
      name.slice(start.length),
      array,
    ]),
  );
}
