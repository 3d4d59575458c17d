import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { decodeNpz, encodeNpz, readNpz, writeNpz } from "../../lib/io/npz.ts";
import { assertRejectsWith, assertThrowsWith } from "../helpers/assert_facts.ts";

const ARRAYS = {
  vertices: { data: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] },
  "after/running_mean": { data: Float64Array.of(0.5), shape: [] },
};

Deno.test("npz: arrays survive writing and reading, and equal arrays give equal bytes", () => {
  const bytes = encodeNpz(ARRAYS);
  assertEquals(decodeNpz(bytes), ARRAYS);
  assertEquals(encodeNpz(ARRAYS), bytes);
});

Deno.test("npz: a file is written and read", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await writeNpz(`${folder}/a.npz`, ARRAYS);
    assertEquals(await readNpz(`${folder}/a.npz`), ARRAYS);
    await assertRejectsWith(() => readNpz(`${folder}/none.npz`), UserError, "none.npz");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("npz: a damaged archive is refused with its place", () => {
  assertThrowsWith(() => decodeNpz(Uint8Array.of(1, 2, 3), "poses.npz"), UserError, "poses.npz");
});

Deno.test("npz: an archive that NumPy wrote is read", async () => {
  const { faces, rings_segments } = await readNpz("tests/fixtures/parity/mesh/template.npz");
  assertEquals(faces.shape, [1920, 3]);
  assertEquals(rings_segments.data, Int32Array.of(31, 32));
});
