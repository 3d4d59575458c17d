import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { makeSynthetic } from "../../../demo/synthetic/make_synthetic.ts";
import { evaluateReal } from "../../../scripts/evaluate_real.ts";
import { inWorkplace } from "../../e2e/_workplace.ts";
import { assertFacts } from "../../helpers/assert_facts.ts";
import { slowTest } from "../../helpers/slow_test.ts";

slowTest(
  "real sets are posed, measured and shown, and a second call takes what is there",
  () =>
    inWorkplace(async ({ call, backend, env, folder }) => {
      for (const [name, value] of Object.entries(env)) Deno.env.set(name, value); // where the native library is
      const set = join(folder, "real", "toy_car");
      await makeSynthetic(set, { category: "car", count: 12, seed: 1 }, {});
      await Deno.remove(join(set, "annotations.json"));
      const names = [...Deno.readDirSync(join(set, "images"))].map(({ name }) => name.replace(/\.\w+$/, ""))
        .sort();
      const index = names.map((name, i) => ({
        name,
        car_id: `car${i % 2}`,
        turntable_azimuth_deg: 90 * (i % 4),
      }));
      await Deno.writeTextFile(join(set, "index.json"), JSON.stringify(index));
      const before = Deno.env.get("TEXMESH_REAL");
      Deno.env.set("TEXMESH_REAL", join(folder, "real"));
      try {
        const line = `--novel_views 2 --num_workers 2 --backend ${backend} --json output/real.json`.split(
          " ",
        );
        const first = await call(evaluateReal, ...line, "--inputs", "2");
        assertEquals(first.code, 1); // figures are short, as the azimuths are made up
        assertMatch(first.messages, /\b\d+ of \d+\b/);
        assertFacts(first.output, "toy_car", "12 photographs");
        assertFacts(first.output, "template, own view, 2");
        const [{ dataset, directions, figures, sheet }] = JSON.parse(
          await Deno.readTextFile("output/real.json"),
        );
        assertEquals(directions.map(({ count }: { count: number }) => count), [3, 3, 3, 3]);
        assert(figures.length >= 9 && (await Deno.stat(sheet)).size > 1000);
        const again = await call(evaluateReal, ...line, "--inputs", "2");
        assertEquals(again.output, first.output);
        assert(!again.messages.includes("pose step 1"), again.messages);
        const one = await call(evaluateReal, ...line, "--objects", "1", "--inputs", "0");
        assertFacts(one.output, "toy_car", "6 photographs");
        assertEquals(
          [...Deno.readDirSync("cache")].filter(({ name }) => name.startsWith("real_toy_car")).length,
          2,
        );
        assert(dataset.startsWith("real_toy_car_"));
        Deno.env.set("TEXMESH_REAL", join(folder, "nowhere"));
        const none = await call(evaluateReal);
        assertEquals([none.code, none.output], [0, ""]);
        assertFacts(none.messages, join(folder, "nowhere"), "TEXMESH_REAL");
      } finally {
        if (before === undefined) Deno.env.delete("TEXMESH_REAL");
        else Deno.env.set("TEXMESH_REAL", before);
      }
    }),
);
