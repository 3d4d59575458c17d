/**
 * Mapping a list with a few asynchronous calls under way at once.
 *
 * @module
 */

/**
 * Calls `body` for each item, at most `width` at once; the first error stops the rest and is thrown.
 *
 * @returns Results in the order of the items
 */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  width: number,
  body: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  let failed = false;
  const worker = async () => {
    while (next < items.length && !failed) {
      const i = next++;
      try {
        results[i] = await body(items[i], i);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
  return results;
}
