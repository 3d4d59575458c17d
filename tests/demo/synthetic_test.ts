import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { layeredNoise } from "../../demo/synthetic/noise.ts";
import { UserError } from "../../lib/core/errors.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const SMALL = { count: 3, resolution: 48, cellSize: 1 / 14 };

for (const category of ["car", "bird"]) {
  Deno.test(`synthetic ${category}s have masks, parts and boxes that agree`, () =>
    inFolder(async (folder) => {
      const report = await makeSynthetic(folder, { ...SMALL, category });
      assertEquals([report.count, report.models], [3, 2]);
      const file = JSON.parse(await Deno.readTextFile(report.annotations));
      assertEquals(file.categories, [{ id: 1, name: category }]);
      const partCount = file.part_categories.length;
      for (const annotation of file.annotations) {
        const image = file.images.find((entry: { id: number }) => entry.id === annotation.image_id);
        const decoded = await readByteImage(`${folder}/${image.file_name}`);
        assertEquals([decoded.height, decoded.width, decoded.channels], [48, 48, 3]);
        const mask = await readByteImage(`${folder}/${annotation.mask_file}`);
        const parts = await readByteImage(`${folder}/${annotation.parts_file}`);
        let area = 0;
        const [x, y, width, height] = annotation.bbox;
        mask.data.forEach((value, i) => {
          assert(value === 0 || value === 255);
          assertEquals(parts.data[i] > 0, value === 255);
          assert(parts.data[i] <= partCount);
          if (value === 0) return;
          area++;
          assert(i % 48 >= x && i % 48 < x + width && i / 48 >= y && i / 48 < y + height);
        });
        assertEquals(annotation.area, area);
        assert(area > 100);
        assert(annotation.camera.rational.rms_px < 2);
      }
    }));
}

Deno.test("the same seed gives the same files, another one others", () =>
  inFolder(async (folder) => {
    const options = { ...SMALL, category: "bird", count: 1 };
    for (const [name, seed] of [["a", 1], ["b", 1], ["c", 2]] as const) {
      await makeSynthetic(`${folder}/${name}`, { ...options, seed });
    }
    const read = (name: string) => Deno.readFile(`${folder}/${name}/images/bird_000_00.png`);
    assertEquals(await read("a"), await read("b"));
    assertNotEquals(await read("a"), await read("c"));
    const text = (name: string) => Deno.readTextFile(`${folder}/${name}/annotations.json`);
    assertEquals(await text("a"), await text("b"));
  }));

Deno.test("makeSynthetic refuses unknown categories and counts below 1", async () => {
  await assertRejectsWith(
    () => makeSynthetic("unused", { category: "teapot" }),
    UserError,
    "category",
    "car, bird",
    "teapot",
  );
  await assertRejectsWith(() => makeSynthetic("unused", { count: 0 }), UserError, "count", 1, 0);
});

Deno.test("noise is smooth and stays in [0, 1]", () => {
  const noise = layeredNoise(7);
  for (let i = 0; i < 200; i++) {
    const x = 0.37 * i - 30;
    const value = noise(x, -x, 0.5 * x);
    assert(value >= 0 && value <= 1);
    assert(Math.abs(noise(x + 1e-4, -x, 0.5 * x) - value) < 1e-3);
  }
});
