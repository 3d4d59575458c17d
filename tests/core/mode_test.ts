import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { resolveMode } from "../../lib/core/mode.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("mode: from the name, the flag, the stored settings, the fallback", () => {
  assertEquals(resolveMode({ name: "a_singletpl" }), "singletpl");
  assertEquals(resolveMode({ name: "a_multitpl", flag: "autodetect" }), "multitpl");
  assertEquals(resolveMode({ name: "a_singletpl_multitpl" }), "singletpl");
  assertEquals(resolveMode({ name: "a", flag: "multitpl" }), "multitpl");
  assertEquals(resolveMode({ name: "a_singletpl", stored: "multitpl" }), "multitpl");
  assertEquals(resolveMode({ name: "a", fallback: "singletpl" }), "singletpl");
  assertThrowsWith(
    () => resolveMode({ name: "a" }),
    UserError,
    '"a"',
    "'mode: singletpl'",
    "'mode: multitpl'",
  );
});

Deno.test("mode: a flag against the name wins and is told once", () => {
  const told: string[] = [];
  assertEquals(
    resolveMode({ name: "a_singletpl", flag: "multitpl" }, (sentence) => told.push(sentence)),
    "multitpl",
  );
  assertEquals(told.length, 1);
});
