import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { labelledMesh } from "../../lib/io/labelled_mesh.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { normalizeClass, viewRotations } from "../../lib/remeshing/class_targets.ts";
import { describeMesh, inspectMesh } from "../../lib/remeshing/inspect_mesh.ts";
import { measureFit } from "../../lib/remeshing/measure_fit.ts";
import { renderTargets } from "../../lib/remeshing/silhouette_targets.ts";
import { chamferDistance } from "../../lib/remeshing/surface_samples.ts";
import { keptParts, transferParts } from "../../lib/remeshing/transfer_parts.ts";
import { orientMesh } from "../../lib/remeshing/user_mesh.ts";
import { visualHull } from "../../lib/remeshing/visual_hull.ts";
import { shrinkWrap } from "../../lib/templates/shrink_wrap.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { FACES, PARTS, VERTICES } from "../io/user_meshes.ts";

const topology = sphereTopology();
const BOXES = labelledMesh(VERTICES, FACES, PARTS);
const SPHERE = { vertices: topology.vertices, faces: topology.faces };

Deno.test("what is odd about a mesh is told", () => {
  const sphere = inspectMesh(SPHERE);
  assertEquals([sphere.pieces, sphere.openEdges, sphere.crowdedEdges, sphere.handles], [1, 0, 0, 0]);
  assertEquals(describeMesh(sphere, true), []);
  const boxes = inspectMesh(BOXES);
  assertEquals([boxes.pieces, boxes.openEdges, boxes.handles], [2, 0, 0]);
  const open = inspectMesh({ ...BOXES, faces: BOXES.faces.slice(6, 36) });
  assertEquals([open.pieces, open.openEdges, open.handles], [1, 4, null]);
  assertFacts(describeMesh(boxes, true)[0], "2 pieces");
  assertFacts(describeMesh(boxes, true)[1], "x = 0.40");
  assertFacts(describeMesh(open, true)[0], "4 edges", "one face");
  const flat = inspectMesh({
    ...SPHERE,
    vertices: SPHERE.vertices.map((value, i) => i % 3 === 1 ? 0 : value),
  });
  assertFacts(describeMesh(flat, true)[0], "flat");
});

Deno.test("a ring has a hole, and a mesh that lies across is told to turn", () => {
  const n = 12;
  const ring = Float64Array.from({ length: 3 * n * n }, (_, i) => {
    const u = 2 * Math.PI * Math.floor(i / 3 / n) / n, v = 2 * Math.PI * (Math.floor(i / 3) % n) / n;
    return [
      (1 + 0.3 * Math.cos(v)) * Math.cos(u),
      (1 + 0.3 * Math.cos(v)) * Math.sin(u),
      0.3 * Math.sin(v),
    ][i % 3];
  });
  const faces = Int32Array.from({ length: 6 * n * n }, (_, k) => {
    const quad = Math.floor(k / 6), i = Math.floor(quad / n), j = quad % n;
    const [di, dj] = [[0, 0], [1, 0], [1, 1], [0, 0], [1, 1], [0, 1]][k % 6];
    return (i + di) % n * n + (j + dj) % n;
  });
  assertEquals(inspectMesh({ vertices: ring, faces }).handles, 1);
  const across = topology.vertices.map((value, i) => i % 3 === 0 && value > 0 ? 2 * value : value);
  const sentences = describeMesh(inspectMesh({ ...SPHERE, vertices: across }), true);
  assertFacts(sentences.join("\n"), "'symmetric: false'", "y", "x", "90 degrees");
});

Deno.test("meshes with y up are turned so that their front is at -y, and moved to the middle", () => {
  const file = labelledMesh([2, 0, 0, 3, 0, 0, 2, 5, 1], [0, 1, 2]);
  const { vertices } = orientMesh(file, "y");
  assertEquals(Array.from(vertices), [-0.5, -0, 0, 0.5, -0, 0, -0.5, -1, 5]);
  assertEquals(Array.from(orientMesh(file, "z").vertices.subarray(0, 3)), [-0.5, 0, 0]);
});

Deno.test("vertices get the part that is seen at their pixels, hidden ones that of the nearest place", () => {
  assertEquals(keptParts(BOXES), ["foot", "head"]);
  const hidden = transferParts(BOXES, Float64Array.of(0.5, 0.5, -1, 0.5, 0.5, 4), new Int32Array(0));
  assertEquals(Array.from(hidden), [0, 1]);
  // A sphere of two halves about one smaller ball of a third part, which nothing but a nearest place would show.
  const { vertices, faces } = SPHERE;
  const ball = vertices.map((value) => 0.97 * value);
  const parts = Array.from({ length: faces.length / 3 }, (_, f) => {
    const height = [0, 1, 2].reduce((sum, k) => sum + vertices[3 * faces[3 * f + k] + 2], 0);
    return height > 0 ? "up" : "down";
  });
  const mesh = labelledMesh(
    [...vertices, ...ball],
    [...faces, ...faces.map((vertex) => vertex + vertices.length / 3)],
    [...parts, ...parts.map(() => "inner")],
  );
  const labels = transferParts(mesh, vertices.map((value) => 0.98 * value), faces);
  labels.forEach((label, v) => {
    const height = vertices[3 * v + 2];
    if (Math.abs(height) > 0.15) assertEquals(mesh.partNames[label], height > 0 ? "up" : "down");
  });
});

Deno.test("a mesh of more than 32 parts gives its template one", () => {
  const more = { ...BOXES, partNames: Array.from({ length: 33 }, (_, k) => `part ${k}`) };
  assertEquals(keptParts(more), ["part 0"]);
  assertEquals(
    transferParts(more, Float64Array.from(VERTICES), Int32Array.from(FACES)).every((label) => label === 0),
    true,
  );
});

Deno.test("Chamfer distance of spheres of radius 1 and 1.1 is 0.1", () => {
  const larger = { ...SPHERE, vertices: topology.vertices.map((value) => 1.1 * value) };
  assertAlmostEquals(chamferDistance(SPHERE, larger), 0.1, 0.02);
  assert(chamferDistance(SPHERE, SPHERE) < 0.04); // two draws of points
});

Deno.test("an open mesh of two pieces becomes a solid that the sphere wraps closely", () => {
  const file = { ...BOXES, faces: BOXES.faces.slice(6) };
  const { vertices: [vertices] } = normalizeClass([orientMesh(file, "z").vertices]);
  const mesh = { vertices, faces: file.faces };
  const solid = visualHull(renderTargets(mesh, viewRotations(24, 1, 0), 64), { cells: 40 });
  assert(solid.distance(0, 0, -0.7) < -0.1 && solid.distance(0, 0, 0.7) < -0.1);
  assert(solid.distance(0.9, 0, 0) > 0.3 && solid.distance(0, 0, 3) > 1.9);
  const wrapped = shrinkWrap(solid, topology, { morphSteps: 60, spreadSteps: 20, fitSteps: 5 });
  const { iou } = measureFit(mesh, wrapped, topology);
  assert(iou > 0.8, `IoU ${iou}`); // 40 cells and 80 steps
});
