/**
 * Where the scalars and images of a training run go: its scalar log, and an event file if one is wanted.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { messageOf } from "../core/errors.ts";
import { isWriter } from "../core/process_group.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { EventWriter } from "../io/event_file.ts";
import { hasCheckpoint, loadCheckpoint } from "../training/checkpoint.ts";
import { ScalarLog } from "../training/scalar_log.ts";
import { removeIfThere } from "../io/remove_if_there.ts";

/** Where a run writes. */
export interface RunLogOptions {
  /** Folder of the run's checkpoints. */
  folder: string;
  /** Folder of event files, or null for none. */
  eventFolder: string | null;
  /** Whether the run is resumed. */
  continueTrain?: boolean;
  /** Checkpoint that it is resumed from; the latest one if not given. */
  whichEpoch?: string;
  /** Number of the first step in curves: 0 or 1. */
  firstStep: number;
}

/** Callbacks of a training stage that also log; close when the stage has ended in any way. */
export interface RunLog extends AsyncDisposable {
  /** The given callbacks, with logging added. */
  readonly callbacks: StageCallbacks & {
    onImage: (step: number, tag: string, image: FloatImage) => void;
  };
}

/**
 * Adds logging to the callbacks of a training stage. The run's folder is made by the stage, so the log is opened at the
 * first scalar.
 */
export async function openRunLog(options: RunLogOptions, callbacks: StageCallbacks): Promise<RunLog> {
  if (!isWriter()) return { callbacks: { ...callbacks, onImage() {} }, async [Symbol.asyncDispose]() {} };
  const startStep = await nextStep(options);
  let log: ScalarLog | null = null, pending: Promise<unknown> = Promise.resolve();
  const waiting: [number, Readonly<Record<string, number>>][] = [];
  const events = options.eventFolder === null ? null : await openEvents(options, startStep);
  let failed = false;
  const later = (write: () => Promise<void>) => {
    pending = pending.then(write).catch((error) => { // training continues without its log
      if (!failed) callbacks.onMessage?.(`The log in ${options.folder} is not complete: ${messageOf(error)}`);
      failed = true;
    });
  };
  const writeWaiting = async () => {
    log ??= await ScalarLog.open(options.folder, startStep);
    for (const [step, scalars] of waiting.splice(0)) log.add(step, scalars);
  };
  return {
    callbacks: {
      ...callbacks,
      onScalars(step, scalars) {
        waiting.push([step, scalars]);
        later(writeWaiting);
        events?.writeScalars(step, scalars);
        callbacks.onScalars?.(step, scalars);
      },
      onImage(step, tag, image) {
        if (events) later(() => events.writeImage(step, tag, image));
      },
    },
    async [Symbol.asyncDispose]() {
      await pending;
      events?.[Symbol.dispose]();
    },
  };
}

async function nextStep(options: RunLogOptions): Promise<number> {
  const { folder, continueTrain = false, whichEpoch = "latest", firstStep } = options;
  if (!continueTrain || !await hasCheckpoint(folder, whichEpoch)) return 0;
  const { state } = await loadCheckpoint(folder, whichEpoch);
  return firstStep + ((state as { iteration?: number }).iteration ?? 0);
}

async function openEvents(
  { eventFolder, continueTrain }: RunLogOptions,
  startStep: number,
): Promise<EventWriter> {
  if (!continueTrain) {
    await removeIfThere(eventFolder!);
  }
  return new EventWriter(eventFolder!, { startStep });
}
