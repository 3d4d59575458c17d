import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { sphereTopology } from "../../../lib/mesh/sphere_topology.ts";
import { buildTemplate } from "../../../tools/templates/build_template.ts";
import type { Template } from "../../../lib/templates/template_file.ts";
import { loadTemplates } from "../../../lib/templates/load_templates.ts";
import { distanceGradient } from "../../../lib/templates/parametric_shape.ts";
import { polygonize } from "../../../lib/templates/polygonize.ts";
import { TEMPLATE_CONFIGS } from "../../../tools/templates/template_configs.ts";
import { shrinkWrap } from "../../../lib/templates/shrink_wrap.ts";
import { drawClassGrid, drawTemplateGrid } from "../../../lib/templates/template_grid.ts";
import { silhouetteIou } from "../../helpers/silhouette_iou.ts";
import { slowTest } from "../../helpers/slow_test.ts";

const topology = sphereTopology();

for (const category of Object.keys(TEMPLATE_CONFIGS)) {
  Deno.test(`the ${category} templates are symmetric, centred, of unit size, with their nose at -y`, async () => {
    const templates = await loadTemplates(category, "multitpl");
    assertEquals(templates.map(({ name }) => name), TEMPLATE_CONFIGS[category].map(({ name }) => name));
    templates.forEach(assertProper);
    const [{ partLabels, partNames }] = templates;
    partNames.forEach((name, part) => {
      assert(partLabels.filter((label) => label === part).length >= 5, `too few vertices of ${name}`);
    });
  });
}

/** Checks one template. */
function assertProper({ name, vertices, partLabels }: Template): void {
  const low = [9, 9, 9], high = [-9, -9, -9];
  vertices.forEach((value, i) => {
    low[i % 3] = Math.min(low[i % 3], value);
    high[i % 3] = Math.max(high[i % 3], value);
  });
  for (let axis = 0; axis < 3; axis++) assertAlmostEquals(low[axis] + high[axis], 0, 1e-4);
  assertAlmostEquals(Math.max(...high, ...low.map((value) => -value)), 1, 2e-5);
  topology.negativeIndices.forEach((negative, k) => {
    const positive = topology.positiveIndices[k];
    assertEquals(vertices[3 * negative], -vertices[3 * positive]);
    assertEquals(vertices[3 * negative + 1], vertices[3 * positive + 1]);
    assertEquals(vertices[3 * negative + 2], vertices[3 * positive + 2]);
    assertEquals(partLabels[negative], partLabels[positive]);
  });
  for (const i of topology.zeroIndices) assertEquals(vertices[3 * i], 0);
  const [north, south] = topology.poles.map((pole) => vertices[3 * pole + 1]);
  assert(south < 0.75 * low[1] && north > 0.4 * high[1], `${name}: poles at ${south} and ${north}`);
}

Deno.test("multitpl has several templates with the same parts, and an image shows each in its row", async () => {
  const templates = await loadTemplates("car", "multitpl");
  assertEquals(templates.map(({ name }) => name), ["saloon", "hatchback", "off_roader", "sports"]);
  const grid = drawClassGrid([templates, templates.slice(0, 1)], 24);
  assertEquals([grid.height, grid.width], [48, 192]);
  const { data, height, width } = drawTemplateGrid(templates, 24);
  assertEquals([height, width], [96, 96]);
  for (let cell = 0; cell < 16; cell++) {
    const row = 24 * Math.floor(cell / 4) + 12, column = 24 * (cell % 4) + 12;
    assert(data[3 * (row * width + column) + 2] < 0.95, `cell ${cell} is empty`);
  }
});

slowTest("wrapped shapes have the silhouettes of their solids and no folds", () => {
  for (const { name, shape, wrap, isFitted } of Object.values(TEMPLATE_CONFIGS).flat()) {
    if (isFitted) continue; // see make_templates_test.ts
    const solid = shape();
    const vertices = shrinkWrap(solid, topology, wrap);
    const silhouettes = silhouetteIou({ vertices, faces: topology.faces }, polygonize(solid, 1 / 40));
    assert(silhouettes.mean >= 0.95, `${name}: mean IoU ${silhouettes.mean}`);
    assert(silhouettes.lowest >= 0.92, `${name}: lowest IoU ${silhouettes.lowest}`);
    assert(
      inwardShare(vertices, solid.distance) < 0.01,
      `${name}: ${inwardShare(vertices, solid.distance)} folded`,
    );
  }
});

Deno.test("buildTemplate names the category and parts of its shape", () => {
  const { shape } = TEMPLATE_CONFIGS.car[0];
  const quick = buildTemplate("quick", shape(), { morphSteps: 4, spreadSteps: 0, fitSteps: 0 });
  assertEquals([quick.name, quick.category, quick.partNames.length], ["quick", "car", 4]);
});

/** Share of the area whose faces look into the solid. */
function inwardShare(
  vertices: Float64Array,
  distance: (x: number, y: number, z: number) => number,
): number {
  let folded = 0, total = 0;
  for (let f = 0; f < topology.faces.length; f += 3) {
    const [a, b, c] = [0, 1, 2].map((k) =>
      vertices.subarray(3 * topology.faces[f + k], 3 * topology.faces[f + k] + 3)
    );
    const u = b.map((value, i) => value - a[i]), v = c.map((value, i) => value - a[i]);
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const [gx, gy, gz] = distanceGradient(
      distance,
      (a[0] + b[0] + c[0]) / 3,
      (a[1] + b[1] + c[1]) / 3,
      (a[2] + b[2] + c[2]) / 3,
    );
    const area = Math.hypot(...n);
    total += area;
    if (n[0] * gx + n[1] * gy + n[2] * gz < 0) folded += area;
  }
  return folded / total;
}
