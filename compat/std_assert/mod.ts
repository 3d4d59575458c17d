/** The part of `@std/assert` that texmesh uses, for places where the JSR registry cannot be reached. */
// @ts-types="./types.d.ts"
export * from "deno-std/assert/mod.js";
