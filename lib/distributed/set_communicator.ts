/**
 * Joining the processes of a job.
 *
 * @module
 */
import { ALONE, setProcessGroup } from "../core/process_group.ts";
import { type Communicator, replaceCommunicator, SINGLE_PROCESS } from "./communicator.ts";
import { exchangeValues } from "./exchange_values.ts";

/** Sets the communicator; null for one process alone. */
export function setCommunicator(next: Communicator | null): void {
  const current = next ?? SINGLE_PROCESS, { rank, size, localSize } = current;
  replaceCommunicator(current);
  setProcessGroup(
    size === 1 ? ALONE : { rank, size, localSize, exchange: (own) => exchangeValues(current, own) },
  );
}
