import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { htmlCardList } from "../../lib/report/card_list.ts";
import { htmlPage, htmlTable } from "../../lib/report/html.ts";
import { drawFrontMark } from "../../lib/report/front_mark.ts";
import { drawContour } from "../../lib/report/overlay.ts";
import { shrinkImage } from "../../lib/core/shrink_image.ts";
import { lineChart } from "../../lib/report/plot.ts";
import { spread } from "../../lib/report/report_request.ts";
import { formatDuration } from "../../lib/report/stage_section.ts";
import { imageGrid } from "../../lib/core/image_grid.ts";
import { overColour } from "../../lib/core/over_colour.ts";

const plain = (value: number, size = 2, channels = 1) => ({
  data: new Float32Array(size * size * channels).fill(value),
  height: size,
  width: size,
  channels,
});

Deno.test("imageGrid lays tiles out row by row with gaps", () => {
  const grid = imageGrid([plain(0.1), plain(0.2), plain(0.3)], { columns: 2, gap: 1, background: 0 });
  assertEquals([grid.height, grid.width], [5, 5]);
  const at = (row: number, column: number) => Math.round(grid.data[row * 5 + column] * 10);
  assertEquals([at(0, 0), at(0, 2), at(0, 3), at(3, 0), at(3, 3)], [1, 0, 2, 3, 0]);
  assertThrows(() => imageGrid([]), RangeError);
  assertThrows(() => imageGrid([plain(0), plain(0, 3)]), TypeError);
});

Deno.test("overColour mixes by alpha", () => {
  const image = { data: Float32Array.of(0, 0.5, 1, 0.5), height: 1, width: 1, channels: 4 };
  assertEquals([...overColour(image, 1).data], [0.5, 0.75, 1]);
});

Deno.test("a chart is an SVG with its curves, and thinned", () => {
  const steps = Array.from({ length: 5000 }, (_, i) => i);
  const curve = (name: string, scale: number) => ({
    name,
    steps,
    values: steps.map((step) => scale * Math.cos(step / 500)),
  });
  const html = lineChart([curve("g", 1), curve("d", 2)], { yLabel: "loss" });
  assertStringIncludes(html, "<svg");
  assert(html.length < 60_000, `${html.length} characters`);
});

Deno.test("a page escapes what it shows", () => {
  const page = htmlPage("<b>", "sub", [{ title: "a & b", html: htmlTable(["x"], [["<script>"]]) }]);
  assertStringIncludes(page, "&lt;script&gt;");
  assertStringIncludes(page, "&lt;b&gt;");
  assert(!page.includes("<script>"));
});

Deno.test("columns of numbers are set to the right", () => {
  const table = htmlTable(["name", "value"], [["a", "1.5 s"], ["2 b", "-"], ["c", "12 %"]]);
  assertStringIncludes(table, `<th scope="col">name</th><th scope="col" class="number">value</th>`);
  assertStringIncludes(table, `<td>2 b</td><td class="number">-</td>`);
});

Deno.test("cards know their places in every order", () => {
  const card = (name: string, iou: number | null, kind: string) => ({
    html: name,
    sortBy: { iou, gap: null },
    kind,
  });
  const html = htmlCardList([card("a", 0.9, "kept"), card("b", null, "kept"), card("c", 0.2, "left out")], {
    id: "cards",
    orders: [{ label: "iou", ascending: true }, { label: "gap", ascending: false }],
    kinds: ["left out", "kept"],
  });
  assertStringIncludes(html, `<article class="card k1" style="--o0:1">a<`);
  assertStringIncludes(html, `<article class="card k1" style="--o0:2">b<`);
  assertStringIncludes(html, `<article class="card k0" style="--o0:0">c<`);
  assertStringIncludes(html, `#cards:has(#cards-o0:checked) .card{order:var(--o0)}`);
  assert(!html.includes("gap"), "an order without values is not offered");
});

Deno.test("a contour lies on both sides of the border", () => {
  const image = plain(0.5, 7, 3);
  const silhouette = new Float32Array(49);
  for (let i = 2; i < 5; i++) silhouette.fill(1, i * 7 + 2, i * 7 + 5);
  const red = Array.from(
    { length: 49 },
    (_, p) => drawContour(image, silhouette, { colour: [1, 0, 0], halo: [0, 1, 1] }).data[3 * p],
  );
  assertEquals(red.slice(3 * 7, 4 * 7), [0.5, 0, 1, 0.5, 1, 0, 0.5]);
  assertEquals(red.slice(0, 7), new Array(7).fill(0.5));
  assertEquals(red.slice(7, 14), [0.5, 0.5, 0, 0, 0, 0.5, 0.5]);
});

Deno.test("the mark lies at the template's front: a line from the middle, a dot at the end", () => {
  const rotation = [1, 0, 0, 0]; // −y of the object is up in the image
  const image = plain(0.5, 200, 3),
    pose = { rotation, scale: 0.5, translation: [0, 0], perspective: Infinity };
  drawFrontMark(image, Float32Array.of(0, -0.8, 0, 0, 1, 0), pose, 1);
  const red = (row: number, column: number) => image.data[3 * (200 * row + column)];
  const alongRow = (row: number, first: number, end: number) =>
    Array.from({ length: end - first }, (_, k) => red(row, first + k));
  const blue = Math.fround(0.05);
  assertEquals(alongRow(60, 103, 107), [blue, blue, 1, 0.5]); // the front, y = −0.8, at scale 0.5
  assertEquals(alongRow(80, 100, 104), [blue, 1, 0.5, 0.5]); // the line
  assertEquals(alongRow(110, 98, 102), [0.5, 0.5, 0.5, 0.5]); // behind the middle
});

Deno.test("small helpers: shrink, spread, durations", () => {
  const image = { data: Float32Array.of(0, 1, 1, 1, 0, 0, 1, 1), height: 2, width: 4, channels: 1 };
  assertEquals([...shrinkImage(image, 2).data], [0.25, 1]);
  assertEquals(spread(10, 4), [0, 2, 5, 7]);
  assertEquals(spread(2, 4), [0, 1]);
  assertEquals([0.04, 9.96, 59.6, 125, 7260].map(formatDuration), [
    "under 1 s",
    "10 s",
    "1 min 00 s",
    "2 min 05 s",
    "2 h 01 min",
  ]);
});
