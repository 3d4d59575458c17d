/**
 * What notebooks show: images, charts and tables, sent to the notebook while the cell still runs.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { encodeAnimation } from "../io/animation.ts";
import { encodePng } from "../io/image_file.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { escapeHtml } from "../report/html.ts";
import { meshView, type MeshViewOptions } from "./mesh_view.ts";
import { type ChartOptions, type Curve, lineChart } from "../report/plot.ts";

/** Content by its kind, such as `image/png`. */
type Content = Record<string, string>;

/** What the Deno kernel offers inside notebooks. */
interface Kernel {
  display(content: Content, options: { raw: true }): Promise<void>;
}

/** Milliseconds after which the kernel does not report the end of the cell before what was shown last. */
const KERNEL_DELAY = 150;

/** Shows an image with values in [0, 1]. */
export async function show(image: FloatImage): Promise<void> {
  await display({ "image/png": (await encodePng(image)).toBase64() });
}

/** Shows a mesh that turns, and can be turned by dragging; colours of the texture are in [0, 1], null is grey. */
export async function showMesh(
  mesh: Mesh,
  texture: FloatImage | null = null,
  options?: MeshViewOptions,
): Promise<void> {
  await display({ "text/html": await meshView(mesh, texture, options) });
}

/** Shows images of one size with values in [0, 1] as an animation without end. */
export async function showAnimation(frames: readonly FloatImage[], framesPerSecond = 10): Promise<void> {
  const bytes = await encodeAnimation(frames, "webp", { framesPerSecond });
  await display({ "text/html": `<img src="data:image/webp;base64,${bytes.toBase64()}" alt="An animation">` });
}

/** Shows curves in one chart. */
export async function showCurves(curves: readonly Curve[], options?: ChartOptions): Promise<void> {
  await display({ "text/html": lineChart(curves, options) });
}

/** Shows rows as a table; the first holds the headings. */
export async function showTable(
  [headings, ...rows]: readonly (readonly (string | number)[])[],
): Promise<void> {
  const row = (cells: readonly (string | number)[], tag: string) =>
    `<tr>${cells.map((cell) => `<${tag}>${escapeHtml(textOf(cell))}</${tag}>`).join("")}</tr>`;
  const body = rows.map((cells) => row(cells, "td")).join("");
  await display({ "text/html": `<table>${row(headings, "th")}${body}</table>` });
}

function textOf(cell: string | number): string {
  return typeof cell === "string" || Number.isInteger(cell) ? String(cell) : cell.toFixed(3);
}

async function display(content: Content): Promise<void> {
  const { jupyter } = Deno as unknown as { jupyter?: Kernel };
  if (!jupyter) throw new TypeError("Cannot show outside a notebook: run this on the Deno kernel of Jupyter");
  await jupyter.display(content, { raw: true });
  await new Promise((resolve) => setTimeout(resolve, KERNEL_DELAY));
}
