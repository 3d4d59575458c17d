/** The part of `@std/cli` that texmesh uses, for places where the JSR registry cannot be reached. */
// @ts-types="./types.d.ts"
export * from "deno-std/cli/parse_args.js";
