/** Library files and wheels that are just good enough for the checks. */
import { type Zippable, zipSync } from "fflate";

const MACHINES: Record<string, number> = { x86_64: 62, aarch64: 183 };

/** A shared library of `size` bytes for this machine (Linux), with its section table at the end. */
export function fakeLibrary(size = 256, machine = MACHINES[Deno.build.arch]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size), view = new DataView(bytes.buffer);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setUint16(16, 3, true); // shared object
  view.setUint16(18, machine, true);
  view.setBigUint64(40, BigInt(size - 64), true); // section table: one entry of 64 bytes
  view.setUint16(58, 64, true);
  view.setUint16(60, 1, true);
  return bytes;
}

/** Writes a wheel with the two libraries and something else. */
export async function writeFakeWheel(
  path: string,
  files: Readonly<Record<string, Uint8Array>>,
): Promise<void> {
  const content: Zippable = { "tensorflow/other.txt": [new Uint8Array(5000), { level: 6 }] };
  for (const [name, bytes] of Object.entries(files)) content[`tensorflow/${name}`] = [bytes, { level: 6 }];
  await Deno.writeFile(path, zipSync(content));
}
