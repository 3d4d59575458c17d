/**
 * What figures of views are held against.
 *
 * @module
 */
import type { PoseFigure } from "./evaluate_poses.ts";
import type { MeanObjectFigures } from "./measure_views.ts";

/** Bounds of mean figures; a distance must be at most its bound, the others at least theirs. */
export type ViewBounds = Partial<Readonly<Record<"iou" | "psnr" | "ssim" | "lp", number>>>;

/** Bounds in the own photograph and in others. */
export interface ViewTargets {
  /** In the photograph that the object was made of. */
  readonly own?: ViewBounds;
  /** In other photographs of the object. */
  readonly novel?: ViewBounds;
}

/** Refined objects of rendered cars that no training saw, by the poses that they were made with. */
export const RENDERED_CAR_TARGETS = {
  true: { own: { iou: 0.975, psnr: 27.5 }, novel: { iou: 0.925, psnr: 16, lp: 0.68 } },
  own: { novel: { iou: 0.86, lp: 0.92 } },
} as const satisfies Record<string, ViewTargets>;

/** Refined objects of photographs of real things, by their class. */
export const REAL_TARGETS: Readonly<Record<string, ViewTargets>> = {
  car: { own: { iou: 0.98, psnr: 25, lp: 0.11 }, novel: { iou: 0.94, psnr: 14.2, lp: 0.88 } },
  bird: { own: { iou: 0.96 } },
  motorcycle: { own: { iou: 0.94 } },
  horse: { own: { iou: 0.93 } },
};

const NAMES = { iou: "hard IoU", psnr: "PSNR, dB", ssim: "SSIM", lp: "LP" } as const;

/**
 * Figures of views with their bounds.
 *
 * @param label What was measured, such as "refined, own view"
 * @param figures Mean figures; those that are not known are left out
 * @param bounds Bounds; without one a figure is only told
 */
export function viewFigures(
  label: string,
  figures: MeanObjectFigures,
  bounds: ViewBounds = {},
): PoseFigure[] {
  return (Object.keys(NAMES) as (keyof typeof NAMES)[]).flatMap((name) => {
    const measured = figures[name];
    if (measured === null) return [];
    return [{
      name: `${label}, ${figures.count}: ${NAMES[name]}`,
      measured,
      bound: bounds[name],
      higherIsBetter: name !== "lp",
    }];
  });
}
