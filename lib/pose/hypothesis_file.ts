/**
 * Where step 1 puts its hypotheses, image by image: in a file beside its result, from which it resumes after a stop. Of
 * these only the images since the last save are in memory.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../core/errors.ts";
import { agree, isWriter } from "../core/process_group.ts";
import { writeFileAtomic } from "../io/atomic_file.ts";
import { parseJson } from "../io/json_file.ts";
import { RowFile } from "../io/row_file.ts";
import { safetensorsHead } from "../io/safetensors.ts";
import { hypothesisShapes, type MadeFrom, partialFileOf, removePartialFile } from "./files.ts";
import { type HypothesisCounts, rowLength, rowOf, type RowPart, rowParts } from "./hypothesis_row.ts";
import type { HypothesisStore } from "./hypothesis_store.ts";
import type { FittedImage } from "./fitted_image.ts";

/** What the file is for. */
export interface FileStoreOptions extends HypothesisCounts {
  /** File of the result. */
  readonly resultFile: string;
  /** What the values depend on, by the name of its flag. */
  readonly settings: Readonly<Record<string, string | number | boolean>>;
  /** What the result is made from, for later stages. */
  readonly madeFrom: MadeFrom;
  /** Images after which they are saved. */
  readonly saveEvery: number;
}

const STORED = v.record(v.string(), v.unknown());
/** Rows of the result that are copied at once. */
const BLOCK_ROWS = 256;

/** Hypotheses in a file. Of the processes of a job the first one writes it, the others put nothing anywhere. */
export class FileStore implements HypothesisStore {
  readonly pending: readonly number[];
  readonly #options: FileStoreOptions;
  #file: RowFile | null;
  #rows = new Map<number, Float32Array>();
  #saving: Promise<void> = Promise.resolve();

  private constructor(options: FileStoreOptions, file: RowFile | null, pending: readonly number[]) {
    this.#options = options;
    this.#file = file;
    this.pending = pending;
  }

  /**
   * Takes up the partial file if there is one.
   *
   * @throws {UserError} If the file belongs to other settings, or is damaged
   */
  static async open(options: FileStoreOptions): Promise<FileStore> {
    let file: RowFile | null = null;
    const pending = await agree(async () => {
      const path = partialFileOf(options.resultFile);
      file = await RowFile.open(path);
      if (file !== null) checkBelonging(path, file, options);
      const { N } = options, done = file?.done ?? new Uint8Array(N);
      return Array.from({ length: N }, (_, i) => i).filter((i) => done[i] === 0);
    });
    return new FileStore(options, file, pending);
  }

  async put(i: number, fitted: FittedImage): Promise<void> {
    if (!isWriter()) return;
    this.#rows.set(i, rowOf(fitted, this.#options));
    if (this.#rows.size >= this.#options.saveEvery) await this.save();
  }

  scoresOf(i: number): Pick<FittedImage, "iou" | "rotation"> | null {
    const file = this.#file;
    if (file === null) return null;
    const row = file.read(i);
    const part = (field: string) => {
      const { offset, length } = rowParts(this.#options).find((one) => one.field === field)!;
      return row.subarray(offset, offset + length);
    };
    return { iou: part("iou"), rotation: part("rotation") };
  }

  save(): Promise<void> {
    this.#saving = this.#saving.then(async () => {
      const rows = this.#rows, { settings, resultFile, N } = this.#options;
      if (rows.size === 0) return;
      this.#rows = new Map();
      if (this.#file !== null) return await this.#file.write(rows);
      const shape = { count: N, length: rowLength(this.#options) };
      const metadata = { settings: JSON.stringify(settings) };
      this.#file = await RowFile.create(partialFileOf(resultFile), shape, metadata, rows);
    });
    return this.#saving;
  }

  /**
   * Writes the result, when nothing is pending, and removes the partial file.
   *
   * @param ids Names of the images, `[N]`
   */
  async finish(ids: readonly string[]): Promise<void> {
    await this.save();
    if (this.#file === null) return; // another process has it
    const { resultFile } = this.#options;
    await writeFileAtomic(resultFile, resultBytes(this.#file, this.#options, ids));
    this.close();
    await removePartialFile(resultFile);
  }

  /** Closes the file. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }
}

/** The bytes of a result's file, block by block. */
function* resultBytes(
  file: RowFile,
  counts: HypothesisCounts & Pick<FileStoreOptions, "madeFrom">,
  ids: readonly string[],
): Iterable<Uint8Array> {
  const arrays = Object.entries(hypothesisShapes(counts))
    .map(([name, shape]) => ({ name, shape, dtype: "F32" as const }));
  yield safetensorsHead(arrays, { ids: JSON.stringify(ids), made_from: JSON.stringify(counts.madeFrom) });
  for (const part of rowParts(counts)) {
    for (let first = 0; first < counts.N; first += BLOCK_ROWS) {
      yield block(file, part, first, Math.min(counts.N, first + BLOCK_ROWS));
    }
  }
}

/** A field of some rows. */
function block(file: RowFile, { offset, length }: RowPart, first: number, end: number): Uint8Array {
  const values = new Float32Array((end - first) * length);
  for (let i = first; i < end; i++) {
    values.set(file.read(i).subarray(offset, offset + length), (i - first) * length);
  }
  return new Uint8Array(values.buffer);
}

function checkBelonging(path: string, { metadata, shape }: RowFile, options: FileStoreOptions): void {
  const stored = parseJson(metadata.settings ?? "{}", STORED, "settings of", path);
  for (const [name, given] of Object.entries(options.settings)) {
    if (stored[name] === given) continue;
    throw new UserError(
      `Cannot resume from ${path}: it was begun with ${name} = ${stored[name]}, now it is ${given}. ` +
        `Use the same settings, or delete the file to begin from scratch.`,
    );
  }
  const length = rowLength(options);
  if (shape.count === options.N && shape.length === length) return;
  throw new UserError(
    `Cannot resume from ${path}: it must have ${options.N} rows of ${length} values, current value is ` +
      `${shape.count} of ${shape.length}. Delete the file to begin from scratch.`,
  );
}
