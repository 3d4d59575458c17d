/**
 * Event files that TensorBoard opens: scalars and images by step.
 *
 * A file is a row of records (length, checksum, bytes, checksum), each record one `Event` message in the protocol
 * buffer encoding.
 *
 * @module
 */
import { join } from "@std/path";
import type { FloatImage } from "../core/arrays.ts";
import { messageOf, UserError } from "../core/errors.ts";
import { maskedCrc32c } from "./crc32c.ts";
import { encodePng } from "./image_file.ts";
import { bytesField, concatBytes, doubleField, floatField, varintField } from "../core/protocol_buffer.ts";

/**
 * Appends events to a new file of a folder.
 *
 * @example
 * ```ts
 * using events = new EventWriter("tensorboard_recon/demo");
 * events.writeScalars(10, { "loss/total": 0.5 });
 * ```
 */
export class EventWriter implements Disposable {
  /** The file that is written. */
  readonly path: string;
  readonly #file: Deno.FsFile;
  readonly #now: () => number;

  /**
   * Makes the file.
   *
   * @param folder Folder of the run; made if missing
   * @param options `startStep`: step at which a resumed run begins; later events of older files of the folder
   *   are then hidden, 0 by default; `now`: time of an event in seconds since 1970; results never depend on it
   * @throws {UserError} If the file cannot be made
   */
  constructor(
    folder: string,
    { startStep = 0, now = () => Date.now() / 1000 }: {
      readonly startStep?: number;
      readonly now?: () => number;
    } = {},
  ) {
    this.#now = now;
    try {
      Deno.mkdirSync(folder, { recursive: true });
      [this.path, this.#file] = createFile(folder, Math.floor(now()));
    } catch (error) {
      throw new UserError(`Cannot make an event file in ${folder}: ${messageOf(error)}`, { cause: error });
    }
    this.#write(0, bytesField(3, new TextEncoder().encode("brain.Event:2"))); // file_version
    if (startStep > 0) this.#write(startStep, bytesField(7, varintField(1, 1))); // session_log: START
  }

  /**
   * Writes scalars of a step.
   *
   * @throws {UserError} If the disk is full or the file cannot be written
   */
  writeScalars(step: number, scalars: Readonly<Record<string, number>>): void {
    const values = Object.entries(scalars).map(([tag, value]) =>
      bytesField(1, concatBytes([tagField(tag), floatField(2, value)]))
    );
    this.#write(step, bytesField(5, concatBytes(values)));
  }

  /**
   * Writes an image of a step.
   *
   * @param step Step of the run
   * @param tag Name of the image
   * @param image `[H, W, C]` in [0, 1], C = 1, 3 or 4
   * @throws {UserError} If the disk is full or the file cannot be written
   */
  async writeImage(step: number, tag: string, image: FloatImage): Promise<void> {
    const content = concatBytes([
      varintField(1, image.height),
      varintField(2, image.width),
      varintField(3, image.channels),
      bytesField(4, await encodePng(image)),
    ]);
    this.#write(step, bytesField(5, bytesField(1, concatBytes([tagField(tag), bytesField(4, content)]))));
  }

  /** Syncs and closes the file. */
  [Symbol.dispose](): void {
    this.#file.syncSync();
    this.#file.close();
  }

  #write(step: number, content: Uint8Array): void {
    const event = concatBytes([doubleField(1, this.#now()), varintField(2, step), content]);
    const record = recordOf(event);
    try {
      for (let offset = 0; offset < record.length;) {
        offset += this.#file.writeSync(record.subarray(offset));
      }
    } catch (error) {
      throw new UserError(`Cannot write ${this.path}: ${messageOf(error)}`, { cause: error });
    }
  }
}

function createFile(folder: string, seconds: number): [string, Deno.FsFile] {
  for (let number = 0;; number++) {
    const path = join(folder, `events.out.tfevents.${seconds}.texmesh.${Deno.pid}.${number}`);
    try {
      return [path, Deno.openSync(path, { write: true, createNew: true })];
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

function tagField(tag: string): Uint8Array {
  return bytesField(1, new TextEncoder().encode(tag));
}

function recordOf(content: Uint8Array): Uint8Array {
  const record = new Uint8Array(content.length + 16);
  const view = new DataView(record.buffer);
  view.setBigUint64(0, BigInt(content.length), true);
  view.setUint32(8, maskedCrc32c(record.subarray(0, 8)), true);
  record.set(content, 12);
  view.setUint32(12 + content.length, maskedCrc32c(content), true);
  return record;
}
