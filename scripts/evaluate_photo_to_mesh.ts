/** `deno task evaluate_photo_to_mesh`: prints every target of single photographs of real things. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { figureLine, throwIfShort } from "../cli/measure.ts";
import { realSets } from "../cli/real_evaluation.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import {
  EVALUATE_PHOTO_TO_MESH_OPTIONS,
  evaluatePhotoToMesh,
  PHOTO_TARGETS,
} from "../tools/evaluation/evaluate_photo_to_mesh.ts";

export const evaluatePhotos = defineCommand({
  name: "evaluate_photo_to_mesh",
  doc: "Measures how single photographs of real things become meshes, beside the targets.",
  options: EVALUATE_PHOTO_TO_MESH_OPTIONS,
  async run({ sets: names, limit, seed, workers, json }, { callbacks, print }) {
    const found = await realSets(names, callbacks("evaluate_photo_to_mesh").onMessage);
    const sets = found.filter(({ name }) => names.includes(name) || name in PHOTO_TARGETS);
    const lines: string[] = [], entries: unknown[] = [];
    for (const set of sets) {
      const measured = await evaluatePhotoToMesh(set, { limit, seed, workers }, callbacks(set.name));
      for (const line of measured.figures.map(figureLine)) print(lines[lines.push(line) - 1]);
      entries.push({ set: set.name, ...measured });
      if (json) await writeJsonAtomic(json, entries);
    }
    throwIfShort(lines);
  },
});

if (import.meta.main) await runCommand(evaluatePhotos);
