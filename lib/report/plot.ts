/**
 * Line charts for reports: Observable Plot drawn into a document without a browser.
 *
 * @module
 */
import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** A named curve: values over steps. */
export interface Curve {
  /** Name shown in the legend. */
  readonly name: string;
  /** Steps, ascending. */
  readonly steps: readonly number[];
  /** Values, as many as steps; values that are not finite leave a gap. */
  readonly values: readonly number[];
}

/** Axis labels and size of a chart. */
export interface ChartOptions {
  /** Label of the horizontal axis. */
  xLabel?: string;
  /** Label of the vertical axis. */
  yLabel?: string;
  /** What the chart shows, for screen readers. */
  label?: string;
  /** Width in pixels. */
  width?: number;
  /** Height in pixels. */
  height?: number;
}

const MOST_POINTS = 400;
/** Charts of at most this many points show them. */
const FEW_POINTS = 40;

/** The document type that the chart library wants; a browser's type that Deno does not have. */
type PlotDocument = NonNullable<Plot.PlotOptions["document"]>;

/**
 * Draws curves as one chart.
 *
 * Curves of more than 400 points are averaged over equal stretches, so that a report stays small.
 *
 * @returns The chart as HTML (an SVG, with a legend when there are several curves)
 */
export function lineChart(
  curves: readonly Curve[],
  { xLabel = "step", yLabel = "", label = "", width = 560, height = 240 }: ChartOptions = {},
): string {
  const { document } = parseHTML("<html><body></body></html>") as unknown as { document: PlotDocument };
  const thinned = curves.map((curve) =>
    thin(curve).map(([step, value]) => ({ step, value, name: curve.name }))
  );
  const rows = thinned.flat();
  const dotted = rows.length <= FEW_POINTS ? rows : thinned.filter((points) => points.length === 1).flat();
  const chart = Plot.plot({
    document,
    ariaLabel: label || curves.map((curve) => curve.name).join(", "),
    width,
    height,
    marginLeft: 56,
    x: { label: xLabel },
    y: { label: yLabel || null, grid: true, nice: true },
    color: { legend: curves.length > 1, domain: curves.map((curve) => curve.name) },
    marks: [
      Plot.line(rows, { x: "step", y: "value", stroke: "name", strokeWidth: 1.5 }),
      Plot.dot(dotted, { x: "step", y: "value", fill: "name", r: 2.5 }),
    ],
  });
  return chart.outerHTML;
}

/** Averages a curve over equal stretches. */
function thin(curve: Curve): [number, number][] {
  const stretch = Math.max(1, Math.ceil(curve.steps.length / MOST_POINTS));
  const points: [number, number][] = [];
  for (let start = 0; start < curve.steps.length; start += stretch) {
    const values = curve.values.slice(start, start + stretch).filter(Number.isFinite);
    if (values.length > 0) {
      points.push([
        curve.steps[start],
        values.reduce((sum, value) => sum + value, 0) / values.length,
      ]);
    }
  }
  return points;
}
