import { assertEquals } from "@std/assert";
import { bestApart } from "../../lib/pose/prune.ts";

const turn = (
  degrees: number,
) => [Math.cos(degrees * Math.PI / 360), 0, 0, Math.sin(degrees * Math.PI / 360)];
const hypotheses = [[0, 0], [5, 0], [90, 0], [91, 1], [180, 0]].map(([degrees, template]) => ({
  rotation: turn(degrees),
  template,
}));
const set = { summary: (h: number) => hypotheses[h] };
const scores = [0.9, 0.95, 0.5, 0.6, 0.4];

Deno.test("of hypotheses that are close only the best stays, if there are enough others", () => {
  assertEquals(bestApart(scores, set, 4), [1, 2, 3, 4]);
  assertEquals(bestApart(scores, set, 2), [1, 3]);
});

Deno.test("where too few are apart the best of the rest stay too", () => {
  assertEquals(bestApart(scores, set, 5), [0, 1, 2, 3, 4]);
  const same = { summary: () => hypotheses[0] };
  assertEquals(bestApart(scores, same, 2), [0, 1]);
});
