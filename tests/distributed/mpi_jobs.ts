/** Starting jobs of several processes in tests. */
import { join } from "@std/path";

/** File in a job's folder where the last process notes when it meets its fate, in milliseconds since 1970. */
export const FATE_FILE = "fate.txt";

/** Where mpiexec may be. */
const PLACES = ["/usr/bin/mpiexec", "/usr/local/bin/mpiexec"];

/** The program that starts processes, or null. */
export const MPIEXEC: string | null = PLACES.find((path) => {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}) ?? null;

/** Why such tests are ignored; null if they run. */
export const NO_MPI: string | null = MPIEXEC === null ? "there is no mpiexec; install mpich" : null;

/** OpenMPI wants to be told that root may start processes, and more of them than there are cores. */
const OPENMPI = {
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
  OMPI_MCA_rmaps_base_oversubscribe: "1",
};

/** What became of a job. */
export interface JobResult {
  readonly code: number;
  readonly errors: string;
  /** What mpiexec and the processes print besides. */
  readonly output: string;
  /** When the last process had ended, in milliseconds since 1970. */
  readonly ended: number;
}

/** Runs a job of `job_program.ts` in several processes; 1 is without mpiexec. */
export async function runJob(processes: number, ...args: string[]): Promise<JobResult> {
  const program = [Deno.execPath(), "run", "--no-check", "-A", "tests/distributed/job_program.ts", ...args];
  const [command, ...rest] = processes === 1 ? program : [MPIEXEC!, "-n", `${processes}`, ...program];
  return await finish(command, rest);
}

/** Runs a program to its end. */
export async function finish(command: string, args: readonly string[]): Promise<JobResult> {
  const pipes = { stdout: "piped", stderr: "piped" } as const;
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    env: OPENMPI,
    ...pipes,
  }).output();
  const [output, errors] = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes));
  return { code, errors, output, ended: Date.now() };
}

/** Runs with a folder per number of processes, and removes them. */
export async function inFolders<T>(
  use: (folder: (name: string | number) => Promise<string>) => Promise<T>,
): Promise<T> {
  const root = await Deno.makeTempDir();
  try {
    return await use(async (name) => {
      const folder = join(root, `${name}`);
      await Deno.mkdir(folder, { recursive: true });
      return folder;
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** A test that starts several processes. */
export function mpiTest(name: string, fn: () => Promise<void>): void {
  const reason = NO_MPI === null ? "" : ` (ignored: ${NO_MPI})`;
  Deno.test({ name: `mpi: ${name}${reason}`, ignore: NO_MPI !== null, fn });
}
