/** Starting jobs of several processes in tests. */
import { join } from "@std/path";

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
  readonly seconds: number;
}

/** Runs a job of `job_program.ts` in several processes; 1 is without mpiexec. */
export async function runJob(processes: number, ...args: string[]): Promise<JobResult> {
  const program = [Deno.execPath(), "run", "--no-check", "-A", "tests/distributed/job_program.ts", ...args];
  const [command, ...rest] = processes === 1 ? program : [MPIEXEC!, "-n", `${processes}`, ...program];
  const started = performance.now();
  const options = { args: rest, env: OPENMPI, stdout: "null", stderr: "piped" } as const;
  const { code, stderr } = await new Deno.Command(command, options)
    .output();
  return { code, errors: new TextDecoder().decode(stderr), seconds: (performance.now() - started) / 1000 };
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
