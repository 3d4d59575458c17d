/**
 * Masks of photographs that bring none, measured against true ones.
 *
 * @module
 */
import { option, type OptionsOutput } from "../../lib/core/option.ts";
import { MASK_MODEL_OPTIONS } from "../../lib/datasets/photograph_options.ts";
import { sets } from "./real_sets.ts";
import { cpuUsage } from "node:process";
import { join } from "@std/path";
import { type StageCallbacks, throwIfStopped } from "../../lib/core/progress.ts";
import { findImages } from "../../lib/datasets/find_images.ts";
import {
  type BackgroundRemover,
  type MaskModelOptions,
  openBackgroundRemover,
} from "../../lib/datasets/background_removal/background_remover.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import { iou } from "../../lib/metrics/iou.ts";
import type { OnFigure } from "./evaluate_poses.ts";
import type { RealSet } from "./real_sets.ts";

/** Sets with true masks, by how their names begin, and the least mean IoU of each. */
export const MASK_TARGETS: Readonly<Record<string, number>> = {
  carvana: 0.95,
  weizmann_horse: 0.89,
  eth80: 0.95,
};
/** Most seconds of one thread a photograph. */
const MOST_SECONDS = 2;
/** Every so many photographs, by sorted names, served to choose settings; they are not measured on. */
const CHOSEN_ON = 4;

/** Options of the task `evaluate_masks`. */
export const EVALUATE_MASKS_OPTIONS = {
  sets,
  limit: option.integer({
    doc: "Photographs of each set, evenly taken; all if left out.",
    minimum: 1,
    auto: 0,
  }),
  ...MASK_MODEL_OPTIONS,
  baseline: option.boolean({ doc: "Measure masks by colour alone beside the model's.", default: false }),
  json: option.text({
    writes: true,
    doc: "File to write all figures and every photograph's result to, as JSON.",
  }),
} as const;

/** What a mask came to. */
export interface MaskResult {
  /** Set and name of the photograph. */
  readonly photograph: string;
  /** IoU with the true mask. */
  readonly iou: number;
  /** How sure the model was; null without one. */
  readonly sureness: number | null;
  /** Why it was doubted; null if it was not. */
  readonly doubt: string | null;
  /** Seconds of one thread. */
  readonly seconds: number;
}

/**
 * Measures masks. Of every four photographs the first is left out, as settings were chosen on those.
 *
 * @param request `sets`: sets of photographs, those of {@link MASK_TARGETS} are taken; `maskModel`: model that
 *   makes masks; number of photographs, and whether to measure without a model
 * @param onFigure Told each figure
 * @param callbacks Progress in photographs, and how masks are made
 * @returns What every photograph came to
 * @throws {UserError} If a photograph or model cannot be used
 */
export async function evaluateMasks(
  { sets, limit, maskModel, baseline }:
    & Pick<OptionsOutput<typeof EVALUATE_MASKS_OPTIONS>, "limit" | "baseline">
    & { readonly sets: readonly RealSet[]; readonly maskModel: MaskModelOptions },
  onFigure: OnFigure,
  callbacks: StageCallbacks = {},
): Promise<MaskResult[]> {
  const remover = await openBackgroundRemover({ ...maskModel, threads: 1 });
  callbacks.onMessage?.(remover.sentence);
  const results: MaskResult[] = [];
  try {
    for (const [group, bound] of Object.entries(MASK_TARGETS)) {
      const chosen = sets.filter(({ name }) => name.startsWith(group));
      const found = (await Promise.all(chosen.map((set) => measuredOn(set, limit)))).flat();
      if (found.length === 0) continue;
      const masks = await measure(remover, found, callbacks);
      results.push(...masks);
      const told = `${group}, ${found.length} photographs:`, confident = masks.filter(({ doubt }) => !doubt);
      onFigure({
        name: `${told} IoU of masks`,
        measured: mean(masks, "iou"),
        bound,
        higherIsBetter: true,
      });
      onFigure({ name: `${told} share that is not doubted`, measured: confident.length / masks.length });
      if (confident.length > 0) onFigure({ name: `${told} IoU of those`, measured: mean(confident, "iou") });
      onFigure({
        name: `${told} seconds of one thread`,
        measured: mean(masks, "seconds"),
        bound: MOST_SECONDS,
      });
      if (!baseline) continue;
      const plain = await measure(await openBackgroundRemover({ model: "none" }), found, callbacks);
      onFigure({ name: `${told} IoU by colour alone`, measured: mean(plain, "iou") });
    }
  } finally {
    await remover.close();
  }
  return results;
}

/** A photograph with its true mask. */
interface Pair {
  readonly photograph: string;
  readonly image: string;
  readonly mask: string;
}

/** The photographs of a set that settings were not chosen on. */
async function measuredOn({ name, folder }: RealSet, limit: number): Promise<Pair[]> {
  const files = (await findImages(join(folder, "images"))).toSorted().filter((_, k) => k % CHOSEN_ON !== 0);
  const count = limit === 0 ? files.length : Math.min(limit, files.length);
  return Array.from({ length: count }, (_, k) => {
    const file = files[Math.floor(k * files.length / count)];
    const mask = join(folder, "masks", file.replace(/\.\w+$/, ".png"));
    return { photograph: `${name}/${file}`, image: join(folder, "images", file), mask };
  });
}

async function measure(
  remover: BackgroundRemover,
  pairs: readonly Pair[],
  callbacks: StageCallbacks,
): Promise<MaskResult[]> {
  const results: MaskResult[] = [];
  for (const { photograph, image, mask } of pairs) {
    throwIfStopped(callbacks.signal, "The evaluation");
    const photo = await readByteImage(image), truth = await readByteImage(mask);
    const before = cpuUsage(), found = await remover.remove(photo), { user, system } = cpuUsage(before);
    const wanted = Float32Array.from(found.mask, (_, p) => truth.data[p * truth.channels] > 0 ? 1 : 0); // [H, W]
    const maskIou = iou(Float32Array.from(found.mask), wanted), { sureness, doubt } = found;
    results.push({ photograph, iou: maskIou, sureness, doubt, seconds: (user + system) / 1e6 });
    callbacks.onProgress?.({ done: results.length, total: pairs.length });
  }
  return results;
}

function mean(results: readonly MaskResult[], key: "iou" | "seconds"): number {
  return results.reduce((sum, result) => sum + result[key], 0) / results.length;
}
