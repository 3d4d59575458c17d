/**
 * One process of `bench:scale` that measures memory: `scale_memory_job.ts IMAGES`. Step 1 of pose estimation on many small
 * images; the first process prints the bytes that it holds on to for each image after the first ones, as JSON.
 *
 * @module
 */
import { join } from "@std/path";
import { runAsRank } from "../cli/run_as_rank.ts";
import { floatImage } from "../lib/core/arrays.ts";
import { agree, isWriter } from "../lib/core/process_group.ts";
import type { Dataset } from "../lib/datasets/dataset.ts";
import { estimateHypothesesToFile } from "../lib/pose/step1.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";

const CATEGORY = "car";
/** Images after which everything is there that stays. */
const FIRST = 200;
/** Images around which is looked, as messages that nobody needs any more are not always gone, and how often. */
const WINDOW = 192, EVERY = 12;

/** Images of an upright ellipse; all share one record, as records are not what is measured. */
function ellipses(count: number): Dataset {
  const id = "ellipse", crop = { x: 0, y: 0, size: 64 };
  const files = { imagePath: "", maskPath: null, maskRuns: null, partsPath: null };
  const size = { width: 64, height: 64, box: [0, 0, 63, 63] as const };
  const record = { id, classIndex: 0, truePose: null, ...files, ...size };
  return {
    name: "memory",
    category: CATEGORY,
    classNames: [CATEGORY],
    partNames: [],
    length: count,
    records: new Array(count).fill(record),
    sample: (i, side) => {
      const mask = floatImage(side, side, 1), width = side * (0.3 + 0.1 * (i % 3));
      for (let p = 0; p < side * side; p++) {
        const x = p % side - side / 2, y = Math.floor(p / side) - side / 2;
        mask.data[p] = (x / width) ** 2 + (y / (0.3 * side)) ** 2 < 1 ? 1 : 0;
      }
      const image = floatImage(side, side, 3);
      return Promise.resolve({ id, classIndex: 0, image, mask, parts: null, crop, truePose: null });
    },
  };
}

/** Collections until buffers are gone, too: what one finds is freed beside the program, and awaited by the next. */
const COLLECTIONS = 3;

/** Bytes of JavaScript that are in use, after everything that nobody holds is gone. */
function heldBytes(): number {
  for (let k = 0; k < COLLECTIONS; k++) (globalThis as unknown as { gc: () => void }).gc();
  const { heapUsed, external } = Deno.memoryUsage();
  return heapUsed + external;
}

Deno.exit(
  await runAsRank("pose_step1", async () => {
    const count = Number(Deno.args[0]), templates = await loadTemplates(CATEGORY, "singletpl");
    const folder = await agree(() => Deno.makeTempDir());
    const options = { imageResolution: 32, cameraOptimSteps: 1, cameraLrDecayAfter: 0, workers: 0 };
    let first = Infinity, last = Infinity;
    const onProgress = ({ done }: { done: number }) => {
      if (done % EVERY !== 0) return;
      if (done >= FIRST && done < FIRST + WINDOW) first = Math.min(first, heldBytes());
      if (done > count - WINDOW) last = Math.min(last, heldBytes());
    };
    try {
      const file = join(folder, "hypotheses.safetensors");
      await estimateHypothesesToFile(file, ellipses(count), templates, options, { onProgress });
    } finally {
      if (isWriter()) await Deno.remove(folder, { recursive: true });
    }
    if (isWriter()) console.log(JSON.stringify({ bytesPerImage: (last - first) / (count - FIRST - WINDOW) }));
    return 0;
  }),
);
