/**
 * Draws docs/images/precision.svg: the loss of 300 training steps in float32 and in bf16, from the same start on the
 * same batches. `deno run -A scripts/make_precision_image.ts && deno fmt docs/images`, after `deno task demo --quick`,
 * whose data are used.
 *
 * @module
 */
import { useBackend } from "../lib/backend/select_backend.ts";
import { UserError } from "../lib/core/errors.ts";
import { posesFile } from "../lib/core/paths.ts";
import { openDataset } from "../lib/datasets/open_dataset.ts";
import { trainGan } from "../lib/gan/train_gan.ts";
import { writeFileAtomic } from "../lib/io/atomic_file.ts";
import { openPseudoGroundTruth } from "../lib/pipeline/pseudogt_runs.ts";
import { PRESETS } from "../lib/networks/presets.ts";
import { DEMO_NAME } from "../demo/demo.ts";
import { readPoseEstimates } from "../lib/pose/files.ts";
import { trainReconstruction } from "../lib/reconstruction/train.ts";
import { loadTemplates } from "../lib/templates/load_templates.ts";

const FILE = "docs/images/precision.svg";
const PRECISIONS = ["float32", "bf16"] as const;
const COLOURS = { float32: "#4269d0", bf16: "#e07b00" } as const;
const STEPS = 300, BATCH = 4, MODE = "singletpl", PRESET = "demo";

type Precision = typeof PRECISIONS[number];
type Points = [number, number][];
type Curves = Record<string, Record<Precision, Points>>;

const folder = await Deno.makeTempDir();
const curves: Curves = {};

function add(name: string, precision: Precision, step: number, value: number): void {
  const curve = curves[name] ??= { float32: [], bf16: [] };
  curve[precision].push([step, value]);
}

async function trainBoth(precision: Precision): Promise<void> {
  const { sentence } = await useBackend({ backend: "native", precision });
  if (precision === "bf16" && !sentence.includes("in bf16")) throw new UserError(sentence);
  console.log(sentence);
  const dataset = await openDataset(DEMO_NAME);
  const poses = await readPoseEstimates(posesFile(DEMO_NAME, MODE));
  const templates = await loadTemplates(dataset.category, MODE);
  const common = { preset: PRESET, batchSize: BATCH, iters: STEPS } as const;
  await trainReconstruction(dataset, poses, templates, {
    ...common,
  }, {
    onScalars: (step, values) => {
      if ("mse/train" in values) {
        add("reconstruction: loss of template, colours and mask", precision, step, values["mse/train"]);
      }
    },
  });
  const uvDataset = await openPseudoGroundTruth(DEMO_NAME, MODE, PRESETS[PRESET].textureResolution);
  await trainGan(uvDataset, common, {
    onScalars: (step, values) => {
      for (const [name, value] of Object.entries(values)) {
        const role = { "gan_hinge/g": "generator", "gan_hinge/d_real_loss": "discriminators, real" }[name];
        if (role) add(`GAN: ${role}`, precision, step, value);
      }
    },
  });
}

/** A curve smoothed over neighbours, so that both can be told apart. */
function smooth(points: Points): Points {
  const reach = Math.max(1, Math.round(points.length / 60));
  return points.map(([step], i) => {
    const near = points.slice(Math.max(0, i - reach), i + reach + 1);
    return [step, near.reduce((sum, [, value]) => sum + value, 0) / near.length];
  });
}

function panel(name: string, curve: Record<Precision, Points>, top: number): string {
  const W = 640, H = 150, left = 56, y0 = top + 24;
  const lines = PRECISIONS.map((precision) => smooth(curve[precision]));
  const values = lines.flat().map(([, value]) => value);
  const low = Math.min(...values), high = Math.max(...values);
  const x = (step: number) => (left + step / STEPS * (W - left - 12)).toFixed(1);
  const y = (value: number) => (y0 + (high - value) / (high - low || 1) * (H - 48)).toFixed(1);
  const ticks = [low, (low + high) / 2, high].map((value) =>
    `<line x1="${left}" x2="${W - 12}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
    `<text x="${left - 6}" y="${y(value)}" text-anchor="end" dominant-baseline="middle">${
      value.toPrecision(3)
    }</text>`
  );
  const steps = [0, 100, 200, 300].map((step) =>
    `<text x="${x(step)}" y="${y0 + H - 32}" text-anchor="middle">${step}</text>`
  );
  const paths = lines.map((points, i) =>
    `<polyline fill="none" stroke="${COLOURS[PRECISIONS[i]]}" stroke-width="1.6" points="${
      points.map(([step, value]) => `${x(step)},${y(value)}`).join(" ")
    }"/>`
  );
  return `<text x="${left}" y="${top + 14}" font-weight="bold">${name}</text>` +
    [...ticks, ...steps, ...paths].join("\n");
}

function image(): string {
  const names = Object.keys(curves), height = 30 + names.length * 160;
  const legend = PRECISIONS.map((precision, i) =>
    `<rect x="${56 + i * 90}" y="8" width="14" height="10" fill="${COLOURS[precision]}"/>` +
    `<text x="${76 + i * 90}" y="17">${precision}</text>`
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 ${height}" width="640" height="${height}" ` +
    `font-family="sans-serif" font-size="11"><rect width="640" height="${height}" fill="white"/>\n` +
    [...legend, ...names.map((name, i) => panel(name, curves[name], 26 + i * 160))].join("\n") + "</svg>\n";
}

try {
  for (const precision of PRECISIONS) await trainBoth(precision);
} finally {
  await Deno.remove(folder, { recursive: true });
}
await writeFileAtomic(FILE, new TextEncoder().encode(image()));
for (const [name, curve] of Object.entries(curves)) {
  const tail = PRECISIONS.map((precision) => curve[precision].slice(-Math.ceil(curve[precision].length / 5)));
  const [a, b] = tail.map((points) => points.reduce((sum, [, value]) => sum + value, 0) / points.length);
  console.log(`${name}, mean of the last fifth: float32 ${a.toFixed(4)}, bf16 ${b.toFixed(4)}`);
}
