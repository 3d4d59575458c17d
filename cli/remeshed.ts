/**
 * What `remesh` and `add_template` share: rules that join several flags, and the lines of their results.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import { type Mode, templateFile } from "../lib/core/paths.ts";
import type { RemeshedTemplate } from "../lib/pipeline/remesh.ts";

/**
 * Checks which options of `remesh` go together.
 *
 * @throws {UsageError} If one of mesh and name is given alone
 */
export function checkRemeshOptions(meshes: readonly string[], name: string | undefined): void {
  if (meshes.length > 0 !== (name !== undefined)) {
    throw new UsageError("--mesh FILE and --name CLASS belong together: give both or neither");
  }
}

/** One line for each template, then one for each file. */
export function remeshedLines(made: readonly RemeshedTemplate[], mode: Mode): string[] {
  return [
    ...made.map(({ category, name, iou, lowestIou, chamfer }) =>
      `${category} ${name}: IoU ${iou.toFixed(3)} (lowest ${lowestIou.toFixed(3)}), Chamfer ${
        chamfer.toFixed(4)
      }`
    ),
    ...[...new Set(made.map(({ category }) => category))].map((category) =>
      `${templateFile(mode, category)}; before and after: the .png beside it`
    ),
  ];
}
