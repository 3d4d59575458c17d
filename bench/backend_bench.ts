/**
 * Convolutions, their gradients and a training step on the backends that work here.
 *
 * `deno bench -A bench/backend_bench.ts`
 */
import { compileStep } from "../lib/backend/native/compile.ts";
import { findLibrary } from "../lib/backend/native/library_path.ts";
import { useBackend } from "../lib/backend/select_backend.ts";
import { Prng } from "../lib/core/prng.ts";
import { type Scalar, type Tensor, type Tensor4D, tf } from "../lib/core/tensor.ts";

const THREADS = 1;
const SHAPE: [number, number, number, number] = [4, 32, 32, 64];
const LAYERS = 8;

const hasLibrary = await findLibrary().then((place) => place !== null, () => false);

/** Values on the active backend. */
function values(stream: string, shape: number[]): Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(new Prng(1, stream).normals(size).map((value) => 0.05 * value), shape);
}

for (const backend of hasLibrary ? ["native", "wasm"] as const : ["wasm"] as const) {
  await useBackend({ backend, threads: THREADS });
  const x = values("x", SHAPE) as Tensor4D, dy = values("dy", SHAPE) as Tensor4D;
  const kernel = values("kernel", [3, 3, 64, 64]) as Tensor4D;
  const one = async (name: string, run: () => Tensor) => {
    await useBackend({ backend, threads: THREADS });
    run().dispose();
    Deno.bench({ name: `${backend}: ${name}`, group: name, baseline: backend === "wasm" }, async (bench) => {
      await useBackend({ backend, threads: THREADS });
      bench.start();
      const result = run();
      result.dataSync();
      bench.end();
      result.dispose();
    });
  };
  await one("3x3 convolution", () => tf.conv2d(x, kernel, 1, "same"));
  await one("its gradient in the input", () => tf.conv2dTranspose(dy, kernel, SHAPE, 1, "same"));
  await one(
    "with its gradient in the kernel",
    () => tf.grad((weights: Tensor) => tf.conv2d(x, weights as Tensor4D, 1, "same"))(kernel, dy),
  );
}

if (hasLibrary) {
  await useBackend({ backend: "native", threads: THREADS });
  const kernels = Array.from({ length: LAYERS }, (_, i) => tf.variable(values(`layer ${i}`, [3, 3, 8, 8])));
  const step = (x: Tensor4D, rate: Scalar): Tensor[] => {
    const { value, grads } = tf.variableGrads(() => {
      let map = x;
      for (const kernel of kernels) {
        map = tf.leakyRelu(
          tf.add(map, tf.conv2d(map, kernel as unknown as Tensor4D, 1, "same")),
          0.2,
        ) as Tensor4D;
      }
      return tf.mean(tf.square(map)) as Scalar;
    });
    for (const kernel of kernels) kernel.assign(tf.sub(kernel, tf.mul(grads[kernel.name], rate)));
    return [value];
  };
  const x = values("maps", [2, 16, 16, 8]) as Tensor4D, rate = tf.scalar(1e-3);
  const compiled = compileStep(step);
  compiled(x, rate).forEach((result) => result.dispose());
  for (
    const [name, run] of [["eager", (...a: Parameters<typeof step>) => tf.tidy(() => step(...a))], [
      "replayed",
      compiled,
    ]] as const
  ) {
    Deno.bench(
      { name: `native: small step, ${name}`, group: "step", baseline: name === "eager" },
      async (bench) => {
        await useBackend({ backend: "native", threads: THREADS });
        bench.start();
        const [loss] = run(x, rate);
        loss.dataSync();
        bench.end();
        loss.dispose();
      },
    );
  }
}
