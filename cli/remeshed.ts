/**
 * What `remesh` and `add_template` share: rules that join several flags, and the lines of their results.
 *
 * @module
 */
import { UsageError } from "../lib/core/errors.ts";
import { type Mode, templateFile } from "../lib/core/paths.ts";
import type { RemeshedTemplate } from "../lib/pipeline/remesh.ts";
import type { UpAxis } from "../lib/remeshing/user_mesh.ts";

/**
 * Checks which flags of `remesh` go together.
 *
 * @throws {UsageError} If built-in classes and meshes of one's own are asked for at once, or one of mesh and name alone
 */
export function checkRemeshFlags(mesh: readonly string[], given: ReadonlySet<string>): void {
  if (mesh.length > 0 && given.has("classes")) {
    throw new UsageError(
      "--classes is for built-in classes and --mesh for meshes of your own: give one of them",
    );
  }
  if (mesh.length > 0 !== given.has("name")) {
    throw new UsageError("--mesh FILE and --name CLASS belong together: give both or neither");
  }
}

/** Axis that a flag names; null where the file's kind decides. */
export function upAxis(up: string): UpAxis | null {
  return up === "auto" ? null : up as UpAxis;
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
