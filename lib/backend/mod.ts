/**
 * What computes with tensors: the choice of a backend, and training steps that are recorded and replayed.
 *
 * @module
 */
export * from "./options.ts";
export { type ActiveBackend, useBackend } from "./select_backend.ts";
export {
  type CompiledStep,
  type CompiledStepControls,
  compileStep,
  type StepTensors,
} from "./compile_step.ts";
export { type HostComputation, hostOp, hostResult } from "./host_op.ts";
export type { StepDescription } from "./native/recorded_step.ts";
