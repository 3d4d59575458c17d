/** `deno task add_template`: adds a class of one's own from its mesh. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { ADD_TEMPLATE_FLAGS } from "../cli/flags/remesh.ts";
import { remeshedLines, upAxis } from "../cli/remeshed.ts";
import type { Mode } from "../lib/core/paths.ts";
import { checkMeshes } from "../lib/pipeline/check_meshes.ts";
import { runRemesh } from "../lib/pipeline/remesh.ts";

export const addTemplate = defineCommand({
  name: "add_template",
  doc:
    "Adds a class of your own: checks its mesh, says what is wrong with it, and brings it to the sphere topology.",
  flags: ADD_TEMPLATE_FLAGS,
  async run({ name, mesh, up, symmetric, check, numWorkers, overwrite }, { callbacks, print }) {
    const mode: Mode = mesh.length === 1 ? "singletpl" : "multitpl";
    if (check) {
      await checkMeshes(mesh, { up: upAxis(up), symmetric }, { onMessage: print });
      return;
    }
    const workers = numWorkers ?? null;
    const request = { mode, meshes: mesh, name, up: upAxis(up), symmetric, workers, overwrite };
    remeshedLines(await runRemesh(request, callbacks("remesh")), mode).forEach(print);
    print(`Use it as --template ${name}, with --mode ${mode}.`);
  },
});

if (import.meta.main) await runCommand(addTemplate);
