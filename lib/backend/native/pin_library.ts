/**
 * Opens a library quietly and for the rest of the process's life (Linux only; elsewhere nothing is done).
 *
 * TensorFlow's library writes notes about the machine while it is being opened, and ends the process with a fault when
 * it is unloaded at exit.
 *
 * @module
 */
import { encodeText } from "./c_memory.ts";

const C_LIBRARY = "libc.so.6";
const C_SYMBOLS = {
  dlopen: { parameters: ["buffer", "i32"], result: "pointer" },
  open: { parameters: ["buffer", "i32"], result: "i32" },
  close: { parameters: ["i32"], result: "i32" },
  dup: { parameters: ["i32"], result: "i32" },
  dup2: { parameters: ["i32", "i32"], result: "i32" },
} as const;

const RTLD_NOW = 2;
const RTLD_NODELETE = 0x1000;
/** TensorFlow's own symbols first: a software GPU driver may have brought another LLVM of the same names before. */
const RTLD_DEEPBIND = 8;
const WRITE_ONLY = 1;
const STANDARD_ERROR = 2;

/**
 * Opens a library and never unloads it. A failure shows when the library is opened again for use.
 *
 * @param path The library
 * @param quiet Whether to drop what is written to standard error meanwhile
 */
export function pinLibrary(path: string, quiet: boolean): void {
  if (Deno.build.os !== "linux") return;
  let library: Deno.DynamicLibrary<typeof C_SYMBOLS>;
  try {
    library = Deno.dlopen(C_LIBRARY, C_SYMBOLS);
  } catch {
    return; // another C library than glibc
  }
  const c = library.symbols;
  const kept = quiet ? c.dup(STANDARD_ERROR) : -1;
  if (kept >= 0) {
    const sink = c.open(encodeText("/dev/null\0"), WRITE_ONLY);
    if (sink >= 0) {
      c.dup2(sink, STANDARD_ERROR);
      c.close(sink);
    }
  }
  try {
    c.dlopen(encodeText(path + "\0"), RTLD_NOW | RTLD_NODELETE | RTLD_DEEPBIND);
  } finally {
    if (kept >= 0) {
      c.dup2(kept, STANDARD_ERROR);
      c.close(kept);
    }
    library.close();
  }
}
