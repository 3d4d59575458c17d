import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { openRunLog } from "../../lib/pipeline/run_log.ts";
import type { ReconstructionOptions } from "../../lib/reconstruction/options.ts";
import { trainIn } from "../reconstruction/train_in.ts";
import { makeToyInputs } from "../reconstruction/toy_dataset.ts";

/** Reads a folder of event files as TensorBoard does: steps and values of scalars, steps and sizes of images. */
const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "images": 0})
events.Reload()
tags = events.Tags()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
    "images": {tag: [[e.step, e.width, e.height, e.encoded_image_string[:4].hex()] for e in events.Images(tag)]
               for tag in tags["images"]},
}))
`;

async function python(...args: string[]): Promise<{ success: boolean; output: string }> {
  try {
    const { success, stdout } = await new Deno.Command("python3", { args, stderr: "null" }).output();
    return { success, output: new TextDecoder().decode(stdout) };
  } catch {
    return { success: false, output: "" };
  }
}

const hasReader =
  (await python("-c", "import tensorboard.backend.event_processing.event_accumulator")).success;

Deno.test({
  name: `TensorBoard's own reader opens the event files of a training that went on${
    hasReader ? "" : " (ignored: python3 has no module tensorboard)"
  }`,
  ignore: !hasReader,
  fn: async () => {
    await useBackend({ backend: "auto", threads: 1 });
    const root = await Deno.makeTempDir(), folder = join(root, "run"), eventFolder = join(root, "events");
    const { dataset, poses, templates } = makeToyInputs(6);
    const train = async (epochs: number, continueTrain: boolean, stopAt = Infinity) => {
      const options: ReconstructionOptions & { folder: string } = {
        ...{ folder, preset: "demo", imageResolution: 32, width: 1 / 16, batchSize: 2, epochs },
        ...{ saveFreq: 2, imageFreq: 1, valFraction: 0.34, continueTrain },
      };
      await using log = await openRunLog(
        { folder, eventFolder, continueTrain, firstStep: 1 },
        {},
      );
      const onProgress = ({ done }: { done: number }) => {
        if (done > stopAt) throw new Error("a crash between two saves");
      };
      await trainIn(dataset, poses, templates, options, { ...log.callbacks, onProgress });
    };
    try {
      await train(4, false, 5).catch((error) => assertEquals(error.message, "a crash between two saves"));
      await train(4, true);
      const { success, output } = await python("-c", READER, eventFolder);
      assert(success);
      const { scalars, images } = JSON.parse(output);
      const steps = (tag: string) => scalars[tag].map(([step]: number[]) => step);
      for (const tag of ["mse/train", "flat/train", "iou/train", "colour/train", "covered/train"]) {
        assertEquals(steps(tag), [1, 2, 3, 4, 5, 6, 7, 8], tag); // each once, though two were done again
        for (const [, value] of scalars[tag]) assert(Number.isFinite(value));
      }
      assertEquals(steps("iou/validation"), [2, 4, 6, 8]);
      assertEquals(Object.keys(images), ["image_train/grid"]);
      assertEquals(
        images["image_train/grid"],
        [2, 4, 6, 8].map((step) => [step, 5 * 34 - 2, 4 * 34 - 2, "89504e47"]),
      );
    } finally {
      await Deno.remove(root, { recursive: true });
    }
  },
});
