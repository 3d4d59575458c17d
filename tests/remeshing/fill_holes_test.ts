import { assertEquals } from "@std/assert";
import { fillHoles } from "../../lib/remeshing/fill_holes.ts";

const mask = (...rows: string[]) => Float32Array.from(rows.join(""), Number);

Deno.test("fillHoles closes a ring and leaves the outside", () => {
  const ring = mask("000000", "011110", "010010", "011110", "000000");
  assertEquals(fillHoles(ring, 5, 6), true);
  assertEquals(ring, mask("000000", "011110", "011110", "011110", "000000"));
});

Deno.test("fillHoles goes around corners, also diagonally", () => {
  const diagonal = mask("0100", "1011", "1101", "1111");
  fillHoles(diagonal, 4, 4);
  assertEquals(diagonal, mask("0100", "1011", "1101", "1111"));
});

Deno.test("fillHoles refuses a mask whose object covers the upper left pixel", () => {
  const covered = mask("110", "101", "111");
  assertEquals(fillHoles(covered, 3, 3), false);
  assertEquals(covered, mask("110", "101", "111"));
});
