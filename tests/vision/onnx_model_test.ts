import { assertAlmostEquals, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { editOnnx, readOnnxGraph } from "../../lib/vision/onnx_graph.ts";
import { loadOnnxModel } from "../../lib/vision/onnx_model.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { encodeOnnx, type OnnxGraph } from "../helpers/onnx_builder.ts";
import { onnxTest } from "../helpers/onnx_test.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

/** Doubles the image, then takes its mean over the channels and the sigmoid. */
const DOUBLER: OnnxGraph = {
  input: { name: "image", shape: ["batch", 3, 4, 6] },
  constants: [{ name: "two", shape: [1], values: [2] }],
  nodes: [
    { kind: "Mul", inputs: ["image", "two"], outputs: ["/doubled"] },
    { kind: "ReduceMean", inputs: ["/doubled"], outputs: ["/mean"], attributes: { axes: [1], keepdims: 1 } },
    { kind: "Sigmoid", inputs: ["/mean"], outputs: ["mask"] },
  ],
  outputs: [{ name: "mask", rank: 4 }],
};

Deno.test("a model's steps are read, and arrays of them become outputs", () => {
  const bytes = encodeOnnx(DOUBLER), graph = readOnnxGraph(bytes, "a.onnx");
  assertEquals(graph.outputs, ["mask"]);
  assertEquals(graph.steps.map(({ kind, inputs, outputs }) => [kind, ...inputs, ...outputs]), [
    ["Mul", "image", "two", "/doubled"],
    ["ReduceMean", "/doubled", "/mean"],
    ["Sigmoid", "/mean", "mask"],
  ]);
  const edited = editOnnx(bytes, { outputs: ["/mean", "mask"], freeInput: "image" }, "a.onnx");
  assertEquals(readOnnxGraph(edited, "a.onnx"), { steps: graph.steps, outputs: ["mask", "/mean"] });
  assertThrowsWith(
    () => editOnnx(bytes, { outputs: ["/none"] }, "a.onnx"),
    UserError,
    '"/none"',
    "a.onnx",
    3,
  );
  assertThrowsWith(() => readOnnxGraph(bytes.subarray(0, 90), "a.onnx"), UserError, "a.onnx", "ONNX");
});

onnxTest("a model is run for its outputs, for what is inside, and for images of another size", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/a.onnx`;
    await Deno.writeFile(path, encodeOnnx(DOUBLER));
    const plain = await loadOnnxModel(path, { threads: 1 });
    assertEquals(plain.inputShape, [null, 3, 4, 6]);
    const small = { data: new Float32Array(72).fill(0.25), shape: [1, 3, 4, 6] };
    const { mask, ...others } = await plain.run(small);
    assertEquals([mask.shape, Object.keys(others)], [[1, 1, 4, 6], []]);
    assertAlmostEquals(Number(mask.data[0]), 1 / (1 + Math.exp(-0.5)), 1e-6);
    await assertRejects(() => plain.run({ data: new Float32Array(3 * 35), shape: [1, 3, 5, 7] }));
    await plain.close();
    const open = await loadOnnxModel(path, { inner: ["/doubled"], anySize: true });
    assertEquals(open.inputShape, [null, 3, null, null]);
    const found = await open.run({ data: new Float32Array(3 * 35).fill(0.25), shape: [1, 3, 5, 7] });
    assertEquals([found["/doubled"].shape, found.mask.shape], [[1, 3, 5, 7], [1, 1, 5, 7]]);
    assertEquals(Number(found["/doubled"].data[104]), 0.5);
    await open.close();
  });
});
