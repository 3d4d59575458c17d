import "../../original/register.ts";
import { assert, assertEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { poseMetadataFile } from "../../lib/core/paths.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { importPhotographs } from "../../lib/datasets/import_photographs.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { loadFeatureNetwork } from "../../lib/metrics/load_feature_network.ts";
import { INCEPTION_CONVOLUTIONS } from "../../lib/metrics/inception_layers.ts";
import { writePoseMetadata } from "../../lib/pseudogt/files.ts";
import { evaluate } from "../../scripts/evaluate.ts";
import { callCommand } from "../e2e/_workplace.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { toyRun } from "../gan/_run.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inProject } from "../helpers/temporary_folder.ts";

/** Saves random weights by the names and shapes of a list. */
const SAVE = `
import json, sys, torch
torch.manual_seed(1)
def value(name, shape):
    if name.endswith("num_batches_tracked"): return torch.tensor(0)
    if name.endswith(("running_var", "bn.weight")): return torch.rand(shape) + 0.5
    return torch.randn(shape) * (2 / torch.tensor(shape[1:]).prod()) ** 0.5
entries = {name: value(name, shape) for name, shape in json.load(sys.stdin)}
torch.save(entries, sys.argv[1] + "/inception_v3_google.pth")
torch.save(torch.nn.Linear(3, 2).state_dict(), sys.argv[1] + "/other.pth")
torch.save(torch.nn.Linear(3, 2), sys.argv[1] + "/model.pth")
`;

/** Saves torchvision's network with random weights; prints names and shapes, and the features of an image. */
const TORCHVISION = `
import json, sys, torch, torchvision
torch.manual_seed(1)
model = torchvision.models.inception_v3(weights=None, init_weights=False).eval()
for layer in model.modules():
    if isinstance(layer, torch.nn.BatchNorm2d):
        layer.running_mean.normal_(0, 0.1)
        layer.running_var.uniform_(0.1, 0.25)
torch.save(model.state_dict(), sys.argv[1] + "/inception_v3_google.pth")
shapes = [[name, list(value.shape)] for name, value in model.state_dict().items()]
model.fc = torch.nn.Identity()
image = (torch.arange(299 * 299 * 3) % 97 / 97).view(1, 299, 299, 3).permute(0, 3, 1, 2)
with torch.no_grad():
    features = model(2 * image - 1)
print(json.dumps({"shapes": shapes, "features": features[0].tolist()}))
`;

async function python(script: string, folder: string, input: unknown = null): Promise<string> {
  const command = new Deno.Command("python3", {
    ...{ args: ["-c", script, folder], stdin: "piped", stdout: "piped", stderr: "piped" },
  });
  const process = command.spawn(), writer = process.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(input)));
  await writer.close();
  const { success, stdout, stderr } = await process.output();
  assert(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

async function missing(module: string): Promise<string | null> {
  const command = new Deno.Command("python3", {
    ...{ args: ["-c", `import ${module}`], stdout: "null", stderr: "null" },
  });
  return await command.output().then(({ success }) => success, () => false)
    ? null
    : `Python has no ${module}`;
}

/** Names and shapes of torchvision's state dict, in its order except for the auxiliary head. */
function torchvisionEntries(): [string, number[]][] {
  const convolution = (name: string, shape: number[]): [string, number[]][] => [
    [`${name}.conv.weight`, shape],
    ...["weight", "bias", "running_mean", "running_var"].map((entry): [string, number[]] => [
      `${name}.bn.${entry}`,
      [shape[0]],
    ]),
    [`${name}.bn.num_batches_tracked`, []],
  ];
  return [
    ...INCEPTION_CONVOLUTIONS.flatMap(({ name, inChannels, outChannels, kernel }) =>
      convolution(name, [outChannels, inChannels, ...kernel])
    ),
    ...convolution("AuxLogits.conv0", [128, 768, 1, 1]),
    ...convolution("AuxLogits.conv1", [768, 128, 5, 5]),
    ["AuxLogits.fc.weight", [1000, 768]],
    ["AuxLogits.fc.bias", [1000]],
    ["fc.weight", [1000, 2048]],
    ["fc.bias", [1000]],
  ];
}

slowTest(
  "a file of torchvision's names and shapes that torch has saved goes through evaluate; others get a sentence",
  () =>
    inProject(async () => {
      await python(SAVE, ".", torchvisionEntries());
      await makeSynthetic("photos", { category: "car", count: 6, seed: 1, resolution: 64 });
      await importPhotographs("photos", { name: "toy", category: "car" });
      await Deno.mkdir("cache/toy", { recursive: true });
      await writePoseMetadata(poseMetadataFile("toy", "singletpl"), toyDataset(6, 64).poses);
      await toyRun("checkpoints_gan/run", { latest: 1 });
      const measure = (file: string) => callCommand(evaluate, ["--name", "run", "--inception", file]);
      const { code, output, messages } = await measure("inception_v3_google.pth");
      assertEquals(code, 0, messages);
      assertFacts(output, "FID combined", "latest", 1);
      const { entries } = JSON.parse(await Deno.readTextFile("checkpoints_gan/run/evaluation.json"));
      const { label, recipe: config, combined, realDiversity } = entries[0];
      assertEquals([label, config.featureNetwork], ["FID", "inception_v3"]);
      assert(combined > 0.1 && realDiversity > 0.1, output);
      for (
        const [file, ...facts] of [
          [
            "other.pth",
            "Conv2d_1a_3x3.conv.weight",
            "[32, 3, 3, 3]",
          ],
          ["model.pth", "torch.nn.modules.linear"],
        ]
      ) {
        const { code, messages } = await measure(file);
        assertEquals(code, 1);
        assertFacts(messages, file, ...facts);
      }
    }),
  await missing("torch"),
);

slowTest(
  "torchvision's own network and its state dict have these names, shapes and features",
  () =>
    inProject(async () => {
      const told = JSON.parse(await python(TORCHVISION, "."));
      const sorted = (entries: [string, number[]][]) => entries.map((entry) => entry.join(" ")).sort();
      assertEquals(sorted(told.shapes), sorted(torchvisionEntries()));
      await useBackend({ threads: 2 });
      const network = await loadFeatureNetwork("inception_v3", {
        inceptionWeights: "inception_v3_google.pth",
      });
      const image = floatImage(299, 299, 3);
      image.data.forEach((_, i) => image.data[i] = (i % 97) / 97);
      const features = await network.features([image]);
      network.dispose();
      const largest = Math.max(...told.features.map(Math.abs));
      const worst = Math.max(
        ...told.features.map((value: number, i: number) => Math.abs(value - features[i])),
      );
      assert(largest > 1e-3 && worst <= 1e-4 * largest, `${worst} of ${largest}`);
    }),
  await missing("torchvision"),
);
