/**
 * What a process is told by the program that started it as one of several.
 *
 * @module
 */

/** Which implementation of MPI started a process. */
export type MpiKind = "mpich" | "openmpi";

/** Place of a process in a job. */
export interface RankEnvironment {
  /** Who started it. */
  readonly kind: MpiKind;
  /** Number of processes. */
  readonly size: number;
  /** Number of this process among those on its machine. */
  readonly localRank: number;
  /** Number of processes on its machine. */
  readonly localSize: number;
}

/** Variables that the starters set: number of processes, then place on the machine. */
const VARIABLES = {
  openmpi: ["OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK", "OMPI_COMM_WORLD_LOCAL_SIZE"],
  mpich: ["PMI_SIZE", "MPI_LOCALRANKID", "MPI_LOCALNRANKS"],
} as const satisfies Record<MpiKind, readonly [string, string, string]>;

/**
 * The place of this process, or null if it was not started as one of several.
 *
 * @param read Reads a variable of the environment
 */
export function rankEnvironment(
  read: (name: string) => string | undefined = (name) => Deno.env.get(name),
): RankEnvironment | null {
  for (const kind of ["openmpi", "mpich"] as const) {
    const [size, localRank, localSize] = VARIABLES[kind].map((name) => Number(read(name) ?? NaN));
    if (!(size > 1)) continue;
    return {
      kind,
      size,
      localRank: Number.isInteger(localRank) ? localRank : 0,
      localSize: Number.isInteger(localSize) ? localSize : 1,
    };
  }
  return null;
}
