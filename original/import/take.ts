/**
 * How one file of the original is taken over.
 *
 * @module
 */

/** Takes over one file if it is there; the body tells what it came to. */
export type Take = (source: string, target: string, body: () => Promise<string>) => Promise<void>;
