/**
 * A file of rows that are filled in one after the other while a long job runs: what is added costs the same however much is
 * there, and nothing of it stays in memory.
 *
 * It is a safetensors file of `rows` `[N, L]` and `done` `[N]`, changed in place once it is there: rows first, and when they
 * are on the disk the bytes that say so. A process may be killed at any moment; rows without such a byte count as missing.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { chunkWriter, writeError, writeFileAtomic } from "./atomic_file.ts";
import { readSafetensorsHead, safetensorsHead } from "./safetensors.ts";

/** What a file of rows is. */
export interface RowFileShape {
  /** Number of rows, N. */
  readonly count: number;
  /** Values of a row, L. */
  readonly length: number;
}

/** Rows by their numbers. */
export type Rows = ReadonlyMap<number, Float32Array>;

/** Rows that are written at once when the file is made. */
const BLOCK_ROWS = 256;

/** An open file of rows. */
export class RowFile {
  /** Size. */
  readonly shape: RowFileShape;
  /** Free texts. */
  readonly metadata: Readonly<Record<string, string>>;
  /** 1 for rows that are there, `[N]`. */
  readonly done: Uint8Array;
  readonly #path: string;
  readonly #file: Deno.FsFile;
  readonly #start: number;

  private constructor(
    path: string,
    file: Deno.FsFile,
    start: number,
    shape: RowFileShape,
    metadata: Readonly<Record<string, string>>,
  ) {
    this.#path = path;
    this.#file = file;
    this.#start = start;
    this.shape = shape;
    this.metadata = metadata;
    this.done = new Uint8Array(shape.count);
  }

  /**
   * Opens a file.
   *
   * @returns The file; null if there is none
   * @throws {UserError} If it cannot be opened, is damaged or is no file of rows
   */
  static async open(path: string): Promise<RowFile | null> {
    if (!await Deno.stat(path).then((info) => info.isFile, () => false)) return null;
    const file = await Deno.open(path, { read: true, write: true }).catch((error) => {
      throw writeError(path, error);
    });
    try {
      const { size } = await file.stat();
      const { entries: [rows, done], metadata, start } = await readSafetensorsHead(file, path, size);
      const [count, length] = rows?.shape ?? [];
      const fits = rows?.name === "rows" && rows.dtype === "F32" && rows.shape.length === 2 &&
        done?.name === "done" && done.dtype === "U8" && done.byteLength === count;
      if (!fits) {
        throw new UserError(
          `Cannot resume from ${path}: it must hold the arrays "rows" and "done" of one length. Delete the file to begin from scratch.`,
        );
      }
      const opened = new RowFile(path, file, start, { count, length }, metadata);
      opened.#read(opened.#start + rows.byteLength, opened.done);
      return opened;
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Makes a file with some of its rows.
   *
   * @param path Target
   * @param shape Size
   * @param metadata Free texts
   * @param rows The rows that are there
   * @throws {UserError} If it cannot be written, also where the disk has no room for all rows
   */
  static async create(
    path: string,
    shape: RowFileShape,
    metadata: Readonly<Record<string, string>>,
    rows: Rows,
  ): Promise<RowFile> {
    await writeFileAtomic(path, contentOf(shape, metadata, rows));
    return (await RowFile.open(path))!;
  }

  /**
   * Reads row `i`; zeros if it is not there.
   *
   * @param i Number of the row
   * @returns Its values, `[L]`
   */
  read(i: number): Float32Array {
    const row = new Float32Array(this.shape.length);
    this.#read(this.#offset(i), new Uint8Array(row.buffer));
    return row;
  }

  /**
   * Adds rows; when it returns they are on the disk.
   *
   * @param rows Rows by their numbers
   * @throws {UserError} If they cannot be written
   */
  async write(rows: Rows): Promise<void> {
    const { count } = this.shape, flags = this.#offset(count);
    try {
      for (const [i, row] of rows) await this.#write(this.#offset(i), bytesOf(row));
      await this.#file.syncData();
      for (const i of rows.keys()) {
        await this.#write(flags + i, Uint8Array.of(1));
        this.done[i] = 1;
      }
      await this.#file.syncData();
    } catch (error) {
      throw writeError(this.#path, error);
    }
  }

  /** Closes the file. */
  close(): void {
    this.#file.close();
  }

  #offset(i: number): number {
    return this.#start + i * this.shape.length * Float32Array.BYTES_PER_ELEMENT;
  }

  async #write(offset: number, bytes: Uint8Array): Promise<void> {
    await this.#file.seek(offset, Deno.SeekMode.Start);
    await chunkWriter.write(this.#file, bytes);
  }

  #read(offset: number, target: Uint8Array): void {
    this.#file.seekSync(offset, Deno.SeekMode.Start);
    for (let filled = 0; filled < target.length;) {
      const count = this.#file.readSync(target.subarray(filled));
      if (count === null) {
        throw new UserError(`Cannot read ${this.#path}: the file ends early; it is truncated`);
      }
      filled += count;
    }
  }
}

/** A new file's bytes, block by block. */
function* contentOf(
  { count, length }: RowFileShape,
  metadata: Readonly<Record<string, string>>,
  rows: Rows,
): Iterable<Uint8Array> {
  yield safetensorsHead([
    { name: "rows", dtype: "F32", shape: [count, length] },
    { name: "done", dtype: "U8", shape: [count] },
  ], metadata);
  const done = new Uint8Array(count);
  for (let first = 0; first < count; first += BLOCK_ROWS) {
    const block = new Float32Array(Math.min(BLOCK_ROWS, count - first) * length);
    for (const [i, row] of rows) {
      if (i < first || i >= first + BLOCK_ROWS) continue;
      block.set(row, (i - first) * length);
      done[i] = 1;
    }
    yield bytesOf(block);
  }
  yield done;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
