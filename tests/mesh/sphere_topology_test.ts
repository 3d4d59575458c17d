import { assert, assertEquals } from "@std/assert";
import { readNpz } from "../../lib/io/npz.ts";
import { findFaceNeighbours } from "../../lib/mesh/face_neighbours.ts";
import { deriveTopology, sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { topologyIndices } from "../helpers/topology_indices.ts";

const topology = sphereTopology();
const truth = await readNpz("tests/fixtures/parity/mesh/template.npz");
const numbers = (name: string) => Array.from(truth[name].data, Number);

Deno.test("sphere topology: counts, Euler number and two faces an edge", () => {
  assertEquals(topology.vertices.length, 962 * 3);
  assertEquals(topology.faces.length, 1920 * 3);
  assertEquals(topology.uvs.length, 1054 * 2);
  assertEquals(topology.edgeFaces.length, 2880 * 2);
  assertEquals(962 - 2880 + 1920, 2);
  assertEquals(topology.faceNeighbours.length, 1920 * 3);
});

Deno.test("sphere topology: indices are those of the original's template", () => {
  for (const [name, ours] of topologyIndices(topology)) assertEquals(Array.from(ours), numbers(name), name);
});

Deno.test("sphere topology: values are those of the original's template within its file's rounding", () => {
  assertAllClose(topology.vertices, numbers("vertices"), { absolute: 2e-6 }, "vertices");
  assertAllClose(topology.uvs, numbers("uvs"), { absolute: 2e-6 }, "uvs");
  assertAllClose(topology.samplePositions, numbers("topo_map"), { absolute: 4e-6 }, "sample positions");
  assertAllClose(topology.laplacian.values, numbers("laplacian_values"), { absolute: 1e-7 }, "Laplacian");
  // near the poles the tangent of a file with 6 decimals is off by rounding / radius
  assertAllClose(topology.tangentFrames, numbers("tangent_map"), { absolute: 2e-5 }, "tangent frames");
});

Deno.test("sphere topology: deriving from the file's own arrays gives the original's frames", () => {
  const derived = deriveTopology(
    {
      vertices: truth.vertices.data as Float32Array,
      faces: Int32Array.from(numbers("faces")),
      uvs: truth.uvs.data as Float32Array,
      faceUvs: Int32Array.from(numbers("face_uvs")),
    },
    31,
    32,
  );
  assertAllClose(derived.samplePositions, numbers("topo_map"), { absolute: 1e-6 }, "sample positions");
  assertAllClose(derived.tangentFrames, numbers("tangent_map"), { absolute: 1e-6 }, "tangent frames");
  assertEquals(Array.from(derived.positiveIndices), numbers("pos_indices"));
});

Deno.test("sphere topology: vertices have unit length and faces look outward", () => {
  const { vertices, faces } = topology;
  const at = (i: number) => vertices.subarray(3 * i, 3 * i + 3);
  for (let i = 0; i < 962; i++) assert(Math.abs(Math.hypot(...at(i)) - 1) < 2e-6);
  for (let f = 0; f < 1920; f++) {
    const [a, b, c] = [0, 1, 2].map((corner) => at(faces[3 * f + corner]));
    const volume = a[0] * (b[1] * c[2] - b[2] * c[1]) + a[1] * (b[2] * c[0] - b[0] * c[2]) +
      a[2] * (b[0] * c[1] - b[1] * c[0]);
    assert(volume > 0, `face ${f} looks inward`);
  }
});

Deno.test("sphere topology: the mirror of the face set is the face set", () => {
  const { negativeIndices, positiveIndices, zeroIndices, vertices, faces } = topology;
  assertEquals([negativeIndices.length, positiveIndices.length, zeroIndices.length], [450, 450, 62]);
  const mirror = new Int32Array(962).fill(-1);
  zeroIndices.forEach((i) => mirror[i] = i);
  negativeIndices.forEach((negative, i) => {
    const positive = positiveIndices[i];
    mirror[negative] = positive;
    mirror[positive] = negative;
    assertEquals(vertices[3 * negative], -vertices[3 * positive]);
    assertEquals(vertices[3 * negative + 1], vertices[3 * positive + 1]);
    assertEquals(vertices[3 * negative + 2], vertices[3 * positive + 2]);
  });
  assert(mirror.every((i) => i >= 0));
  const key = (corners: number[]) => corners.toSorted((a, b) => a - b).join();
  const corners = (f: number) => Array.from(faces.subarray(3 * f, 3 * f + 3));
  const all = new Set(Array.from({ length: 1920 }, (_, f) => key(corners(f))));
  for (let f = 0; f < 1920; f++) assert(all.has(key(corners(f).map((i) => mirror[i]))));
});

Deno.test("sphere topology: an open mesh has no neighbours across every edge", () => {
  assertThrowsWith(() => findFaceNeighbours(Int32Array.of(0, 1, 2)), RangeError, 1, "vertices 0,1");
});
