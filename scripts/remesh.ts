/** `deno task remesh`: makes the templates of the built-in classes, or of one's own meshes. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { REMESH_FLAGS } from "../cli/flags/remesh.ts";
import { checkRemeshFlags, remeshedLines, upAxis } from "../cli/remeshed.ts";
import type { Mode } from "../lib/core/paths.ts";
import { runRemesh } from "../lib/pipeline/remesh.ts";
import { remeshBuiltIn } from "../tools/templates/remesh_built_in.ts";

export const remesh = defineCommand({
  name: "remesh",
  doc:
    "Brings class meshes to the sphere topology: built-in ones, or your own with --mesh FILE --name CLASS.",
  flags: REMESH_FLAGS,
  async run(flags, { callbacks, given, print }) {
    const mode = flags.mode as Mode;
    checkRemeshFlags(flags.mesh, given);
    const request = {
      mode,
      schedule: flags.schedule as "quick" | "full",
      maskTarget: flags.maskTarget as "soft" | "plain",
      legacy: flags.legacy,
      symmetric: flags.symmetric,
      imageResolution: flags.imageResolution ?? null,
      workers: flags.numWorkers ?? null,
      overwrite: flags.overwrite,
    };
    const classes = flags.classes.filter((category) => category !== "all");
    const own = { meshes: flags.mesh, name: flags.name, up: upAxis(flags.up) };
    const made = flags.mesh.length > 0
      ? await runRemesh({ ...request, ...own }, callbacks("remesh"))
      : await remeshBuiltIn({ ...request, classes }, callbacks("remesh"));
    remeshedLines(made, mode).forEach(print);
  },
});

if (import.meta.main) await runCommand(remesh);
