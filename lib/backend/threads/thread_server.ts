/**
 * The threads' side of `ThreadTeam`: the module that its threads run. It imports the kind's module, which exports
 * `createRunner`, and then waits for shares of work without ever giving its thread back.
 *
 * @module
 */
import { receiveMessageOnPort, workerData } from "node:worker_threads";
import { describeError } from "../../core/errors.ts";
import {
  END,
  FAILED,
  LEFT,
  type MemoryPlace,
  type SentPart,
  type TeamPart,
  type ThreadSetup,
} from "./helper_thread.ts";
import { windowAt } from "../memory_window.ts";

function arrayAt({ address, length }: MemoryPlace): Float32Array {
  return new Float32Array(
    windowAt(Deno.UnsafePointer.create(address), length * Float32Array.BYTES_PER_ELEMENT),
  );
}

/** Tells the team what went wrong, and leaves the rest of the share undone. */
function fail({ port, cells }: ThreadSetup, error: unknown): void {
  port.postMessage(describeError(error));
  Atomics.store(cells, FAILED, 1);
  finish(cells, Atomics.load(cells, LEFT));
}

/** Crosses off parts; not where the team ended meanwhile. */
function finish(cells: Int32Array, parts: number): void {
  const left = Atomics.load(cells, LEFT);
  if (left > 0) Atomics.compareExchange(cells, LEFT, left, left - parts);
  Atomics.notify(cells, LEFT);
}

/** Does shares of work until the end. */
async function serve(setup: ThreadSetup): Promise<void> {
  const { module, port, cells } = setup;
  let run: (part: TeamPart) => void;
  try {
    run = (await import(module)).createRunner();
  } catch (error) {
    return fail(setup, error);
  }
  finish(cells, 1);
  while (true) {
    Atomics.wait(cells, LEFT, 0);
    if (Atomics.load(cells, LEFT) === END) return;
    const share: readonly SentPart[] = receiveMessageOnPort(port)?.message ?? [];
    try {
      for (const { places, ...part } of share) {
        run({ ...part, arrays: places.map(arrayAt) });
        finish(cells, 1);
      }
    } catch (error) {
      fail(setup, error);
    }
  }
}

await serve(workerData);
