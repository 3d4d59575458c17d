import { assert, assertEquals } from "@std/assert";
import { evaluateMasks } from "../../../tools/evaluation/evaluate_masks.ts";
import type { PoseFigure } from "../../../tools/evaluation/evaluate_poses.ts";
import { boxMask, writeBytes } from "../../datasets/photo_fixtures.ts";
import { assertFacts } from "../../helpers/assert_facts.ts";
import { inFolder } from "../../helpers/temporary_folder.ts";

Deno.test("masks are measured on three of four photographs, and held against their target", () =>
  inFolder(async (folder) => {
    const truth = boxMask(60, 80, [20, 15, 60, 45]);
    for (let k = 0; k < 8; k++) {
      const shown = k === 1 ? boxMask(60, 80, [20, 15, 40, 45]) : truth; // of one image the mask shows twice as much
      const data = new Uint8Array(60 * 80 * 3);
      shown.forEach((is, p) => data.set(is ? [150, 40, 40] : [210, 210, 205], 3 * p));
      await writeBytes(folder, `images/${k}.png`, data, 60, 80);
      await writeBytes(folder, `masks/${k}.png`, truth.map((is) => 255 * is), 60, 80);
    }
    const set = { name: "carvana", folder, category: "car", images: new Map() }, figures: PoseFigure[] = [];
    const request = { sets: [set], limit: 0, maskModel: { model: "none" }, baseline: false };
    const masks = await evaluateMasks(request, (figure) => figures.push(figure));
    assertEquals(
      masks.map(({ photograph }) => photograph.slice(8)),
      [1, 2, 3, 5, 6, 7].map((k) => `${k}.png`),
    );
    assert(masks[0].iou > 0.4 && masks[0].iou < 0.55, `${masks[0].iou}`);
    assert(masks.slice(1).every(({ iou }) => iou > 0.9));
    const [{ name, measured, bound, higherIsBetter }] = figures;
    assertFacts(name, "carvana", "6 photographs", "IoU");
    assertEquals([bound, higherIsBetter], [0.95, true]);
    assert(Math.abs(measured - masks.reduce((sum, { iou }) => sum + iou / 6, 0)) < 1e-9);
  }));
