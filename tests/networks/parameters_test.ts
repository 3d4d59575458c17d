import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { fromTorchLayout, toTorchLayout } from "../../original/import/torch_layout.ts";
import { spectralConv } from "../../lib/networks/layers/convolution.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

await tf.setBackend("cpu");

function build(seed: number): Parameters {
  const parameters = new Parameters(new Prng(seed, "test"));
  parameters.uniform("a.weight", [2, 3], 0.5, "linear");
  parameters.buffer("a.running_mean", [3], new Float32Array(3));
  return parameters;
}

Deno.test("the same seed gives the same values, and a checkpoint takes them to another network", async () => {
  const one = build(1), same = build(1), other = build(2);
  assertEquals(await one.toArrays(), await same.toArrays());
  other.load(await one.toArrays());
  assertEquals(await other.toArrays(), await one.toArrays());
  const third = build(3);
  one.copyTo(third);
  assertEquals(await third.toArrays(), await one.toArrays());
  assertEquals(one.count, 6);
});

Deno.test("loading names what is missing, unknown or of another shape, and changes nothing", async () => {
  const parameters = build(1);
  const arrays = await parameters.toArrays();
  const { "a.weight": _, ...rest } = arrays;
  assertThrowsWith(() => parameters.load(rest), UserError, "entry a.weight");
  assertThrowsWith(() => parameters.load({ ...arrays, b: arrays["a.weight"] }), UserError, "entry b");
  const wrong = { ...arrays, "a.running_mean": { data: new Float32Array(4), shape: [4] } };
  assertThrowsWith(() => parameters.load(wrong), UserError, "a.running_mean", "[3]", "[4]");
  assertEquals(await parameters.toArrays(), arrays);
  assertThrowsWith(() => parameters.zeros("a.weight", [1]), TypeError, "a.weight");
});

Deno.test("torch layouts are transposed and come back", () => {
  const parameters = build(1);
  spectralConv(parameters, "s", { inChannels: 2, outChannels: 1, kernel: 2 });
  const linear = { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2] };
  assertEquals([...fromTorchLayout(parameters, "a.weight", linear).data], [1, 3, 5, 2, 4, 6]);
  const kernel = { data: Float32Array.from({ length: 8 }, (_, i) => i), shape: [1, 2, 2, 2] };
  const converted = fromTorchLayout(parameters, "s.weight_orig", kernel);
  assertEquals(converted.shape, [2, 2, 2, 1]);
  assertEquals([...converted.data], [0, 4, 1, 5, 2, 6, 3, 7]);
  const v = { data: kernel.data, shape: [8] };
  assertEquals([...fromTorchLayout(parameters, "s.weight_v", v).data], [...converted.data]);
  assertEquals(toTorchLayout(parameters, "s.weight_orig", converted), kernel);
  assertEquals(toTorchLayout(parameters, "s.weight_v", fromTorchLayout(parameters, "s.weight_v", v)), v);
});
