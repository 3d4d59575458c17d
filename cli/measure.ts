/**
 * Lines of commands that measure: `name  measured  bound  ok|short`.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { EvaluationEntry } from "../lib/gan/files.ts";
import type { PoseFigure } from "../tools/evaluation/evaluate_poses.ts";
import type { ReferenceFigures } from "../tools/evaluation/reference_figures.ts";
import type { HeldOutFigures, SecondFigures } from "../tools/evaluation/evaluate_held_out.ts";

/** One measured figure; without a bound it is only told. */
export function measureLine(name: string, measured: number, bound?: number, higherIsBetter = false): string {
  const figure = measured.toFixed(3);
  if (bound === undefined) return `${name}  ${figure}  -  ok`;
  const good = higherIsBetter ? measured >= bound : measured <= bound;
  return `${name}  ${figure}  ${higherIsBetter ? "≥" : "≤"} ${bound}  ${good ? "ok" : "short"}`;
}

/** Line of a figure. */
export function figureLine({ name, measured, bound, higherIsBetter }: PoseFigure): string {
  return measureLine(name, measured, bound, higherIsBetter);
}

/**
 * Ends a command that measured.
 *
 * @throws {UserError} If a figure does not reach its bound
 */
export function throwIfShort(lines: readonly string[]): void {
  const short = lines.filter((line) => line.endsWith("short")).length;
  if (short > 0) throw new UserError(`${short} of ${lines.length} figures are short.`);
}

/** Lines of one evaluation. */
export function measureLines(entry: EvaluationEntry): string[] {
  const { label, whichEpoch, combined, textureOnly, meshOnly, kernel, caution, recipe } = entry;
  const { precision, recall, diversity, realDiversity } = entry;
  const name = (what: string) =>
    `${label} ${what} (checkpoint ${whichEpoch}, truncation ${recipe.truncationSigma})`;
  const lines = [measureLine(name("combined"), combined)];
  if (textureOnly !== null) lines.push(measureLine(name("texture-only"), textureOnly));
  if (meshOnly !== null) lines.push(measureLine(name("mesh-only"), meshOnly));
  if (kernel !== null) lines.push(measureLine("KID of the same features", kernel));
  if (precision !== null) lines.push(measureLine("precision of the same features", precision));
  if (recall !== null) lines.push(measureLine("recall of the same features", recall));
  lines.push(measureLine("mean feature distance between generated images", diversity));
  if (realDiversity !== null) {
    lines.push(measureLine("mean feature distance between real images", realDiversity));
  }
  if (caution) lines.push(caution);
  return lines;
}

/** Lines of a run's figures on photographs that it has not seen. */
export function heldOutLines(found: HeldOutFigures): string[] {
  const { label, now, start, samples } = found;
  const share = now.diversity / (now.realDiversity ?? NaN);
  const known: [string, number | null][] = [
    [`${label} texture-only`, now.textureOnly],
    [`${label} mesh-only`, now.meshOnly],
    ["KID", now.kernel],
    ["precision", now.precision],
    ["recall", now.recall],
    ["recall of coarse images", found.coarseRecall],
    ...referenceLines(label, "the training's photographs", found.photographs),
    ...(found.objects ? referenceLines(label, "the training's objects in their poses", found.objects) : []),
    ...(found.secondJudge ? secondLines(found.secondJudge, found.whichEpoch) : []),
    ["nearest object of the training, median distance", found.nearest?.generated ?? null],
    ["the same between the training's objects", found.nearest?.training ?? null],
  ];
  return [
    measureLine("generator steps", found.generatorSteps, 3000),
    measureLine(`${label} of ${found.heldOut} unseen photographs at the start`, start),
    measureLine(
      `${label} of checkpoint ${found.whichEpoch}`,
      now.combined,
      found.exemplars > 0 ? start : 0.5 * start, // exemplars make a start that is near already
    ),
    ...known.flatMap(([name, value]) => value === null ? [] : [measureLine(name, value)]),
    measureLine("diversity as a share of the data's", share, 0.5, true),
    measureLine(`samples of ${samples} with values that are NaN or infinite`, found.faulty, 0),
    measureLine(`share of folded faces, worst of ${samples} samples`, found.worstFolded, 0),
  ];
}

/** Figures by the second feature network. */
function secondLines(
  { label, now, photographs, objects }: SecondFigures,
  whichEpoch: string,
): [string, number | null][] {
  const named = (lines: [string, number | null][]): [string, number | null][] =>
    lines.map(([name, value]) => [name.startsWith(label) ? name : `${name}, ${label}`, value]);
  return [
    ...named(referenceLines(label, `checkpoint ${whichEpoch}`, now)),
    ...named(referenceLines(label, "the training's photographs", photographs)),
    ...(objects ? named(referenceLines(label, "the training's objects in their poses", objects)) : []),
  ];
}

/** What images that no generator made reach. */
function referenceLines(
  label: string,
  what: string,
  { distance, kernel, precision, recall, coarseRecall }: ReferenceFigures,
): [string, number | null][] {
  return [
    [`${label} of ${what}`, distance],
    [`KID of ${what}`, kernel],
    [`precision of ${what}`, precision],
    [`recall of ${what}`, recall],
    [`recall of ${what}, coarse`, coarseRecall],
  ];
}
