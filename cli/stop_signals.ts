/**
 * Ctrl-C and SIGTERM: the first one asks for a stop, a later one ends at once.
 *
 * @module
 */

/**
 * Time in which signals are one and the same request: a terminal gives Ctrl-C to `deno task` and to the program that it
 * runs, and `deno task` hands it on as well.
 */
export const SAME_REQUEST_MS = 500;

/** A stop that may have been asked for. */
export interface StopSignals {
  /** Aborted when a stop is asked for. */
  readonly signal: AbortSignal;
  /** Exit code of the signal that asked for it. */
  readonly exitCode: number;
  /** Listens no longer. */
  close(): void;
}

/**
 * Listens for Ctrl-C and SIGTERM. A second request exits the process.
 *
 * @param onStop Called at the first request
 */
export function listenForStop(onStop: () => void): StopSignals {
  const stop = new AbortController();
  let exitCode = 130, askedAt = 0;
  const close = ([["SIGINT", 130], ["SIGTERM", 143]] as const).map(([signal, code]) => {
    const listener = () => {
      if (!stop.signal.aborted) {
        [exitCode, askedAt] = [code, performance.now()];
        onStop();
        stop.abort();
      } else if (performance.now() - askedAt > SAME_REQUEST_MS) Deno.exit(code);
    };
    Deno.addSignalListener(signal, listener);
    return () => Deno.removeSignalListener(signal, listener);
  });
  return {
    signal: stop.signal,
    get exitCode() {
      return exitCode;
    },
    close: () => close.forEach((remove) => remove()),
  };
}
