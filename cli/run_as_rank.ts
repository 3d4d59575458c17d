/**
 * Commands as one of several processes that mpiexec started; alone, nothing of this is loaded.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { setCommunicator } from "../lib/distributed/set_communicator.ts";
import { rankEnvironment } from "../lib/distributed/rank_environment.ts";

/** Exit code of wrong usage. */
const USAGE = 2;
/** Exit codes after which all processes have saved and ended by themselves. */
const ORDERLY: ReadonlySet<number> = new Set([0, 130, 143]);
/** Time that the starter of the processes has to pass on what was told, before it is told to end them all. */
const FORWARD_MS = 250;

/** Tasks that several processes share; others would do everything several times, and read what is half written. */
export const SHARED_TASKS: ReadonlySet<string> = new Set([
  ...["pose_step1", "pose_step2", "remesh", "make_templates", "refine"],
  ...["reconstruct", "generate_pseudogt", "train_gan"],
]);

/** Why a task does not run in several processes, or null. */
export function refusalOf(task: string): string | null {
  if (SHARED_TASKS.has(task)) return null;
  return `${task} works in one process: start it without mpiexec. Those that several share are ` +
    `${[...SHARED_TASKS].join(", ")}.`;
}

/**
 * Joins the other processes if there are any, runs, and leaves them. A failure ends all processes.
 *
 * @param task Name of the task
 * @param run Runs the command in the process of this rank, and returns its exit code
 */
export async function runAsRank(task: string, run: (rank: number) => Promise<number>): Promise<number> {
  const environment = rankEnvironment();
  if (environment === null) return await run(0);
  const refusal = refusalOf(task);
  if (refusal !== null) {
    if (environment.localRank === 0) console.error(refusal);
    return USAGE;
  }
  const { MpiCommunicator } = await import("../lib/distributed/mpi_communicator.ts");
  let communicator: InstanceType<typeof MpiCommunicator>;
  try {
    communicator = new MpiCommunicator(environment);
  } catch (error) {
    console.error(`error: ${messageOf(error)}`);
    return 1;
  }
  setCommunicator(communicator);
  const code = await run(communicator.rank);
  if (!ORDERLY.has(code)) {
    await new Promise((resolve) => setTimeout(resolve, FORWARD_MS));
    communicator.abort(code);
  }
  communicator.close();
  return code;
}
