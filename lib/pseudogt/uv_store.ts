/**
 * Where pseudo-ground-truth is kept: a folder with a file a photograph, and the table of poses.
 *
 * @module
 */
import { join } from "@std/path";
import * as v from "valibot";
import { agree, isWriter } from "../core/process_group.ts";
import { writeJsonAtomic } from "../io/atomic_file.ts";
import { exists } from "../io/exists.ts";
import { readJson } from "../io/json_file.ts";
import { beginStage, type Origin } from "../io/stage_folder.ts";
import { isUvSample, type PoseMetadata, UV_FILES, uvSampleFile, writePoseMetadata } from "./files.ts";

/** The maps of a data set while they are made. Files are numbered without gaps, in the order of the table. */
export class UvStore {
  /** Folder of the maps. */
  readonly folder: string;
  /** File of the table of poses. */
  readonly metadataFile: string;
  readonly #overwrite: boolean;
  #owner = 0; // process in whose name files are written before they have a number

  /**
   * Names the places; nothing is read or written before the stage begins.
   *
   * @param folder Folder of the maps
   * @param metadataFile File of the table of poses
   * @param overwrite Whether maps of another origin are removed
   */
  constructor(folder: string, metadataFile: string, overwrite = false) {
    this.folder = folder;
    this.metadataFile = metadataFile;
    this.#overwrite = overwrite;
  }

  /**
   * Notes what the maps are made from, or checks it where there are some.
   *
   * @throws {UserError} If there are maps of another origin, which may not be replaced
   */
  async begin(origin: Origin): Promise<void> {
    await beginStage(this.folder, origin, UV_FILES, this.#overwrite);
    this.#owner = await agree(() => Promise.resolve(Deno.pid));
  }

  /** Whether a number's file is whole and shows this photograph. */
  has(index: number, id: string, resolution: number): Promise<boolean> {
    return isUvSample(uvSampleFile(this.folder, index), id, resolution);
  }

  /** Where a worker writes before the number of the file is known; removed as a temporary file after a kill. */
  unnumbered(row: number): string {
    return join(this.folder, `row_${row}.${this.#owner}-0.partial`);
  }

  /** Gives what a worker wrote for a row its number. */
  async number(row: number, index: number): Promise<void> {
    if (isWriter()) await Deno.rename(this.unnumbered(row), uvSampleFile(this.folder, index));
  }

  /** Gives a file another number. */
  async renumber(from: number, index: number): Promise<void> {
    if (from === index || !isWriter()) return;
    await Deno.rename(uvSampleFile(this.folder, from), uvSampleFile(this.folder, index));
  }

  /** Removes what workers wrote for a batch that was not finished. */
  async removeUnnumbered(): Promise<void> {
    if (!isWriter()) return;
    for await (const { name } of Deno.readDir(this.folder)) {
      if (!/^row_\d+\./.test(name) || !name.includes(`.${this.#owner}-`)) continue;
      await Deno.remove(join(this.folder, name));
    }
  }

  /** Ids of photographs that were left out. */
  async readSkipped(): Promise<string[]> {
    if (!await exists(this.#skippedFile)) return [];
    const what = "list of photographs that were left out";
    return await readJson(this.#skippedFile, v.array(v.string()), what);
  }

  /** Keeps the ids of photographs that are left out. */
  writeSkipped(ids: readonly string[]): Promise<void> {
    return writeJsonAtomic(this.#skippedFile, ids);
  }

  /** Writes the table of poses. */
  writeTable(poses: PoseMetadata): Promise<void> {
    return writePoseMetadata(this.metadataFile, poses);
  }

  get #skippedFile(): string {
    return join(this.folder, "skipped.json");
  }
}
