/** `deno task remesh`: makes the templates of the built-in classes, or of one's own meshes. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { checkRemeshOptions, remeshedLines } from "../cli/remeshed.ts";
import { option } from "../lib/core/option.ts";
import { REMESH_OPTIONS, runRemesh } from "../lib/pipeline/remesh.ts";
import { remeshBuiltIn } from "../tools/templates/remesh_built_in.ts";

export const remesh = defineCommand({
  name: "remesh",
  doc:
    "Brings class meshes to the sphere topology: built-in ones, or your own with --mesh FILE --name CLASS.",
  options: {
    classes: option.list({
      doc: "Built-in classes; all is all of them.",
      default: ["all"],
      excludes: ["meshes"],
    }),
    ...REMESH_OPTIONS,
  },
  async run(values, { callbacks, print }) {
    const { meshes, mode } = values;
    checkRemeshOptions(meshes, values.name);
    const classes = values.classes.filter((category) => category !== "all");
    const made = meshes.length > 0
      ? await runRemesh(values, callbacks("remesh"))
      : await remeshBuiltIn({ ...values, classes }, callbacks("remesh"));
    remeshedLines(made, mode).forEach(print);
  },
});

if (import.meta.main) await runCommand(remesh);
