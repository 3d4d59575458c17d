import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import type { BroadColours } from "../../lib/gan/exemplars/broad_colours.ts";
import { cellNeighbourhoods } from "../../lib/gan/exemplars/cell_places.ts";
import { chooseDonors } from "../../lib/gan/exemplars/choose_donors.ts";
import { CELL_COLUMNS, CELL_ROWS, CELLS } from "../../lib/gan/exemplars/exemplars.ts";

const SPHERE = new Float32Array(32 * 32 * 3);
/** One component, the same colour everywhere. */
const GREY: BroadColours = {
  side: CELL_ROWS,
  mean: new Float32Array(3 * CELLS),
  components: [new Float32Array(3 * CELLS).fill(0.5)],
  map: SPHERE,
};

/** How well cells are seen, of an object that shows those rows, `[C]`. */
const showing = (from: number, to: number) =>
  Array.from({ length: CELLS }, (_, cell) => {
    const row = Math.floor(cell / CELL_COLUMNS);
    return row >= from && row < to ? 0.9 : 0;
  });

Deno.test("cells decide with those that are near on the surface: at a pole in all columns, elsewhere not beyond", () => {
  const weights = cellNeighbourhoods(SPHERE), pole = CELL_COLUMNS / 2, middle = CELL_ROWS / 2 * CELL_COLUMNS;
  const weightOf = (cell: number, other: number) => weights[cell * CELLS + other];
  for (const cell of [0, pole, middle]) {
    assertAlmostEquals(
      weights.subarray(cell * CELLS, (cell + 1) * CELLS).reduce((a, b) => a + b, 0),
      1,
      1e-9,
    );
  }
  assert(weightOf(0, CELL_COLUMNS - 1) > 0.5 * weightOf(0, 0), "the columns at a pole belong together");
  assert(weightOf(middle, middle + CELL_COLUMNS - 1) < 1e-3 * weightOf(middle, middle), "half way around");
});

Deno.test("donors complete each other: what one's photograph does not show another's does", () => {
  const views = [
    showing(4, 12),
    showing(5, 12),
    showing(0, 6),
    showing(10, 16),
    showing(0, 5),
    showing(4, 11),
  ];
  const candidates = { codes: new Float32Array(6), seen: Float32Array.from(views.flat()) };
  assertEquals(chooseDonors(candidates, new Float32Array(2), GREY, 3).sort(), [0, 2, 3]);
});

Deno.test("of donors that show the same those are chosen that are like the exemplars", () => {
  const codes = Float32Array.of(-2, -1.1, 0, 0.4, 0.9, 3), seen = Float32Array.from(codes).fill(0.5);
  const candidates = { codes, seen: Float32Array.from({ length: 6 * CELLS }, () => seen[0]) };
  assertEquals(chooseDonors(candidates, Float32Array.of(-1, 1), GREY, 3).sort(), [1, 2, 4]); // the first suits both
});
