/**
 * Looks at the machine and at every backend, and says what to do about what is missing.
 *
 * @module
 */
import { cpus, totalmem } from "node:os";
import { messageOf } from "../../lib/core/errors.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { tf } from "../../lib/core/tensor.ts";
import { measureConvolution } from "../../lib/backend/measure_convolution.ts";
import { hashFile } from "../../lib/backend/native/file_hash.ts";
import { NATIVE_FOLDER, readLibraryNote } from "../../lib/backend/native/library_note.ts";
import { findLibrary, LIBRARY_VARIABLE } from "../../lib/backend/native/library_path.ts";
import { findPip, findPythonTensorFlow } from "./pip.ts";
import { currentPlatform, TENSORFLOW_VERSION, wheelFor } from "../../lib/backend/native/platforms.ts";
import { BACKEND_NAMES, type BackendName } from "../../lib/backend/options.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";

/** One line of the table. */
export interface Finding {
  /** What was looked at. */
  readonly item: string;
  /** What was found. */
  readonly found: string;
  /** Whether nothing need be done. */
  readonly ok: boolean;
  /** What to do, or "". */
  readonly advice: string;
}

/** One backend. */
export interface BackendFinding extends Finding {
  /** Its name. */
  readonly name: BackendName;
  /** Speed of a convolution, or null if it does not work. */
  readonly gigaflops: number | null;
}

/** Result of {@linkcode diagnose}. */
export interface Diagnosis {
  /** Machine, programs and library. */
  readonly machine: readonly Finding[];
  /** All backends, the fastest kind first. */
  readonly backends: readonly BackendFinding[];
}

/**
 * Tries everything. Afterwards the last backend that works is the active one.
 *
 * @param options `threads` of the native backend, 0 for one per core; `timeMs`: how long each backend convolves;
 *   `nativeFolder`: folder of the native library
 * @param callbacks Progress
 */
export async function diagnose(
  { threads = 0, timeMs = 300, nativeFolder = NATIVE_FOLDER }: {
    readonly threads?: number;
    readonly timeMs?: number;
    readonly nativeFolder?: string;
  } = {},
  callbacks: StageCallbacks = {},
): Promise<Diagnosis> {
  const total = BACKEND_NAMES.length + 1;
  const machine = [...machineFindings(), ...await programFindings(), ...await libraryFindings(nativeFolder)];
  callbacks.onProgress?.({ done: 1, total });
  const backends: BackendFinding[] = [];
  for (const name of BACKEND_NAMES) {
    backends.push(await tryBackend(name, threads, timeMs));
    callbacks.onProgress?.({ done: backends.length + 1, total });
  }
  return { machine, backends };
}

const finding = (item: string, found: string, advice = ""): Finding => ({
  item,
  found,
  ok: advice === "",
  advice,
});

function machineFindings(): Finding[] {
  const { deno, v8 } = Deno.version;
  return [
    finding("system", `${currentPlatform()}, ${ask(() => cpus()[0]?.model.trim() ?? "unnamed processor")}`),
    finding("cores", `${navigator.hardwareConcurrency}`),
    finding("memory", ask(() => `${(totalmem() / 2 ** 30).toFixed(1)} GB`)),
    finding("Deno", `${deno} (V8 ${v8})`),
    finding("tfjs", tf.version_core),
  ];
}

/** What a function tells, or why it may not. */
function ask(question: () => string): string {
  try {
    return question();
  } catch (error) {
    return `not told (${messageOf(error)})`;
  }
}

async function programFindings(): Promise<Finding[]> {
  const pip = await findPip(), python = await findPythonTensorFlow();
  return [
    pip !== null ? finding("pip", pip.join(" ")) : finding(
      "pip",
      "none",
      "needed by setup only: install Python's pip, or use `deno task setup --wheel FILE`",
    ),
    finding(
      "Python TensorFlow",
      python === null ? "none (not needed)" : `${python.version} in ${python.folder}`,
    ),
  ];
}

async function libraryFindings(nativeFolder: string): Promise<Finding[]> {
  const item = "TensorFlow library";
  try {
    const place = await findLibrary(nativeFolder);
    if (place === null) {
      return [
        wheelFor(currentPlatform()) === null
          ? finding(
            item,
            "none",
            `there is no wheel for ${currentPlatform()}: set ${LIBRARY_VARIABLE}, or use wasm`,
          )
          : finding(item, "none", "run `deno task setup`"),
      ];
    }
    const findings = [
      finding(item, `${place.path} (${place.source}, ${place.version ?? "version not noted"})`),
    ];
    if (place.source === "wheel") findings.push(await checkHashes(nativeFolder));
    if (place.version !== null && place.version !== TENSORFLOW_VERSION) {
      findings.push(finding("its version", `${place.version}; tested is ${TENSORFLOW_VERSION}`));
    }
    return findings;
  } catch (error) {
    return [finding(item, messageOf(error), "run `deno task setup --force`")];
  }
}

/** Compares the whole files with the note, which a start does only when a file's size or time changed. */
async function checkHashes(nativeFolder: string): Promise<Finding> {
  const note = await readLibraryNote(nativeFolder);
  for (const { name, sha256 } of note?.files ?? []) {
    if (sha256 !== null && await hashFile(`${nativeFolder}/${note!.folder}/${name}`) !== sha256) {
      return finding("its SHA-256", `${name} is not what setup unpacked`, "run `deno task setup --force`");
    }
  }
  return finding("its SHA-256", "as unpacked");
}

async function tryBackend(name: BackendName, threads: number, timeMs: number): Promise<BackendFinding> {
  const item = `backend ${name}`;
  try {
    const { sentence } = await useBackend({ backend: name, threads });
    const gigaflops = await measureConvolution(undefined, timeMs);
    const details = /\((.*)\)/.exec(sentence)?.[1] ?? "";
    return { name, gigaflops, ...finding(item, `${details}; ${gigaflops.toPrecision(3)} GFLOP/s`) };
  } catch (error) {
    const reason = messageOf(error).replace(/^.*?Not \w+: /, "");
    return { name, gigaflops: null, ...finding(item, `does not work: ${reason}`, adviceFor(name)) };
  }
}

function adviceFor(name: BackendName): string {
  switch (name) {
    case "native":
      return "run `deno task setup`, which fetches the library; until then wasm is used";
    case "webgpu":
      return "needs a GPU with a driver; not needed where native works";
    case "wasm":
      return "run `deno install`, which brings the package";
    case "cpu":
      return "this should work everywhere: install the packages again with `deno install`";
  }
}
