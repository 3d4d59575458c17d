/** `deno task evaluate_masks`: measures masks of photographs that bring none against true ones. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { masksOf } from "../cli/mask_source.ts";
import { figureLine, throwIfShort } from "../cli/measure.ts";
import { realSets } from "../cli/real_evaluation.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { EVALUATE_MASKS_OPTIONS, evaluateMasks } from "../tools/evaluation/evaluate_masks.ts";
import type { PoseFigure } from "../tools/evaluation/evaluate_poses.ts";

export const evaluateMasksTask = defineCommand({
  name: "evaluate_masks",
  doc: "Measures masks that are made of photographs of real things against true ones, beside their targets.",
  options: EVALUATE_MASKS_OPTIONS,
  async run(values, { callbacks, print }) {
    const { limit, baseline, json } = values;
    const work = callbacks("evaluate_masks"), sets = await realSets(values.sets, work.onMessage);
    const figures: PoseFigure[] = [], lines: string[] = [];
    const request = { sets, limit, baseline, ...masksOf({ ...values, masks: "auto" }) };
    const masks = await evaluateMasks(request, (figure) => {
      figures.push(figure);
      print(lines[lines.push(figureLine(figure)) - 1]);
    }, work);
    if (json) await writeJsonAtomic(json, { figures, masks });
    throwIfShort(lines);
  },
});

if (import.meta.main) await runCommand(evaluateMasksTask);
