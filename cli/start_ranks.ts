/**
 * `--gpu_ids 0,1,2,3`: one process a GPU, started from here.
 *
 * @module
 */
import { messageOf, UserError } from "../lib/core/errors.ts";
import { rankEnvironment } from "../lib/distributed/rank_environment.ts";

/** Where mpiexec is looked for; the tasks that train may start these programs and no other. */
export const MPIEXEC_PATHS = ["/usr/bin/mpiexec", "/usr/local/bin/mpiexec"] as const;

/** What is known of the machine; tests bring their own. */
export interface RankMachine {
  /** Whether this process is one of several already. */
  readonly isRank: boolean;
  /** Whether a file is there. */
  readonly hasFile: (path: string) => boolean;
}

/** What to start: a program with arguments, or nothing, perhaps with the reason. */
export type RankPlan =
  | { readonly start: readonly string[] }
  | { readonly start: null; readonly reason: string | null };

/**
 * Plans the processes of a command.
 *
 * @param task Name of the task
 * @param args Its arguments
 * @param gpuIds Devices that were asked for; of fewer than two nothing is started
 * @param deno Path of the program that runs tasks
 * @param machine What is there
 */
export function planRanks(
  task: string,
  args: readonly string[],
  gpuIds: readonly number[],
  deno: string,
  machine: RankMachine,
): RankPlan {
  if (gpuIds.length < 2 || machine.isRank) return { start: null, reason: null };
  // Without these devices nothing is said here: the backend tells what it computes on.
  if (!gpuIds.every((id) => machine.hasFile(`/dev/nvidia${id}`))) return { start: null, reason: null };
  const mpiexec = MPIEXEC_PATHS.find(machine.hasFile);
  if (mpiexec === undefined) {
    return {
      start: null,
      reason: `--gpu_ids names ${gpuIds.length} devices, but there is no mpiexec (${
        MPIEXEC_PATHS.join(", ")
      }; Debian: mpich): this process computes on device ${gpuIds[0]} alone.`,
    };
  }
  return { start: [mpiexec, "-n", `${gpuIds.length}`, deno, "task", task, ...args] };
}

/**
 * Starts one process a GPU if several are asked for and there, and ends this one with their exit code.
 *
 * @param task Name of the task
 * @param gpuIds Devices that were asked for
 * @param onMessage Told what is started, or why not
 */
export async function startRanks(
  task: string,
  gpuIds: readonly number[],
  onMessage?: (sentence: string) => void,
): Promise<void> {
  const machine: RankMachine = {
    isRank: rankEnvironment() !== null,
    hasFile: (path) => {
      try {
        Deno.statSync(path);
        return true;
      } catch {
        return false;
      }
    },
  };
  const plan = planRanks(task, Deno.args, gpuIds, Deno.execPath(), machine);
  if (plan.start === null) {
    if (plan.reason !== null) onMessage?.(plan.reason);
    return;
  }
  onMessage?.(`Starting ${gpuIds.length} processes, one for each of the devices ${gpuIds.join(", ")}.`);
  const [program, ...args] = plan.start;
  let job: Deno.ChildProcess;
  try {
    job = new Deno.Command(program, { args, stdin: "inherit" }).spawn();
  } catch (error) {
    throw new UserError(
      `Cannot start one process a device (${messageOf(error)}): start them yourself with mpiexec -n ` +
        `${gpuIds.length} deno task ${task} and the same flags.`,
    );
  }
  Deno.exit((await job.status).code);
}
