import { assertAlmostEquals, assertEquals } from "@std/assert";
import { type BackendName, useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { newVariable, Parameters } from "../../lib/networks/parameters.ts";
import { Adam } from "../../lib/training/adam.ts";
import { emaDecay, updateEma } from "../../lib/training/ema.ts";
import { computeGradients } from "../../lib/training/gradients.ts";
import { nativeTest } from "../backend/native_library.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

await tf.setBackend("cpu");

/** Adam by its formula in float64. */
function reference(p: number[], gradients: number[][], lr: number, beta1: number, beta2: number): number[] {
  const m = p.map(() => 0), v = p.map(() => 0), out = p.slice();
  gradients.forEach((g, step) => {
    const t = step + 1;
    for (let i = 0; i < out.length; i++) {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
      out[i] -= lr / (1 - beta1 ** t) * m[i] / (Math.sqrt(v[i]) / Math.sqrt(1 - beta2 ** t) + 1e-8);
    }
  });
  return out;
}

for (const [beta1, beta2] of [[0.9, 0.999], [0, 0.99]]) {
  const followFormula = async (backend: BackendName): Promise<void> => {
    await useBackend({ backend, threads: 2 });
    const prng = new Prng(1, "adam");
    const start = [1, -0.5, 0, 0.25];
    const gradients = Array.from(
      { length: 5 },
      () => [0, 1e-9 * prng.normal(), prng.normal(), 1e4 * prng.normal()],
    );
    const variable = newVariable([4], Float32Array.from(start));
    const variables = new Map([["p", variable]]);
    let adam = new Adam(variables, { beta1, beta2 });
    const before = tf.memory().numTensors;
    for (const [i, gradient] of gradients.entries()) {
      if (i === 3) {
        const state = await adam.toArrays();
        adam.dispose();
        adam = new Adam(variables, { beta1, beta2 });
        adam.load(state);
      }
      tf.tidy(() => adam.apply({ p: tf.tensor1d(gradient) }, tf.scalar(1e-3)));
    }
    assertEquals(tf.memory().numTensors, before);
    const expected = reference(start, gradients, 1e-3, beta1, beta2);
    const actual = variable.dataSync();
    for (let i = 0; i < 4; i++) assertAlmostEquals(actual[i], expected[i], 1e-6, `entry ${i}`);
  };
  const name = `Adam with betas ${beta1}, ${beta2} follows its formula, and resumes after a load`;
  Deno.test(`cpu: ${name}`, () => followFormula("cpu"));
  nativeTest(name, () => followFormula("native"));
}

Deno.test("Adam leaves variables without a gradient where they are and refuses impossible decays", async () => {
  await useBackend({ backend: "cpu" });
  const variables = new Map([["a", newVariable([1], Float32Array.of(2), true)], [
    "b",
    newVariable([1], Float32Array.of(3)),
  ]]);
  const adam = new Adam(variables);
  const { loss, gradients } = computeGradients(() => tf.sum(tf.square(variables.get("a")!)), variables);
  assertEquals(loss.dataSync()[0], 4);
  assertEquals(Object.keys(gradients), ["a"]);
  adam.apply(gradients, tf.scalar(0.1));
  assertAlmostEquals(variables.get("a")!.dataSync()[0], 1.9, 1e-6);
  assertEquals(variables.get("b")!.dataSync()[0], 3);
  assertThrowsWith(() => new Adam(variables, { beta1: 1 }), RangeError, "beta1", "[0, 1)", 1);
});

Deno.test("the EMA moves by 1 − α, weights and buffers alike", () => {
  const build = (value: number) => {
    const parameters = new Parameters(new Prng(1));
    parameters.ones("w", [1]).assign(tf.tensor1d([value]));
    parameters.buffer("m", [1], Float32Array.of(value));
    return parameters;
  };
  const average = build(1), current = build(3);
  updateEma(average, current, tf.scalar(0.75));
  assertEquals([...average.entries().values()].map((entry) => entry.dataSync()[0]), [1.5, 1.5]);
  assertEquals([...current.entries().values()].map((entry) => entry.dataSync()[0]), [3, 3]);
  assertAlmostEquals(emaDecay(0.999, 9), 0.90479, 1e-5);
  assertAlmostEquals(emaDecay(0.999, 10), 0.99004, 1e-5);
  assertEquals(emaDecay(0.999, 100), 0.999);
});
