/** The part of `@std/path` that texmesh uses, for places where the JSR registry cannot be reached. */
// @ts-types="./types.d.ts"
export * from "deno-std/path/mod.js";
