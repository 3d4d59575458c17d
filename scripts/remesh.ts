/** `deno task remesh`: makes the templates of the built-in classes, or of one's own meshes. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { REMESH_FLAGS } from "../cli/flags/remesh.ts";
import { type Mode, templateFile } from "../lib/core/paths.ts";
import { runRemesh } from "../lib/pipeline/remesh.ts";
import type { UpAxis } from "../lib/remeshing/user_mesh.ts";

export const remesh = defineCommand({
  name: "remesh",
  doc:
    "Brings class meshes to the sphere topology: built-in ones, or your own with --mesh FILE --name CLASS.",
  flags: REMESH_FLAGS,
  async run(
    { mode, classes, mesh, name, up, schedule, imageResolution, numWorkers, ...flags },
    { callbacks, print },
  ) {
    const made = await runRemesh({
      mode: mode as Mode,
      classes: classes.filter((category) => category !== "all"),
      meshes: mesh,
      name: name ?? null,
      up: up === "auto" ? null : up as UpAxis,
      schedule: schedule as "quick" | "full",
      legacy: flags.legacy,
      symmetric: flags.symmetric,
      imageResolution: imageResolution ?? null,
      workers: numWorkers ?? null,
      overwrite: flags.overwrite,
    }, callbacks("remesh"));
    for (const { category, name, iou, lowestIou, chamfer } of made) {
      print(
        `${category} ${name}: IoU ${iou.toFixed(3)} (lowest ${lowestIou.toFixed(3)}), Chamfer ${
          chamfer.toFixed(4)
        }`,
      );
    }
    for (const category of new Set(made.map((one) => one.category))) {
      print(`${templateFile(mode as Mode, category)}; before and after: the .png beside it`);
    }
  },
});

if (import.meta.main) await runCommand(remesh);
