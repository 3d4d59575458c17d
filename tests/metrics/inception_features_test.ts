import "../../original/register.ts";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { floatImage } from "../../lib/core/arrays.ts";
import { UserError } from "../../lib/core/errors.ts";
import { tf } from "../../lib/core/tensor.ts";
import { encodeTorchFile, TensorToWrite } from "../../original/files/torch_writer.ts";
import { distanceLabel } from "../../lib/metrics/feature_network.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import { INCEPTION_CONVOLUTIONS, INCEPTION_LAYERS } from "../../lib/metrics/inception_layers.ts";
import { InceptionV3 } from "../../lib/metrics/inception_v3.ts";
import { assertMissing, assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inceptionRuleWeights } from "../parity/metric_cases.ts";

async function withFile(content: Uint8Array, use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeFile(`${folder}/weights.pth`, content);
    await use(`${folder}/weights.pth`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("Inception v3 has the original's number of convolutions and values", () => {
  const values = INCEPTION_CONVOLUTIONS.reduce(
    (sum, { inChannels, outChannels, kernel }) =>
      sum + inChannels * outChannels * kernel[0] * kernel[1] + 2 * outChannels,
    0,
  );
  assertEquals([INCEPTION_CONVOLUTIONS.length, values], [94, 21_785_568]);
  assertEquals(INCEPTION_LAYERS.at(-1)?.outChannels, 2048);
});

Deno.test("weights that are missing, of something else, or given to another network are told", async () => {
  await assertMissing(() => loadFeatureNetwork("auto", { inceptionWeights: "none.pth" }), "none.pth");
  await assertRejectsWith(
    () => loadFeatureNetwork("random_features", { inceptionWeights: "none.pth" }).then((n) => n.dispose()),
    UserError,
    "none.pth",
    "inception_v3",
    "random_features",
  );
  const weight = new TensorToWrite({ data: new Float32Array(4), shape: [2, 2] });
  await withFile(encodeTorchFile(new Map([["Conv2d_1a_3x3.conv.weight", weight]])), async (path) => {
    await assertRejectsWith(
      () => loadFeatureNetwork("inception_v3", { inceptionWeights: path }),
      UserError,
      path,
      "Conv2d_1a_3x3.conv.weight",
      "[32, 3, 3, 3]",
      "[2, 2]",
    );
  });
});

slowTest(
  "Inception v3 from a file of torchvision's form gives the features of its weights, and its distance is FID",
  async () => {
    await useBackend({ threads: 2 });
    const weights = inceptionRuleWeights();
    const content = encodeTorchFile(
      new Map(Array.from(weights, ([name, array]) => [name, new TensorToWrite(array)])),
    );
    await withFile(content, async (path) => {
      const messages: string[] = [];
      const network = await loadFeatureNetwork("auto", {
        inceptionWeights: path,
        onMessage: (message) => messages.push(message),
      });
      assertEquals([network.name, network.dimensions, distanceLabel(network.name)], [
        "inception_v3",
        2048,
        "FID",
      ]);
      assertStringIncludes(messages[0], network.weightsHash.slice(0, 8));
      const image = floatImage(299, 299, 3);
      image.data.forEach((_, i) => image.data[i] = (i % 97) / 97);
      const direct = new InceptionV3(weights);
      const wanted = direct.features(tf.tensor4d(image.data as Float32Array, [1, 299, 299, 3]));
      assertEquals(await network.features([image]), await wanted.data<"float32">());
      direct.dispose();
      network.dispose();
    });
  },
);
