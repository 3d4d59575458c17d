/**
 * JupyterLab with the Deno kernel, in a Python environment of its own.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import type { StageCallbacks } from "../../lib/core/progress.ts";
import { writeJsonAtomic } from "../../lib/io/atomic_file.ts";
import { exists } from "../../lib/io/exists.ts";

/** Folder of the environment. */
export const JUPYTER_FOLDER = "cache/jupyter";

/** How JupyterLab is started. */
export interface JupyterProgram {
  /** Python of the environment. */
  readonly python: string;
  /** Folder in which Jupyter finds the kernel, for `JUPYTER_PATH`. */
  readonly kernels: string;
}

/**
 * Makes the environment where it is missing, and writes down how the kernel is started.
 *
 * @param packages What is installed into it, such as `jupyterlab`
 * @param callbacks Sentences
 * @throws {UserError} If there is no Python with `venv`, or a package cannot be installed
 */
export async function prepareJupyter(
  packages: readonly string[],
  callbacks: StageCallbacks = {},
): Promise<JupyterProgram> {
  const python = join(Deno.cwd(), JUPYTER_FOLDER, "bin", "python");
  if (!await exists(python)) {
    callbacks.onMessage?.(`Makes a Python environment in ${JUPYTER_FOLDER}.`);
    await run("python3", ["-m", "venv", JUPYTER_FOLDER], "install Python 3 with its module venv");
  }
  const modules = packages.map((name) => `import ${name}`).join("; ");
  if (!await succeeds(python, ["-c", modules])) {
    callbacks.onMessage?.(`Installs ${packages.join(", ")}, once.`);
    await run(python, ["-m", "pip", "install", "-q", ...packages], "check the connection");
  }
  const kernels = join(Deno.cwd(), JUPYTER_FOLDER, "share", "jupyter");
  const folder = join(kernels, "kernels", "deno");
  await Deno.mkdir(folder, { recursive: true });
  await writeJsonAtomic(join(folder, "kernel.json"), {
    argv: [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"],
    display_name: "Deno",
    language: "typescript",
  });
  return { python, kernels };
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  const program = new Deno.Command(command, { args: [...args], stdout: "null", stderr: "null" });
  return await program.output().then(({ success }) => success, () => false);
}

async function run(command: string, args: readonly string[], advice: string): Promise<void> {
  const program = new Deno.Command(command, { args: [...args], stdout: "null", stderr: "piped" });
  const { success, stderr } = await program.output().catch(() => ({ success: false, stderr: null }));
  if (success) return;
  const reason = stderr ? new TextDecoder().decode(stderr).trim().split("\n").at(-1) : "it cannot be started";
  throw new UserError(`Cannot prepare Jupyter: ${command} ${args.join(" ")}: ${reason}; ${advice}.`);
}
