/**
 * Commands as one of several processes that mpiexec started; alone, nothing of this is loaded.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { setCommunicator } from "../lib/distributed/set_communicator.ts";
import { rankEnvironment } from "../lib/distributed/rank_environment.ts";

/** Exit codes after which all processes have saved and ended by themselves. */
const ORDERLY: ReadonlySet<number> = new Set([0, 130, 143]);

/**
 * Joins the other processes if there are any, runs, and leaves them. A failure ends all processes.
 *
 * @param run Runs the command in the process of this rank, and returns its exit code
 */
export async function runAsRank(run: (rank: number) => Promise<number>): Promise<number> {
  const environment = rankEnvironment();
  if (environment === null) return await run(0);
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
  if (!ORDERLY.has(code)) communicator.abort(code);
  communicator.close();
  return code;
}
