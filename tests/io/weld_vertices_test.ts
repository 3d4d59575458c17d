import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { textLines } from "../../lib/io/text_lines.ts";
import { weldVertices } from "../../lib/io/weld_vertices.ts";

Deno.test("equal places become one vertex, in the order in which they come first", () => {
  const { vertices, indices } = weldVertices([1, 2, 3, 0, 0, 0, 1, 2, 3, -0, 0, -0, 1, 2, 3.5]);
  assertEquals(Array.from(vertices), [1, 2, 3, 0, 0, 0, 1, 2, 3.5]);
  assertEquals(Array.from(indices), [0, 1, 0, 1, 2]);
  assertEquals(weldVertices([]).vertices.length, 0);
});

Deno.test("many places are welded as by a table of texts", () => {
  const prng = new Prng(3, "weld");
  const positions = Float64Array.from({ length: 3 * 20_000 }, () => prng.integer(23) / 7);
  const { vertices, indices } = weldVertices(positions);
  const known = new Map<string, number>();
  indices.forEach((index, n) => {
    const key = positions.subarray(3 * n, 3 * n + 3).join(" ");
    if (!known.has(key)) known.set(key, known.size);
    assertEquals(index, known.get(key));
    assertEquals(vertices.subarray(3 * index, 3 * index + 3), positions.subarray(3 * n, 3 * n + 3));
  });
  assertEquals(vertices.length, 3 * known.size);
  assert(known.size > 5000);
});

Deno.test("a text is read line by line, whichever way its lines end", () => {
  for (const text of ["", "a", "a\n", "a\nb", "\n\na\r\nb\r\n", "a\nb\r"]) {
    assertEquals([...textLines(text)], text.split("\n").map((line) => line.replace(/\r$/, "")), text);
  }
  assertEquals([...textLines("a\rb\r\rc")], ["a", "b", "", "c"]);
});
