/**
 * What everything shares: arrays and tensors, errors, seeded random numbers, progress.
 *
 * @module
 */
export * from "./arrays.ts";
export * from "./errors.ts";
export {
  type ChoiceFacts,
  type NumberFacts,
  type Option,
  option,
  type OptionEntries,
  type OptionFacts,
  type OptionOf,
  type OptionsInput,
  optionsOf,
  type OptionsOutput,
  type OptionValue,
  type Presence,
  resolveOptions,
  type TextFacts,
} from "./option.ts";
export * from "./prng.ts";
export * from "./progress.ts";
export { checkShapes, type Shaped, type ShapePattern } from "./shapes.ts";
export { type RunTasksOptions, type WorkerKind, WorkerPool } from "./worker_pool.ts";
export type { RunnerFactory, TaskRunner } from "./worker_server.ts";
export type {
  NamedTensors,
  Scalar,
  Tensor,
  Tensor1D,
  Tensor2D,
  Tensor3D,
  Tensor4D,
  Variable,
} from "./tensor.ts";
