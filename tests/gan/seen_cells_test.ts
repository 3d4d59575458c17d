import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { seenCells } from "../../lib/gan/exemplars/seen_cells.ts";
import { stripedDataset } from "./_dataset.ts";

const R = 64, HALF = Math.SQRT1_2;

/** What a camera sees of a sphere, all of whose texels the photograph shows, `[16, 8]`. */
function seenOfSphere(rotation: readonly number[], alpha = new Float32Array(R * R / 2).fill(1)) {
  const { poses } = stripedDataset(1, 32);
  const seenFrom = { ...poses, rotation: Float32Array.from(rotation), perspective: Float32Array.of(1000) };
  return seenCells(alpha, new Float32Array(32 * 32 * 3), seenFrom, 0);
}

Deno.test("cells are seen as well as their surface faces the camera: a pole from its own side alone", () => {
  const [north, south] = [[HALF, HALF, 0, 0], [HALF, -HALF, 0, 0]].map((rotation) => seenOfSphere(rotation));
  for (const seen of [north, south]) {
    const isTop = seen[3] > 0.5, end = isTop ? 0 : 15, other = 15 - end;
    for (let j = 0; j < 8; j++) {
      assert(seen[8 * end + j] > 0.9, `the pole: ${seen[8 * end + j]}`);
      assert(seen[8 * other + j] < 1e-6, `the other pole: ${seen[8 * other + j]}`);
    }
    // rings between: the mean squared cosine of a ring at the angle θ from the pole is about cos² θ
    for (let k = 1; k < 8; k++) {
      const angle = Math.PI * (k + 0.5) / 16, row = isTop ? k : 15 - k;
      assertAlmostEquals(seen[8 * row + 4], Math.cos(angle) ** 2, 0.15);
    }
  }
  assertEquals(north[3] > 0.5, south[3] < 0.5);
});

Deno.test("a cell that only its mirror image shows is seen, and one that no texel shows is not", () => {
  const left = [HALF, 0, HALF, 0], right = [HALF, 0, -HALF, 0]; // along the mirror axis
  const side = seenOfSphere(left), other = seenOfSphere(right);
  assert(Math.max(...side) > 0.9);
  side.forEach((value, cell) => assertAlmostEquals(value, other[cell], 1e-3));
  const alpha = new Float32Array(R * R / 2).fill(1);
  alpha.fill(0, 0, R * R / 4);
  const lower = seenOfSphere(left, alpha);
  assertEquals(lower.subarray(0, 64), new Float32Array(64));
  assertEquals(lower.subarray(64), side.subarray(64));
});
