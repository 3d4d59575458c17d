/** `deno task add_template`: adds a class of one's own from its mesh. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { remeshedLines } from "../cli/remeshed.ts";
import { FOLDER_NAME, overwrite, symmetric, workers } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import type { Mode } from "../lib/core/paths.ts";
import { checkMeshes } from "../lib/pipeline/check_meshes.ts";
import { runRemesh, up, upAxis } from "../lib/pipeline/remesh.ts";

export const addTemplate = defineCommand({
  name: "add_template",
  doc:
    "Adds a class of your own: checks its mesh, says what is wrong with it, and brings it to the sphere topology.",
  options: {
    name: option.text({
      doc: "Class of the object, such as chair.",
      pattern: FOLDER_NAME,
      required: true,
    }),
    meshes: option.list({
      flag: "mesh",
      reads: true,
      doc:
        "Its mesh (OBJ, GLB, glTF, PLY, STL); several of them, with commas, for the multi-template setting.",
      required: true,
    }),
    up,
    symmetric,
    check: option.boolean({ doc: "Only say what is wrong with the mesh.", default: false }),
    workers,
    overwrite,
  },
  async run({ check, ...values }, { callbacks, print }) {
    const { name, meshes, up, symmetric } = values;
    const mode: Mode = meshes.length === 1 ? "singletpl" : "multitpl";
    if (check) {
      await checkMeshes(meshes, { up: upAxis(up), symmetric }, { onMessage: print });
      return;
    }
    remeshedLines(await runRemesh({ ...values, mode }, callbacks("remesh")), mode).forEach(print);
    print(`Use it as --template ${name}, with --mode ${mode}.`);
  },
});

if (import.meta.main) await runCommand(addTemplate);
