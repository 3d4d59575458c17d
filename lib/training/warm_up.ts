/**
 * Recording a step before the first one that counts.
 *
 * @module
 */
import { activeNativeBackend } from "../backend/native/active.ts";
import type { NdArray } from "../core/arrays.ts";
import { type Tensor, tf } from "../core/tensor.ts";

/** What a step changes: parameters or the state of an optimiser. */
export interface TrainingState {
  /** All values by name, copied out. */
  toArrays(): Promise<Record<string, NdArray>>;
  /** Takes over all values. */
  load(arrays: Readonly<Record<string, NdArray>>): void;
}

/**
 * Runs a compiled step once and undoes what it changed.
 *
 * With the precision bf16 the run that is recorded, which is in float32, differs from the replays; in float32 they are equal,
 * as tests show for the machines that they ran on. With this call before the first step, in a new run and in a resumed one,
 * every step that counts is a replay, so that a resumed run equals an uninterrupted one to the bit in any case.
 * Does nothing on backends that do not record.
 *
 * @param step Compiled step
 * @param inputs Its inputs; they stay the caller's
 * @param states Everything that the step changes
 */
export async function recordWithoutEffect<Inputs>(
  step: (inputs: Inputs) => Record<string, Tensor>,
  inputs: Inputs,
  states: readonly TrainingState[],
): Promise<void> {
  if (activeNativeBackend() === null) return;
  const before: Record<string, NdArray>[] = [];
  for (const state of states) before.push(await state.toArrays());
  tf.dispose(step(inputs));
  states.forEach((state, i) => state.load(before[i]));
}
