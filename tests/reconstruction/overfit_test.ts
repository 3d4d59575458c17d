import { assert } from "@std/assert";
import { join } from "@std/path";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { trainIn } from "./train_in.ts";
import { makeToyInputs } from "./toy_dataset.ts";
import { slowTest } from "../helpers/slow_test.ts";

slowTest("eight photographs of one shape are memorised", async () => {
  await useBackend({ backend: "auto" });
  const { dataset, poses, templates } = makeToyInputs(8);
  const root = await Deno.makeTempDir();
  const ious: number[] = [], colours: number[] = [];
  try {
    await trainIn(dataset, poses, templates, {
      folder: join(root, "run"),
      preset: "demo",
      imageResolution: 64,
      width: 1 / 16,
      batchSize: 4,
      epochs: 300,
      lr: 1e-3,
    }, {
      onScalars: (_, scalars) => {
        if (!("iou/train" in scalars)) return;
        ious.push(scalars["iou/train"]);
        colours.push(scalars["colour/train"]);
      },
    });
  } finally {
    await Deno.remove(root, { recursive: true });
  }
  const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  assert(mean(ious.slice(-20)) > 0.9, `the IoU is ${mean(ious.slice(-20))}`);
  const first = mean(colours.slice(0, 20)), last = mean(colours.slice(-20));
  assert(last < 0.8 * first, `the colour loss goes from ${first} to ${last}`);
});
