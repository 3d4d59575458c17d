/**
 * Cases of optimisers with given gradients.
 *
 * @module
 */
import { type Scalar, tf } from "../../lib/core/tensor.ts";
import { FullMatrixAdam } from "../../lib/pose/full_matrix_adam.ts";
import { Adam } from "../../lib/training/adam.ts";
import { type CaseData, joined } from "./case_data.ts";
import { type Check, close } from "./check.ts";

const ADAM = { ofLargest: 1e-6 };
/** Truth is float64, and so is ours. */
const FULL_MATRIX = { ofLargest: 2e-3 };

/** What the list says of an optimiser. */
interface Settings {
  readonly betas: readonly [number, number];
  readonly lr: number;
  readonly eps: number;
  readonly lrs?: readonly number[] | null;
}

/** Adam: parameters and moments after every step. */
export async function adamCase(data: CaseData): Promise<Check[]> {
  tf.env().set("PROD", true); // no advice on the console
  await tf.setBackend("cpu");
  const { betas: [beta1, beta2], lr, eps: epsilon, lrs } = data.entry as unknown as Settings;
  const shape = [...data.shape("p0")];
  const parameter = tf.variable(tf.tensor(Float32Array.from(data.floats("p0")), shape));
  const optimiser = new Adam(new Map([["p", parameter]]), { beta1, beta2, epsilon });
  const recorded: Record<string, ArrayLike<number>[]> = { "p": [], "m/p": [], "v/p": [] };
  for (const [step, row] of data.rows("grads").entries()) {
    const gradient = tf.tensor(Float32Array.from(row), shape);
    const rate = tf.scalar(lrs?.[step] ?? lr) as Scalar;
    optimiser.apply({ p: gradient }, rate);
    const state = await optimiser.toArrays();
    recorded["p"].push(parameter.dataSync().slice());
    for (const name of ["m/p", "v/p"]) recorded[name].push(state[name].data);
    tf.dispose([gradient, rate]);
  }
  optimiser.dispose();
  parameter.dispose();
  return [
    close("p", joined(recorded["p"]), data.floats("p"), ADAM),
    close("exp_avg", joined(recorded["m/p"]), data.floats("exp_avg"), ADAM),
    close("exp_avg_sq", joined(recorded["v/p"]), data.floats("exp_avg_sq"), ADAM),
  ];
}

/** The pose optimiser's parameters after every step. */
export function fullMatrixAdamCase(data: CaseData): Check[] {
  const [items, size] = data.shape("p0");
  const { betas: [beta1, beta2], lr, eps: epsilon } = data.entry as unknown as Settings;
  const optimiser = new FullMatrixAdam(items, size, { beta1, beta2, epsilon });
  const parameters = data.floats("p0");
  const steps = data.rows("grads").map((gradients) => {
    optimiser.update(parameters, gradients, lr);
    return parameters.slice();
  });
  return [close("p", joined(steps), data.floats("p"), FULL_MATRIX)];
}
