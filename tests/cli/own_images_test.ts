import { assertEquals } from "@std/assert";
import { importOwnImages } from "../../cli/own_images.ts";
import { UsageError, UserError } from "../../lib/core/errors.ts";
import { openDataset } from "../../lib/datasets/open_dataset.ts";
import { boxMask, writeRgbaImage } from "../datasets/photo_fixtures.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
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
    await assertRejectsWith(() => call({ category: "bird" }), UsageError, "--template", "--images");
    await assertRejectsWith(() => call({ images: "photos" }), UsageError, "--images", "--template");
    await assertRejectsWith(
      () => openDataset("own"),
      UserError,
      "cache/own/dataset.json",
      "'images: FOLDER'",
      "'category: CATEGORY'",
    );
    await call({ images: "photos", category: "bird" });
    assertEquals((await openDataset("own")).category, "bird");
    assertFacts(messages.at(-1)!, "own", "1 of 1", "photos");
    await call({ images: "photos" });
    await writeRgbaImage("photos", "b.png", MASK);
    await assertRejectsWith(() => call({ images: "photos" }), UserError, "own", "'overwrite'");
    await call({ images: "photos", overwrite: true });
    assertEquals((await openDataset("own")).length, 2);
  }));
