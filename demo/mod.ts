/**
 * Drawn photographs of birds and cars with all that is known of them, and the whole flow on them.
 *
 * @module
 */
export * from "./demo.ts";
export * from "./demo_sizes.ts";
export { makeSynthetic, SYNTHETIC_OPTIONS, type SyntheticReport } from "./synthetic/make_synthetic.ts";
