import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { importOwnImages } from "../../cli/own_images.ts";
import { UsageError, UserError } from "../../lib/core/errors.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { boxMask, writeRgbaImage } from "../datasets/photo_fixtures.ts";
import { inProject } from "../helpers/temporary_folder.ts";

const MASK_MODEL = {
  maskModel: "none",
  maskSize: 448,
  maskMean: [0, 0, 0],
  maskStd: [255, 255, 255],
} as const;

const MASK = boxMask(80, 100, [10, 20, 80, 70]);

Deno.test("--images of a stage: imports once, keeps the category, refuses others without --overwrite", () =>
  inProject(async () => {
    await writeRgbaImage("photos", "a.png", MASK);
    const messages: string[] = [];
    const call = (flags: Record<string, unknown>) =>
      importOwnImages({ dataset: "own", masks: "given", ...MASK_MODEL, ...flags }, {
        onMessage: (text) => messages.push(text),
      });
    await call({});
    await assertRejects(() => call({ category: "bird" }), UsageError, "--template belongs to --images");
    await assertRejects(() => call({ images: "photos" }), UsageError, "--images needs --template");
    await assertRejects(
      () => openDataset("own"),
      UserError,
      "give 'images: FOLDER' and 'category: CATEGORY'",
    );
    await call({ images: "photos", category: "bird" });
    assertEquals((await openDataset("own")).category, "bird");
    assertStringIncludes(messages.at(-1)!, "The data set own has 1 of 1 objects of photos");
    await call({ images: "photos" });
    await writeRgbaImage("photos", "b.png", MASK);
    await assertRejects(() => call({ images: "photos" }), UserError, "'overwrite'");
    await call({ images: "photos", overwrite: true });
    assertEquals((await openDataset("own")).length, 2);
  }));
