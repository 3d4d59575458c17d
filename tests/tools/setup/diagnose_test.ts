import { assert, assertEquals } from "@std/assert";
import { diagnose } from "../../../tools/setup/diagnose.ts";
import { LIBRARY } from "../../backend/native_library.ts";

Deno.test("the diagnosis tells of the machine and tries every backend", async () => {
  const progress: number[] = [];
  const { machine, backends } = await diagnose({ threads: 1, timeMs: 10 }, {
    onProgress: ({ done }) => progress.push(done),
  });
  assertEquals(backends.map(({ name }) => name), ["native", "webgpu", "wasm", "cpu"]);
  const speeds = new Map(backends.map(({ name, gigaflops }) => [name, gigaflops]));
  assert(speeds.get("wasm")! > 0 && speeds.get("cpu")! > 0);
  assertEquals(speeds.get("native") !== null, LIBRARY !== null);
  for (const { ok, advice, found } of [...machine, ...backends]) {
    assertEquals(ok, advice === "");
    assert(found.length > 0);
  }
  assertEquals(progress, [1, 2, 3, 4, 5]);
});
