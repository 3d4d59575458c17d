import { assertEquals } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { Prng } from "../../lib/core/prng.ts";
import { readByteImage } from "../../lib/io/image_file.ts";
import { encodePlainPng } from "../../lib/io/plain_png.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

Deno.test("encodePlainPng writes what sharp reads, rounded to 8 bits and cut off at 0 and 1", async () => {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  const prng = new Prng(1, "png");
  for (const channels of [1, 3, 4]) {
    const image = floatImage(5, 7, channels);
    image.data.forEach((_, i, data) => data[i] = prng.uniform(-0.1, 1.1));
    await Deno.writeFile(path, await encodePlainPng(image));
    const expected = Array.from(image.data, (value) => Math.min(255, Math.max(0, Math.round(255 * value))));
    const { data, height, width, channels: found } = await readByteImage(path);
    assertEquals([height, width, found, [...data]], [5, 7, channels, expected]);
  }
  await Deno.remove(path);
});

Deno.test("encodePlainPng refuses two channels, and values that do not fill the shape", async () => {
  await assertRejectsWith(() => encodePlainPng(floatImage(2, 2, 2)), TypeError, "2 x 2 x 2", 8);
  await assertRejectsWith(
    () => encodePlainPng({ ...floatImage(2, 2, 3), height: 3 }),
    TypeError,
    "3 x 2 x 3",
    12,
  );
});
