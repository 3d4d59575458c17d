import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { UserError } from "../../lib/core/errors.ts";
import type { Prng } from "../../lib/core/prng.ts";
import { type Scalar, type Tensor4D, tf } from "../../lib/core/tensor.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import type { ReconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import type { ReconstructionModel } from "../../lib/networks/reconstruction_network.ts";
import { loadReconstruction } from "../../lib/reconstruction/files.ts";
import type { ReconstructionParts, ReconstructionTerms } from "../../lib/reconstruction/own_parts.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { trainIn } from "../reconstruction/train_in.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const inputs = makeToyInputs(4, ["thing"], false);
const OPTIONS = {
  preset: "demo",
  imageResolution: 32,
  width: 1 / 16,
  batchSize: 2,
  lr: 0.01,
} as const;

/** A network that predicts the same object for every photograph. */
function oneObject(config: ReconstructionConfig, prng: Prng): ReconstructionModel {
  const parameters = new Parameters(prng), R = config.textureResolution;
  const map = parameters.zeros("map", [1, 32, 32, 3]), texture = parameters.zeros("texture", [1, R, R, 3]);
  return {
    config,
    parameters,
    type: "one object",
    predict: ({ image }) => {
      const repeat = (values: tf.Tensor) => tf.tile(values as Tensor4D, [image.shape[0], 1, 1, 1]);
      return { displacementMap: repeat(map), texture: tf.tanh(repeat(texture)), parts: null };
    },
    dispose: () => parameters.dispose(),
  };
}

async function train(parts: ReconstructionParts, epochs = 2, then?: (folder: string) => Promise<void>) {
  await useBackend({ backend: "wasm" });
  const { dataset, poses, templates } = inputs, ious: number[] = [];
  let total = NaN;
  await inFolder(async (folder) => {
    const options = { ...OPTIONS, epochs, folder: `${folder}/run` };
    const onScalars = (_: number, scalars: Readonly<Record<string, number>>) => {
      if ("iou/train" in scalars) ious.push(scalars["iou/train"]);
    };
    const { figures } = await trainIn(dataset, poses, templates, options, { onScalars }, parts);
    total = figures!.total;
    await then?.(options.folder);
  });
  return { total, ious };
}

slowTest("a reconstruction with parts of one's own is the paper's where the objective is", async () => {
  const { total } = await train({ objective: ({ total }) => total });
  assertEquals(total, (await train({})).total);
});

slowTest(
  "a reconstruction with parts of one's own minimises another objective, which moves other things",
  async () => {
    const large = ({ vertices }: ReconstructionTerms) => tf.neg(tf.mean(tf.square(vertices))) as Scalar;
    const { ious } = await train({ makeNetwork: oneObject, objective: large }, 10);
    assert(ious.at(-1)! < ious[0] - 0.02, `${ious[0]} to ${ious.at(-1)}`);
  },
);

slowTest(
  "a reconstruction with parts of one's own trains another network, whose checkpoints load with it and no other",
  async () => {
    const { ious } = await train({ makeNetwork: oneObject }, 20, async (folder) => {
      const { network, state } = await loadReconstruction(folder, "latest", oneObject);
      assertEquals([network.type, state.type, network.parameters.count], [
        "one object",
        "one object",
        15_360,
      ]);
      network.dispose();
      await assertRejectsWith(() => loadReconstruction(folder), UserError, "one object");
    });
    assert(ious.at(-1)! > ious[0] + 0.02, `${ious[0]} to ${ious.at(-1)}`);
  },
);

slowTest("a reconstruction with parts of one's own draws with another sharpness", async () => {
  const { total } = await train({ renderer: { sharpness: 500 } });
  assert(Number.isFinite(total) && total !== (await train({})).total);
});
