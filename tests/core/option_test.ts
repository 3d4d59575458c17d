import { assertEquals, assertThrows } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { flagName, freeFields, option, resolveOptions } from "../../lib/core/option.ts";

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
  const wrong: [Record<string, unknown>, string][] = [
    [{ images: undefined }, "'images' is required: A folder."],
    [{ kind: "hard" }, `'kind' must be one of plain, soft, current value is "hard".`],
    [{ batchSize: 1 }, "'batchSize' must be an integer ≥ 2, current value is 1."],
    [{ batchSize: 2.5 }, "'batchSize' must be an integer ≥ 2, current value is 2.5."],
    [{ seenShare: 1.1 }, "'seenShare' must be a number 0 to 1, or auto, current value is 1.1."],
    [{ workers: -1 }, "'workers' must be an integer ≥ 0, or auto, current value is -1."],
    [{ gain: 0 }, "'gain' must be a number > 0, current value is 0."],
    [{ gain: NaN }, "'gain' must be a number > 0, current value is null."],
    [{ mean: [1, 2] }, "'mean' must be 3 numbers, current value is [1,2]."],
  ];
  for (const [values, message] of wrong) {
    const error = assertThrows(() => resolveOptions(OPTIONS, { images: "a", ...values } as never), UserError);
    assertEquals(error.message, message);
  }
});

Deno.test("names of flags are those of fields in snake case, unless they have their own", () => {
  const names = Object.entries(OPTIONS).map(([field, one]) => flagName(field, one));
  assertEquals(names.slice(0, 4), ["images", "kind", "batch_size", "seen_share"]);
  assertEquals(flagName("gain", OPTIONS.gain), "factor");
  assertEquals(freeFields(OPTIONS), ["batchSize"]);
});
