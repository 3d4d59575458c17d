/**
 * The section with the curves of both trainings.
 *
 * @module
 */
import { ganFolder, reconstructionFolder } from "../core/paths.ts";
import { curveOf, readScalars, type ScalarRow } from "../training/scalar_log.ts";
import { escapeHtml, htmlParagraph } from "./html.ts";
import { lineChart } from "./plot.ts";
import type { ReportContext } from "./report_request.ts";

/** A chart and the scalars that it shows. */
interface ChartOfScalars {
  readonly title: string;
  readonly names: RegExp;
}

const RECONSTRUCTION_CHARTS: readonly ChartOfScalars[] = [
  { title: "IoU of silhouette and mask", names: /^iou\// },
  { title: "Total loss", names: /^total\// },
  { title: "Photometric and mask loss, weighted", names: /^(mse|l1)\/train$/ },
  { title: "Photometric and mask loss, each unweighted", names: /^(colour|covered|alpha)\/train$/ },
  { title: "Distance to the template", names: /^template\/train$/ },
  { title: "Normal consistency loss", names: /^flat\/train$/ },
  { title: "Symmetry loss", names: /^plane\/train$/ },
];

const GAN_CHARTS: readonly ChartOfScalars[] = [
  { title: "Losses of generator (g) and discriminator", names: /^gan_[a-z0-9]+\// },
  { title: "FD to the photographs", names: /^distance\/(?!kernel)/ },
  { title: "FID", names: /^fid\/(?!kernel)/ },
  { title: "KID to the photographs", names: /^(distance|fid)\/kernel/ },
  { title: "Discriminators: share of pairs in which the real object scores higher", names: /^accuracy\// },
  { title: "Differences between images", names: /^diversity\// },
  { title: "Normal consistency loss of generated surfaces", names: /^flat$/ },
];

/** Losses, IoU, FID or FD, and KID over the iterations, of one run or of several in the same charts. */
export async function curveSection({ name }: Pick<ReportContext, "name">): Promise<string> {
  return await curvesOfRuns([name]);
}

/** The charts of both trainings of runs. */
export async function curvesOfRuns(runs: readonly string[]): Promise<string> {
  return await chartsOf("Reconstruction", runs, reconstructionFolder, RECONSTRUCTION_CHARTS) +
    await chartsOf("GAN", runs, ganFolder, GAN_CHARTS);
}

/** Logged scalars of a run. */
interface LoggedRun {
  readonly run: string;
  readonly rows: readonly ScalarRow[];
}

async function chartsOf(
  stage: string,
  runs: readonly string[],
  folderOf: (run: string) => string,
  charts: readonly ChartOfScalars[],
): Promise<string> {
  const read = await Promise.all(runs.map(async (run) => ({ run, rows: await readScalars(folderOf(run)) })));
  const logged = read.filter(({ rows }) => rows.length > 0);
  const heading = `<h3>${escapeHtml(stage)}</h3>`;
  if (logged.length === 0) {
    return heading + htmlParagraph(`No training has been logged in ${runs.map(folderOf).join(", ")} yet.`);
  }
  const rows = logged.flatMap((run) => run.rows);
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  const others = names.filter((found) => !charts.some((chart) => chart.names.test(found)));
  const drawn = [
    ...charts.map(({ title, names: wanted }) =>
      drawChart(logged, title, names.filter((n) => wanted.test(n)))
    ),
    ...others.map((other) => drawChart(logged, other, [other])),
  ];
  return `${heading}<div class="charts">${drawn.join("\n")}</div>`;
}

function drawChart(logged: readonly LoggedRun[], title: string, names: readonly string[]): string {
  const curves = logged.flatMap(({ run, rows }) =>
    names.map((name) => ({ name: logged.length > 1 ? `${run}: ${name}` : name, ...curveOf(rows, name) }))
  ).filter(({ steps }) => steps.length > 0);
  if (curves.length === 0) return "";
  const heading = `<h4>${escapeHtml(title)}</h4>`;
  if (curves.every(({ steps }) => steps.length === 1)) {
    const points = curves.map(({ name, steps, values }) =>
      `${name} is ${values[0].toPrecision(4)} at iteration ${steps[0]}`
    );
    return `<div>${heading}${htmlParagraph(`${points.join(", ")}.`)}</div>`;
  }
  const chart = lineChart(curves, { xLabel: "iteration", label: title });
  return `<div>${heading}${chart}</div>`;
}
