/**
 * The named values of a network: what training changes, and what a checkpoint holds.
 *
 * Names are the original's state_dict names (`conv1e.weight`, `bn1e.norm.running_mean`, …), values are in tfjs layouts;
 * `torch_layout.ts` turns one into the other.
 *
 * @module
 */
import { type NdArray, sizeOf } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import type { Prng } from "../core/prng.ts";
import { tf, type Variable } from "../core/tensor.ts";

/**
 * How an entry's axes differ from torch's: convolution kernels and linear weights are transposed, the vector v of a
 * spectral norm is permuted like its kernel, planes go from `[1, C, H, W]` to `[1, H, W, C]`; the rest is as it is.
 */
export type TorchLayout = "convolution" | "linear" | "spectralV" | "planes" | "plain";

/** Named variables of one network. */
export class Parameters {
  /** What the optimiser changes, in the order of construction. */
  readonly trainable: Map<string, Variable> = new Map();
  /** Running statistics, vectors of spectral norms and constants that belong to a checkpoint. */
  readonly buffers: Map<string, Variable> = new Map();
  /** Names of buffers that never change once they are set; averages leave them as they are. */
  readonly constants: Set<string> = new Set();
  /** How each entry is laid out compared with torch. */
  readonly layouts: Map<string, TorchLayout> = new Map();
  readonly #prng: Prng;

  /**
   * Starts without entries.
   *
   * @param prng Source of the initial values, drawn in the order of construction
   */
  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** A trainable entry, uniform in (−bound, bound). */
  uniform(name: string, shape: readonly number[], bound: number, layout: TorchLayout = "plain"): Variable {
    const prng = this.#prng;
    const values = Float32Array.from({ length: sizeOf(shape) }, () => prng.uniform(-bound, bound));
    return this.#add(this.trainable, name, shape, values, layout);
  }

  /** A trainable entry of standard normal values times `deviation`. */
  normal(name: string, shape: readonly number[], deviation = 1, layout: TorchLayout = "plain"): Variable {
    const prng = this.#prng;
    const values = Float32Array.from({ length: sizeOf(shape) }, () => deviation * prng.normal());
    return this.#add(this.trainable, name, shape, values, layout);
  }

  /** A buffer of zeros that is set once, from the data. */
  constant(name: string, shape: readonly number[]): Variable {
    this.constants.add(name);
    return this.buffer(name, shape, new Float32Array(sizeOf(shape)));
  }

  /** A trainable entry of zeros. */
  zeros(name: string, shape: readonly number[], layout: TorchLayout = "plain"): Variable {
    return this.#add(this.trainable, name, shape, new Float32Array(sizeOf(shape)), layout);
  }

  /** A trainable entry of ones. */
  ones(name: string, shape: readonly number[], layout: TorchLayout = "plain"): Variable {
    return this.#add(this.trainable, name, shape, new Float32Array(sizeOf(shape)).fill(1), layout);
  }

  /** An entry that steps may move but no optimiser does. */
  buffer(
    name: string,
    shape: readonly number[],
    values: Float32Array,
    layout: TorchLayout = "plain",
  ): Variable {
    return this.#add(this.buffers, name, shape, values, layout);
  }

  /** A standard normal vector of length 1, `[length]`: the start of a spectral norm. */
  unitVector(length: number): Float32Array {
    const values = this.#prng.normals(length);
    const norm = Math.hypot(...values);
    return values.map((value) => value / norm);
  }

  /** The trainable entries. */
  variables(): Variable[] {
    return [...this.trainable.values()];
  }

  /** All entries by name, trainable ones first. */
  entries(): Map<string, Variable> {
    return new Map([...this.trainable, ...this.buffers]);
  }

  /** How many trainable values there are. */
  get count(): number {
    return this.variables().reduce((sum, variable) => sum + variable.size, 0);
  }

  /** All values by name, in tfjs layouts, copied out of the backend. */
  async toArrays(): Promise<Record<string, NdArray<Float32Array>>> {
    const arrays: Record<string, NdArray<Float32Array>> = {};
    for (const [name, variable] of this.entries()) {
      arrays[name] = { data: await variable.data<"float32">(), shape: variable.shape.slice() };
    }
    return arrays;
  }

  /**
   * Takes over all values of a checkpoint.
   *
   * @param arrays Values by name, exactly the entries of this network
   * @param source Where they come from, for the message
   * @throws {UserError} If an entry is missing, unknown or of another shape; nothing is changed then
   */
  load(arrays: Readonly<Record<string, NdArray>>, source = "the checkpoint"): void {
    const entries = this.entries();
    for (const name of Object.keys(arrays)) {
      if (!entries.has(name)) {
        throw new UserError(`Cannot load ${source}: its entry ${name} does not exist in this network.`);
      }
    }
    for (const [name, variable] of entries) {
      const found = arrays[name];
      if (!found) throw new UserError(`Cannot load ${source}: it lacks the entry ${name} of this network.`);
      if (found.shape.join() !== variable.shape.join()) {
        throw new UserError(
          `Cannot load ${source}: ${name} must be [${variable.shape.join(", ")}], ` +
            `current value is [${found.shape.join(", ")}].`,
        );
      }
    }
    for (const [name, variable] of entries) {
      const { data } = arrays[name];
      assignValues(
        variable,
        data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<number>),
      );
    }
  }

  /** Copies all values into a network of the same build. */
  copyTo(target: Parameters): void {
    const targets = target.entries();
    for (const [name, variable] of this.entries()) {
      const other = targets.get(name);
      if (!other) throw new TypeError(`Cannot copy parameters: the target has no entry ${name}`);
      tf.tidy(() => other.assign(variable.clone()));
    }
  }

  /** Frees all values. */
  dispose(): void {
    for (const variable of this.entries().values()) variable.dispose();
    this.trainable.clear();
    this.buffers.clear();
  }

  #add(
    map: Map<string, Variable>,
    name: string,
    shape: readonly number[],
    values: Float32Array,
    layout: TorchLayout,
  ): Variable {
    if (this.trainable.has(name) || this.buffers.has(name)) {
      throw new TypeError(`Cannot add a parameter: the name ${name} is taken`);
    }
    const variable = newVariable(shape, values, map === this.trainable);
    map.set(name, variable);
    this.layouts.set(name, layout);
    return variable;
  }
}

/** A variable with these values, of a name that tfjs chooses. */
export function newVariable(shape: readonly number[], values: Float32Array, trainable = false): Variable {
  const initial = tf.tensor(values, shape.slice(), "float32");
  const variable = tf.variable(initial, trainable);
  initial.dispose();
  return variable;
}

/** Overwrites a variable with values from outside a step. */
export function assignValues(variable: Variable, values: Float32Array): void {
  tf.tidy(() => variable.assign(tf.tensor(values.slice(), variable.shape, "float32")));
}
