import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { flagName, freeFields, option, resolveOptions } from "../../lib/core/option.ts";
import { assertThrowsWith, type Fact } from "../helpers/assert_facts.ts";

const OPTIONS = {
  images: option.text({ doc: "A folder.", required: true, reads: true }),
  kind: option.choice({ doc: "One of two.", choices: ["plain", "soft"], default: "soft" }),
  batchSize: option.integer({ doc: "Samples.", default: 8, minimum: 2, free: true }),
  seenShare: option.share({ doc: "A share.", auto: -1 }),
  workers: option.integer({ doc: "Threads.", minimum: 0, auto: null }),
  limit: option.integer({ doc: "At most so many.", minimum: 1 }),
  gain: option.number({ doc: "A factor.", default: 1, above: 0, flag: "factor" }),
  mean: option.triple({ doc: "Three numbers.", default: [1, 2, 3] }),
  formats: option.choices({ doc: "Kinds of files.", choices: ["glb", "obj"], default: ["glb"] }),
};

Deno.test("what is not given has its default, which may be auto's null or nothing at all", () => {
  assertEquals(resolveOptions(OPTIONS, { images: "a" }), {
    images: "a",
    kind: "soft",
    batchSize: 8,
    seenShare: -1,
    workers: null,
    gain: 1,
    mean: [1, 2, 3],
    formats: ["glb"],
  });
  const given = { images: "a", kind: "plain", workers: 0, seenShare: 1, limit: 3, formats: [] } as const;
  const { kind, workers, seenShare, limit, formats } = resolveOptions(OPTIONS, { ...given, gain: undefined });
  assertEquals([kind, workers, seenShare, limit, formats], ["plain", 0, 1, 3, []]);
});

Deno.test("what is not allowed is told with field, rule and value", () => {
  const wrong: [Record<string, unknown>, ...Fact[]][] = [
    [{ images: undefined }, "'images'"],
    [{ kind: "hard" }, "'kind'", "plain, soft", '"hard"'],
    [{ batchSize: 1 }, "'batchSize'", "≥ 2", 1],
    [{ batchSize: 2.5 }, "'batchSize'", "≥ 2", 2.5],
    [{ seenShare: 1.1 }, "'seenShare'", "0 to 1", "auto", 1.1],
    [{ workers: -1 }, "'workers'", "≥ 0", "auto", -1],
    [{ gain: 0 }, "'gain'", "> 0", 0],
    [{ gain: NaN }, "'gain'", "> 0", "null"],
    [{ mean: [1, 2] }, "'mean'", "3 numbers", "[1,2]"],
  ];
  for (const [values, ...facts] of wrong) {
    const resolve = () => resolveOptions(OPTIONS, { images: "a", ...values } as never);
    assertThrowsWith(resolve, UserError, ...facts);
  }
});

Deno.test("names of flags are those of fields in snake case, unless they have their own", () => {
  const names = Object.entries(OPTIONS).map(([field, one]) => flagName(field, one));
  assertEquals(names.slice(0, 4), ["images", "kind", "batch_size", "seen_share"]);
  assertEquals(flagName("gain", OPTIONS.gain), "factor");
  assertEquals(freeFields(OPTIONS), ["batchSize"]);
});
