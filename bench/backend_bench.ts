/**
 * Convolutions, their gradients and a training step on the backends that work here, one thread each.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { measureLine } from "../cli/measure.ts";
import { compileStep } from "../lib/backend/compile_step.ts";
import { findLibrary } from "../lib/backend/native/library_path.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { Prng } from "../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../lib/core/tensor.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { median } from "../lib/core/median.ts";

const THREADS = 1;
const SHAPE: [number, number, number, number] = [4, 32, 32, 64];
const LAYERS = 8;

/** Runs by name; each gives tensors of which the first one is read. */
type Runs = Readonly<Record<string, () => readonly Tensor[]>>;

/** The task `bench:backend`. */
export const benchBackend = defineCommand({
  name: "bench:backend",
  doc: "Milliseconds of convolutions and of a small training step on each backend, on one thread.",
  options: {
    repeats: option.integer({ default: 20, minimum: 1, doc: "Repeats of each; the median counts." }),
    json,
  },
  async run({ repeats, json }, { print }) {
    const figures: Record<string, number> = {};
    const measure = (backend: string, runs: Runs) => {
      for (const [name, run] of Object.entries(runs)) {
        const line = `${backend}: ${name}, ms`;
        figures[line] = medianTime(run, repeats);
        print(measureLine(line, figures[line]));
      }
    };
    const hasLibrary = await findLibrary().then((place) => place !== null, () => false);
    if (!hasLibrary) print("# native was not measured: its library is not there (deno task setup)");
    for (const backend of hasLibrary ? ["wasm", "native"] as const : ["wasm"] as const) {
      await useBackend({ backend, threads: THREADS });
      measure(backend, convolutions());
    }
    if (hasLibrary) measure("native", trainingSteps());
    if (json) await writeJsonAtomic(json, figures);
  },
});

/** Median milliseconds of a run, after one to warm up. */
function medianTime(run: () => readonly Tensor[], repeats: number): number {
  const times: number[] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    const started = performance.now();
    const results = run();
    results[0].dataSync();
    if (repeat >= 0) times.push(performance.now() - started);
    tf.dispose([...results]);
  }
  return median(times);
}

/** Values on the active backend. */
function values(stream: string, shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(new Prng(1, stream).normals(size).map((value) => 0.05 * value), shape);
}

function convolutions(): Runs {
  const x = values("x", SHAPE) as Tensor4D, dy = values("dy", SHAPE) as Tensor4D;
  const kernel = values("kernel", [3, 3, 64, 64]) as Tensor4D;
  const gradient = tf.grad((weights: Tensor) => tf.conv2d(x, weights as Tensor4D, 1, "same"));
  return {
    "3x3 convolution": () => [tf.conv2d(x, kernel, 1, "same")],
    "its gradient in the input": () => [tf.conv2dTranspose(dy, kernel, SHAPE, 1, "same")],
    "with its gradient in the kernel": () => [gradient(kernel, dy)],
  };
}

/** The same training step as it is, and recorded and replayed. */
function trainingSteps(): Runs {
  const kernels = Array.from({ length: LAYERS }, (_, i) => tf.variable(values(`layer ${i}`, [3, 3, 8, 8])));
  const step = ({ x, rate }: { x: Tensor4D; rate: Scalar }) => {
    const { value, grads } = tf.variableGrads(() => {
      let map = x;
      for (const kernel of kernels) {
        const change = tf.conv2d(map, kernel as unknown as Tensor4D, 1, "same");
        map = tf.leakyRelu(tf.add(map, change), 0.2) as Tensor4D;
      }
      return tf.mean(tf.square(map)) as Scalar;
    });
    for (const kernel of kernels) kernel.assign(tf.sub(kernel, tf.mul(grads[kernel.name], rate)));
    return { loss: value };
  };
  const x = values("maps", [2, 16, 16, 8]) as Tensor4D, rate = tf.scalar(1e-3);
  const replayed = compileStep(step);
  return {
    "small step, eager": () => Object.values(tf.tidy(() => step({ x, rate }))),
    "small step, replayed": () => Object.values(replayed({ x, rate })),
  };
}

if (import.meta.main) await runCommand(benchBackend);
