/**
 * The poses that one photograph may have.
 *
 * @module
 */
import type { WorkerPool } from "../core/worker_pool.ts";
import type { Template } from "../templates/template_bytes.ts";
import { type PhotoCrop, readerOfCrop, SEARCH_SIZE } from "./photo_crop.ts";
import type { PhotoPose } from "./photo_pose.ts";
import type { FoundPose, PhotoAnswer, PhotoTask, SearchReport, SearchTask } from "./photo_task.ts";
import { type ClassScore, rankClasses, rankPoses } from "./rank_poses.ts";

/** Threads that do a photograph's tasks. */
export type PhotoPool = Pick<WorkerPool<PhotoTask, PhotoAnswer>, "run">;

/** Callbacks of a search. */
export interface SearchCallbacks {
  /** Told how far the search is, 0 to 1, and the best pose of the templates that it is at. */
  onSearch?: (share: number, report: SearchReport) => void;
  /** Stops the search. */
  signal?: AbortSignal;
}

/** What a search found. */
export interface FoundPoses {
  /** Likely poses of distinct directions, best first. */
  readonly poses: readonly PhotoPose[];
  /** Classes of the templates, best first. */
  readonly classes: readonly ClassScore[];
}

/** Templates that are searched together: so few that two threads have something to do with one class. */
const TOGETHER = 2;
/** Classes of which all templates are searched, where several are tried. */
const MOST_CLASSES = 2;

/**
 * Searches the poses of templates from all around, by silhouettes; of several classes all templates of the two that fit
 * best, and one of each other one.
 *
 * @param photo The photograph
 * @param templates Templates of one class or of several
 * @param pool Threads; does not change the result
 * @param callbacks Progress, and a stop
 * @returns Likely poses of distinct directions, and classes, both best first
 * @throws {StoppedError} If it was stopped
 */
export async function findPhotoPoses(
  photo: PhotoCrop,
  templates: readonly Template[],
  pool: PhotoPool,
  { onSearch, signal }: SearchCallbacks = {},
): Promise<FoundPoses> {
  const categories = templates.map(({ category }) => category), mask = await searchMask(photo);
  const all = templates.map(({ vertices }, number) => ({ number, vertices })),
    firsts = firstOfEach(categories);
  const ranked = (found: readonly FoundPose[]) => {
    return { poses: rankPoses(found, categories), classes: rankClasses(found, categories) };
  };
  if (firsts.length === 1) return ranked(await search(mask, all, pool, { onSearch, signal }));
  const half = (from: number) => ({
    signal,
    onSearch: (share: number, report: SearchReport) => onSearch?.(from + share / 2, report),
  });
  const tried = await search(mask, firsts.map((number) => all[number]), pool, half(0));
  const likely = rankClasses(tried, categories).slice(0, MOST_CLASSES).map(({ category }) => category);
  const more = all.filter(({ number }) => likely.includes(categories[number]) && !firsts.includes(number));
  return ranked([...tried, ...await search(mask, more, pool, half(0.5))]);
}

/** The first template of each class. */
function firstOfEach(categories: readonly string[]): number[] {
  return categories.flatMap((category, number) => categories.indexOf(category) === number ? [number] : []);
}

async function search(
  mask: Float32Array,
  numbered: SearchTask["templates"],
  pool: PhotoPool,
  { onSearch, signal }: SearchCallbacks,
): Promise<FoundPose[]> {
  const groups = Array.from(
    { length: Math.ceil(numbered.length / TOGETHER) },
    (_, k) => numbered.slice(k * TOGETHER, (k + 1) * TOGETHER),
  );
  const shares = new Array<number>(groups.length).fill(0);
  const found = await pool.run(groups.length, (k) => ({ kind: "search", mask, templates: groups[k] }), {
    ...{ signal, what: "The search" },
    onReport(k, report) {
      const step = report as SearchReport;
      shares[k] = step.done / step.total;
      onSearch?.(shares.reduce((sum, share) => sum + share, 0) / shares.length, step);
    },
  }) as FoundPose[][];
  return found.flat();
}

/** The mask at the size of the search, `[128, 128]`. */
export async function searchMask(photo: PhotoCrop): Promise<Float32Array> {
  return Float32Array.from((await readerOfCrop(photo).read(SEARCH_SIZE)).mask.data);
}

/**
 * Moves a pose that a person set to where its template fits.
 *
 * @param photo The photograph
 * @param template The template
 * @param number Its number among the templates
 * @param pool Threads
 * @param poses Poses to begin with
 * @returns The settled poses, best first
 */
export async function settlePhotoPoses(
  photo: PhotoCrop,
  { vertices, category }: Template,
  number: number,
  pool: PhotoPool,
  poses: readonly PhotoPose["pose"][],
): Promise<PhotoPose[]> {
  const mask = await searchMask(photo), template = { number, vertices };
  const [found] = await pool.run(1, () => ({ kind: "settle", mask, template, poses })) as FoundPose[][];
  return rankPoses(found, new Array(number + 1).fill(category));
}
