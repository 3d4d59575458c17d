/**
 * A page with the curves of training runs.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../core/errors.ts";
import { ganFolder, outputFolder, reconstructionFolder } from "../core/paths.ts";
import { writeFileAtomic } from "../io/atomic_file.ts";
import { readScalars } from "../training/scalar_log.ts";
import { curvesOfRuns } from "./curve_section.ts";
import { htmlPage } from "./html.ts";

/** File of the curves of runs; the first one's folder holds it. */
export function curveFile(runs: readonly string[]): string {
  return join(outputFolder(runs[0]), "curves.html");
}

/**
 * Writes the curves of runs, in the same charts, to `output/<first>/curves.html`: one file that opens offline.
 *
 * @param runs Names of one run or more
 * @returns Path of the file
 * @throws {UserError} If a run has logged nothing
 */
export async function buildCurvePage(runs: readonly string[]): Promise<string> {
  for (const run of runs) {
    const logs = await Promise.all([reconstructionFolder(run), ganFolder(run)].map(readScalars));
    if (logs.every((rows) => rows.length === 0)) {
      throw new UserError(
        `Cannot draw the curves of ${JSON.stringify(run)}: nothing has been logged in ${
          reconstructionFolder(run)
        } or ` +
          `${
            ganFolder(run)
          }; train a run of this name, or see \`deno task clean\` for the names that there are.`,
      );
    }
  }
  const page = htmlPage(`Curves of ${runs.join(", ")}`, "Training curves", [
    { title: "Curves", html: await curvesOfRuns(runs) },
  ]);
  const file = curveFile(runs);
  await Deno.mkdir(outputFolder(runs[0]), { recursive: true });
  await writeFileAtomic(file, new TextEncoder().encode(page));
  return file;
}
