import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { loadPatchModel } from "../../lib/metrics/patch_model_features.ts";
import { findPatchModel } from "../../lib/vision/patch_model.ts";
import { assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { encodeOnnx, type OnnxGraph } from "../helpers/onnx_builder.ts";
import { onnxTest } from "../helpers/onnx_test.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const D = 4, PATCH = 8, PIXELS = PATCH * PATCH;
/** Features of a patch: means of red, green and blue, and of red less blue. */
const WEIGHTS = [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 0, -1]];

/** A network of patches: as a map, or as tokens after one of the whole image and one that is nobody's. */
function graph(asTokens: boolean, side: number | string): OnnxGraph {
  const values = WEIGHTS.flatMap((row) => row.flatMap((weight) => Array(PIXELS).fill(weight / PIXELS)));
  const tokens: OnnxGraph["nodes"] = [
    { kind: "Reshape", inputs: ["map", "flat"], outputs: ["columns"] },
    { kind: "Transpose", inputs: ["columns"], outputs: ["patches"], attributes: { perm: [0, 2, 1] } },
    { kind: "Concat", inputs: ["extra", "patches"], outputs: ["tokens"], attributes: { axis: 1 } },
  ];
  return {
    input: { name: "image", shape: [1, 3, side, side] },
    constants: [
      { name: "weights", shape: [D, 3, PATCH, PATCH], values },
      { name: "flat", shape: [3], values: [1, D, -1], type: "int64" },
      { name: "extra", shape: [1, 2, D], values: [7, 7, 7, 7, -1, -1, -1, -1] },
    ],
    nodes: [
      {
        kind: "Conv",
        inputs: ["image", "weights"],
        outputs: ["map"],
        attributes: { strides: [PATCH, PATCH] },
      },
      ...(asTokens ? tokens : []),
    ],
    outputs: [asTokens ? { name: "tokens", rank: 3 } : { name: "map", rank: 4 }],
  };
}

onnxTest(
  "features of patches come from tokens and maps, of the size that the file or the options name",
  () =>
    inFolder(async (folder) => {
      const model = `${folder}/own_vit.onnx`, mean = [0, 0, 0] as const, deviation = [255, 255, 255] as const;
      for (const [asTokens, side, wanted] of [[true, 32, 32], [true, "h", 40], [false, 24, 24]] as const) {
        await Deno.writeFile(model, encodeOnnx(graph(asTokens, side)));
        const found = await findPatchModel({ model, size: 40, mean, deviation });
        assertEquals([found.name, found.resolution], ["own_vit", wanted]);
        const network = await found.open(), P = wanted / PATCH;
        assertEquals([network.side, network.dimensions], [P, D]);
        const data = Float32Array.from({ length: 3 * wanted ** 2 }, (_, k) => { // red by rows, blue by columns
          const [i, j] = [Math.floor(k / 3 / wanted), Math.floor(k / 3) % wanted].map((p) =>
            Math.floor(p / PATCH)
          );
          return [i / P, 0.5, j / P][k % 3];
        });
        const image = { data, height: wanted, width: wanted, channels: 3 };
        const { patches, whole } = await network.features(image);
        for (let p = 0; p < P * P; p++) {
          const red = Math.floor(p / P) / P, blue = p % P / P;
          [red, 0.5, blue, red - blue].forEach((value, d) =>
            assertAlmostEquals(patches[p * D + d], value, 1e-5)
          );
        }
        const average = (P - 1) / (2 * P);
        [...(asTokens ? [7, 7, 7, 7] : [average, 0.5, average, 0])]
          .forEach((value, d) => assertAlmostEquals(whole[d], value, 1e-5));
        await network.close();
        const judge = await loadPatchModel({ model, size: 40, mean, deviation });
        assertEquals(await judge.features([image, image]), Float32Array.from([...whole, ...whole]));
        assert(judge.name === "own_vit" && judge.weightsHash.length === 64);
        judge.dispose();
      }
      await Deno.writeFile(model, encodeOnnx({ ...graph(false, 8), outputs: [{ name: "map", rank: 4 }] })); // one patch
      await assertRejectsWith(() => findPatchModel({ model }), UserError, "[1, N, D]");
      await assertMissing(() => findPatchModel({ model: `${folder}/no.onnx` }), `${folder}/no.onnx`);
    }),
);
