import { assertAlmostEquals, assertEquals } from "@std/assert";
import { resizeMask } from "../../lib/pose/resize_mask.ts";

const mask = Float32Array.from({ length: 64 }, (_, i) => (i * 37 % 11) / 10); // [8, 8]

Deno.test("half the size is the mean of 2 × 2 pixels, the same size is the same mask", () => {
  const half = resizeMask(mask, 8, 4);
  for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      const at = 16 * i + 2 * j;
      assertAlmostEquals(half[4 * i + j], (mask[at] + mask[at + 1] + mask[at + 8] + mask[at + 9]) / 4, 1e-6);
    }
  }
  assertEquals(resizeMask(mask, 8, 8), mask);
});

Deno.test("a constant stays constant at three quarters", () => {
  assertEquals(resizeMask(new Float32Array(64).fill(0.5), 8, 6), new Float32Array(36).fill(0.5));
});
