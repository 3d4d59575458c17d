/**
 * Taking over the state of PyTorch's Adam, so that training resumes where it was.
 *
 * @module
 */
import type { NdArray } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import type { Parameters } from "../../lib/networks/parameters.ts";
import { fromTorchLayout } from "./torch_layout.ts";
import { describeValue, type PickleValue } from "../files/pickle_values.ts";
import { TorchTensor } from "../files/torch_tensor.ts";
import { OriginalDict } from "./arrays.ts";

/** State of an optimiser. */
export interface OptimizerState {
  /** Moments and step count as our Adam stores them: `m/<name>`, `v/<name>`, `step`. */
  readonly arrays: Record<string, NdArray<Float32Array>>;
  /** Learning rate of its first group. */
  readonly learningRate: number;
}

/**
 * Reads the state of an Adam optimiser of one network. PyTorch numbers weights in the order in which the network's state
 * lists them; a weight that never had a gradient has no moments, which are 0 then.
 *
 * @param value State dict of the optimiser
 * @param names Names in the network's state dict, in its order
 * @param parameters The same network of ours, for shapes and layouts
 * @param path File and entry, for messages
 * @throws {UserError} If it does not belong to the network
 */
export function optimizerState(
  value: PickleValue | undefined,
  names: readonly string[],
  parameters: Parameters,
  path: string,
): OptimizerState {
  const dict = new OriginalDict(value, path);
  const { numbers, learningRate } = groupOf(dict, path);
  const trained = names.filter((name) => parameters.trainable.has(name));
  if (numbers.length !== trained.length) {
    throw new UserError(
      `Cannot use ${path}: it must have ${trained.length} weights as its network has, current value is ${numbers.length}`,
    );
  }
  const states = dict.value("state");
  if (!(states instanceof Map)) {
    throw new UserError(
      `Cannot use ${path}: "state" must be a dict, current value is ${describeValue(states)}`,
    );
  }
  const arrays: Record<string, NdArray<Float32Array>> = {};
  let steps = 0;
  trained.forEach((name, k) => {
    const { shape } = parameters.trainable.get(name)!;
    const size = shape.reduce((product, length) => product * length, 1);
    const found = states.get(numbers[k]);
    const state = found === undefined ? null : new OriginalDict(found, `${path}, weight ${numbers[k]}`);
    if (state) steps = Math.max(steps, stepsOf(state));
    for (const [ours, theirs] of [["m", "exp_avg"], ["v", "exp_avg_sq"]]) {
      const array = state
        ? momentOf(state, theirs, name, parameters)
        : { data: new Float32Array(size), shape: [...shape] };
      if (array.shape.join() !== shape.join()) {
        throw new UserError(
          `Cannot use ${state?.path}: ${theirs} of ${name} must be [${
            shape.join(", ")
          }] in our order of axes, ` +
            `current value is [${array.shape.join(", ")}]`,
        );
      }
      arrays[`${ours}/${name}`] = array;
    }
  });
  arrays.step = { data: Float32Array.of(steps), shape: [] };
  return { arrays, learningRate };
}

/** Numbers of the weights, in their order, and the learning rate. */
function groupOf(dict: OriginalDict, path: string): { numbers: number[]; learningRate: number } {
  const groups = dict.value("param_groups");
  const list = Array.isArray(groups) ? groups : [];
  const numbers = list.flatMap((group) => {
    const members = new OriginalDict(group, `${path}, group`).value("params");
    return Array.isArray(members) ? members : [];
  });
  if (list.length === 0 || !numbers.every((number) => typeof number === "number")) {
    throw new UserError(`Cannot use ${path}: "param_groups" must list the numbers of the weights`);
  }
  const rate = new OriginalDict(list[0], `${path}, group`).value("lr");
  return { numbers: numbers as number[], learningRate: typeof rate === "number" ? rate : 0 };
}

/** Steps done: a number, or a tensor of one value. */
function stepsOf(state: OriginalDict): number {
  const step = state.value("step");
  if (typeof step === "number") return step;
  if (step instanceof TorchTensor && step.shape.length === 0) return Number(step.toArray().data[0]);
  throw new UserError(
    `Cannot use ${state.path}: "step" must be a number, current value is ${describeValue(step)}`,
  );
}

function momentOf(
  state: OriginalDict,
  name: string,
  weight: string,
  parameters: Parameters,
): NdArray<Float32Array> {
  const value = state.value(name);
  const axes = parameters.trainable.get(weight)!.shape.length;
  if (!(value instanceof TorchTensor) || value.shape.length !== axes) {
    throw new UserError(
      `Cannot use ${state.path}: ${name} of ${weight} must be a tensor of ${axes} axes, current value is ${
        value instanceof TorchTensor ? `[${value.shape}]` : describeValue(value)
      }`,
    );
  }
  return fromTorchLayout(parameters, weight, value.toArray());
}
