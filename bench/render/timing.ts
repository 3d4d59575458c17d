/**
 * Timing that stands up to other programs on the machine: every image counts with its fastest repeat.
 *
 * @module
 */

/** Milliseconds of the parts of one image's iteration. */
export interface Parts {
  /** Forward pass and comparison with the target. */
  readonly forward: number;
  /** Backward pass. */
  readonly backward: number;
}

/** Runs one iteration of one image and tells its parts. */
export type Iteration = (image: number) => Parts;

/**
 * Mean over the images of each one's fastest repeat, after one round to warm up.
 *
 * @param images Number of images
 * @param repeats Repeats of each
 * @param iterate Renders one image
 */
export function fastest(images: number, repeats: number, iterate: Iteration): Parts & { sum: number } {
  const best: Parts[] = [];
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (let image = 0; image < images; image++) {
      const parts = iterate(image);
      const old = best[image];
      if (repeat === 0 || repeat > 0 && parts.forward + parts.backward < old.forward + old.backward) {
        best[image] = parts;
      }
    }
  }
  const mean = (of: (parts: Parts) => number) => best.reduce((sum, parts) => sum + of(parts), 0) / images;
  const forward = mean((parts) => parts.forward), backward = mean((parts) => parts.backward);
  return { forward, backward, sum: forward + backward };
}

/**
 * Mean over the images of each one's fastest repeat, for several ways to render it, in turn.
 *
 * @param images Number of images
 * @param repeats Repeats of each, after one round to warm up
 * @param kinds Ways to render one image
 * @returns Milliseconds of each way
 */
export function fastestOfKinds(
  images: number,
  repeats: number,
  kinds: readonly ((image: number) => void)[],
): number[] {
  const best = kinds.map(() => new Float64Array(images).fill(Infinity));
  for (let repeat = -1; repeat < repeats; repeat++) {
    for (let image = 0; image < images; image++) {
      kinds.forEach((render, kind) => {
        const start = performance.now();
        render(image);
        const spent = performance.now() - start;
        if (repeat >= 0 && spent < best[kind][image]) best[kind][image] = spent;
      });
    }
  }
  return best.map((times) => times.reduce((sum, time) => sum + time, 0) / images);
}

/** Times a forward and a backward pass. */
export function timeParts(forward: () => void, backward: () => void): Parts {
  const start = performance.now();
  forward();
  const middle = performance.now();
  backward();
  return { forward: middle - start, backward: performance.now() - middle };
}
