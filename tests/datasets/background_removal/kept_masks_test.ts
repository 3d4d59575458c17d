import { assertEquals, assertNotEquals } from "@std/assert";
import { keepingMasks } from "../../../lib/datasets/background_removal/kept_masks.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

Deno.test("a mask is made once for the same pixels, model and options, and again where its file is damaged", () =>
  inFolder(async (folder) => {
    const model = `${folder}/model.onnx`, masks = `${folder}/masks`;
    await Deno.writeTextFile(model, "one");
    const image = { data: new Uint8Array(3 * 12).fill(9), height: 3, width: 4, channels: 3 };
    const wanted = {
      mask: Uint8Array.from({ length: 12 }, (_, p) => p % 3 === 0 ? 1 : 0),
      doubt: "it is odd",
      sureness: 0.5,
    };
    let made = 0;
    const remove = () => Promise.resolve({ ...wanted, sureness: ++made / 2 });
    const kept = (options = {}, writes = true) => keepingMasks(remove, { model, ...options }, masks, writes);
    assertEquals((await kept({}, false)(image)).sureness, 0.5);
    assertEquals(await Deno.stat(masks).catch(() => null), null); // nothing is written without being asked for
    assertEquals((await kept()(image)).sureness, 1);
    assertEquals(await kept({ threads: 1 })(image), { ...wanted, sureness: 1 });
    assertEquals((await kept({ size: 99 })(image)).sureness, 1.5);
    assertEquals((await kept()({ ...image, data: image.data.with(5, 8) })).sureness, 2);
    await Deno.writeTextFile(model, "two");
    assertEquals((await kept()(image)).sureness, 2.5);
    for (const damage of ["{", '{"runs": "", "doubt": null, "sureness": 1}']) {
      for (const { name } of Deno.readDirSync(masks)) await Deno.writeTextFile(`${masks}/${name}`, damage);
      const before = made, { mask } = await kept()(image);
      assertEquals([mask, made], [wanted.mask, before + 1]);
    }
    assertEquals((await keepingMasks(remove, { model: "none" }, masks, true)(image)).mask, wanted.mask);
    assertNotEquals((await kept()(image)).sureness, null);
  }));
