import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { htmlPage, htmlTable } from "../../lib/report/html.ts";
import { lineChart } from "../../lib/report/plot.ts";
import { overColour, tileImages } from "../../lib/report/tile.ts";

const plain = (value: number, size = 2, channels = 1) => ({
  data: new Float32Array(size * size * channels).fill(value),
  height: size,
  width: size,
  channels,
});

Deno.test("tileImages lays tiles out row by row with gaps", () => {
  const grid = tileImages([plain(0.1), plain(0.2), plain(0.3)], { columns: 2, gap: 1, background: 0 });
  assertEquals([grid.height, grid.width], [5, 5]);
  const at = (row: number, column: number) => Math.round(grid.data[row * 5 + column] * 10);
  assertEquals([at(0, 0), at(0, 2), at(0, 3), at(3, 0), at(3, 3)], [1, 0, 2, 3, 0]);
  assertThrows(() => tileImages([]), RangeError);
  assertThrows(() => tileImages([plain(0), plain(0, 3)]), TypeError);
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
