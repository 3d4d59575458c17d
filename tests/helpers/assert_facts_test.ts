import { assertStringIncludes, assertThrows } from "@std/assert";
import { assertFacts, assertRejectsWith, assertThrowsWith } from "./assert_facts.ts";

const MESSAGE = "'lr' must be > 0, or auto, current value is -1.5 in a/b.json: [2, 3].";

function refuse(): never {
  throw new RangeError(MESSAGE);
}

Deno.test("facts are found where they stand, in any order", async () => {
  assertFacts(MESSAGE, "a/b.json", "'lr'", "lr", -1.5, "> 0", 0, "[2, 3]", 2);
  assertThrowsWith(refuse, RangeError, "lr", -1.5);
  await assertRejectsWith(() => Promise.reject(new RangeError(MESSAGE)), RangeError, "lr", -1.5);
});

Deno.test("a part of a word or of a number is no fact", () => {
  for (const part of ["mus", "l", 1.5, 1, 5, "b.js", "[2]"]) {
    const { message } = assertThrows(() => assertFacts(MESSAGE, "lr", part));
    assertStringIncludes(message, `"${part}"`);
  }
});

Deno.test("the class is a fact as well", () => {
  const { message } = assertThrows(() => assertThrowsWith(refuse, TypeError, "lr"));
  assertStringIncludes(message, "TypeError");
});
