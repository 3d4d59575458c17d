import { assertAlmostEquals, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { addImageBoundaryPenalty } from "../../lib/pose/image_boundary_penalty.ts";

Deno.test("the image-boundary penalty is the mean over vertices and axes of relu(|xy| - 1)²", () => {
  const screen = Float64Array.of(1.5, 0, 9, -1.2, 0.9, -9, 0, -1, 0);
  const gradient = new Float64Array(6).fill(1);
  assertAlmostEquals(addImageBoundaryPenalty(screen, gradient), (0.5 ** 2 + 0.2 ** 2) / 6, 1e-15);
  assertEquals(Array.from(gradient.subarray(2)), [1 - (1.2 - 1) / 3, 1, 1, 1]);
  assertAlmostEquals(gradient[0], 1 + 0.5 / 3, 1e-15);
});

Deno.test("its gradient equals central differences", () => {
  const prng = new Prng(1, "wall");
  const screen = Float64Array.from({ length: 60 }, () => 1.5 * prng.normal());
  const direction = Float64Array.from({ length: 60 }, () => prng.normal());
  const gradient = new Float64Array(40);
  addImageBoundaryPenalty(screen, gradient);
  const at = (step: number) =>
    addImageBoundaryPenalty(screen.map((value, i) => value + step * direction[i]), new Float64Array(40));
  let expected = 0;
  for (let v = 0; v < 20; v++) {
    expected += gradient[2 * v] * direction[3 * v] + gradient[2 * v + 1] * direction[3 * v + 1];
  }
  assertAlmostEquals((at(1e-6) - at(-1e-6)) / 2e-6, expected, 1e-6 * Math.abs(expected));
});
