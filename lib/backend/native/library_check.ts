/**
 * Looks at a library file before it is opened: opening a cut or foreign file can end the whole process.
 *
 * @module
 */
import { UserError } from "../../core/errors.ts";

const ELF_MACHINES: Readonly<Record<string, number>> = { x86_64: 62, aarch64: 183 };
const MACH_O_64 = 0xfeedfacf;
const SETUP_HINT = "run `deno task setup --force`, or point TEXMESH_LIBTENSORFLOW at a good file";

/**
 * Checks that a file is a complete shared library of this machine's kind, by its headers alone.
 *
 * @throws {UserError} If it is missing, of another kind, for another machine, or cut short
 */
export async function checkLibraryHeader(path: string): Promise<void> {
  let file: Deno.FsFile;
  try {
    file = await Deno.open(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) {
      throw new UserError(`Cannot find the TensorFlow library ${path}: ${SETUP_HINT}.`, { cause: error });
    }
    throw error;
  }
  using opened = file;
  const { size, isFile } = await opened.stat();
  const head = new Uint8Array(1 << 16);
  const length = isFile ? await opened.read(head) ?? 0 : 0;
  const fault = faultOf(head.subarray(0, length), size);
  if (fault !== null) {
    throw new UserError(`Cannot use the TensorFlow library ${path}: ${fault}; ${SETUP_HINT}.`);
  }
}

function faultOf(head: Uint8Array, size: number): string | null {
  if (head.length < 64) return `it has ${size} bytes only`;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  switch (Deno.build.os) {
    case "windows":
      return view.getUint16(0, true) === 0x5a4d
        ? null
        : "it is no Windows library (its first bytes are not MZ)";
    case "darwin":
      return view.getUint32(0, true) === MACH_O_64 ? null : "it is no 64-bit macOS library";
    default:
      return elfFault(view, size);
  }
}

function elfFault(view: DataView, size: number): string | null {
  if (view.getUint32(0, false) !== 0x7f454c46) return "it is no shared library (its first bytes are not ELF)";
  if (view.getUint8(4) !== 2 || view.getUint8(5) !== 1) return "it is no 64-bit little-endian library";
  if (view.getUint16(16, true) !== 3) return "it is an ELF file, but no shared library";
  const machine = view.getUint16(18, true), wanted = ELF_MACHINES[Deno.build.arch];
  if (machine !== wanted) {
    return `it is for another machine (ELF machine ${machine}, this one is ${wanted}, ${Deno.build.arch})`;
  }
  let end = Number(view.getBigUint64(40, true)) + view.getUint16(58, true) * view.getUint16(60, true);
  const segments = Number(view.getBigUint64(32, true)), step = view.getUint16(54, true);
  for (let i = 0, count = view.getUint16(56, true); i < count; i++) {
    const at = segments + i * step;
    if (at + 40 > view.byteLength) return "its table of segments is damaged";
    end = Math.max(end, Number(view.getBigUint64(at + 8, true) + view.getBigUint64(at + 32, true)));
  }
  return end > size ? `it is cut short: ${size} bytes, its headers tell of ${end}` : null;
}
