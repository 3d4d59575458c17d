import { assertEquals } from "@std/assert";
import { curveOf, readScalars, scalarFile, ScalarLog } from "../../lib/training/scalar_log.ts";

Deno.test("the scalar log drops what a resumed run does again, and a line cut short", async () => {
  const folder = await Deno.makeTempDir();
  const log = await ScalarLog.open(folder, 0);
  for (let step = 0; step < 120; step++) log.add(step, { loss: 1 / (1 + step), bad: NaN });
  const resumed = await ScalarLog.open(folder, 100);
  resumed.add(100, { loss: 5 });
  await Deno.writeTextFile(scalarFile(folder), '{"step":101,"val', { append: true });
  const curve = curveOf(await readScalars(folder), "loss");
  assertEquals(curve.steps, Array.from({ length: 101 }, (_, i) => i));
  assertEquals(curve.values.at(-1), 5);
  assertEquals(curveOf(await readScalars(folder), "bad").steps, []);
  assertEquals(await readScalars(`${folder}/none`), []);
  await Deno.remove(folder, { recursive: true });
});
