import { assert, assertEquals } from "@std/assert";
import { Prng } from "../../lib/core/prng.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";
import { adjustPoles } from "../reference/adjust_poles.ts";
import { displaceVertices } from "../../lib/mesh/displace_vertices.ts";
import { mirrorTexture } from "../../lib/mesh/mirror_texture.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { DisplacementFitter } from "../../lib/pseudogt/displacement_fitter.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";

/** A smooth map of waves around the sphere, `[32, 32, 3]`; its own mirror image if it is symmetric. */
function smoothMap(symmetric: boolean): Float32Array {
  const prng = new Prng(4, "map"), data = new Float32Array(32 * 32 * 3);
  for (let channel = 0; channel < 3; channel++) {
    const [size, phase, tilt] = [0.2 * prng.next(), prng.next(), prng.next()];
    for (let texel = 0; texel < 32 * 32; texel++) {
      const u = (texel % 32 + 0.5) / 32, row = Math.floor(texel / 32) / 31;
      data[3 * texel + channel] = size * Math.sin(Math.PI * row) *
          Math.cos(2 * Math.PI * u - (symmetric ? Math.PI / 2 : phase) + 0 * tilt) +
        0.1 * tilt * Math.cos(3 * row);
    }
  }
  return adjustPoles({ data, height: 32, width: 32, channels: 3 }).data as Float32Array;
}

for (const symmetric of [true, false]) {
  Deno.test(`the map of a displaced sphere is found again, ${symmetric ? "" : "not "}symmetric`, () => {
    const map = smoothMap(symmetric);
    const vertices = displaceVertices(sphereTopology(), map, 32, 32, { symmetric });
    const found = new DisplacementFitter(symmetric).fit(vertices);
    assert(found.residual < 1e-4, `${found.residual}`);
    const again = displaceVertices(sphereTopology(), found.displacementMap, 32, 32, { symmetric });
    assertAllClose(again, vertices, { absolute: 1e-3 });
    // shifts across the mirror plane move nothing, nor do some of a pole: channels and rows without them must agree
    const inside = (values: Float32Array) => values.subarray(96, -96).filter((_, k) => k % 3 !== 1);
    assertAllClose(inside(found.displacementMap), inside(map), { absolute: 5e-3 });
  });
}

Deno.test("maps of templates are even reflections with one value at each pole, and show the shapes", async () => {
  const fitter = new DisplacementFitter(true);
  for (const category of ["car", "bird"]) {
    for (const { name, vertices } of await loadTemplates(category, "multitpl")) {
      const { displacementMap, residual } = fitter.fit(vertices);
      assert(residual < 0.003, `${name}: ${residual} half lengths`);
      const map = { data: displacementMap, height: 32, width: 32, channels: 3 };
      assertEquals(mirrorTexture(map).data, displacementMap);
      assertEquals(adjustPoles(map).data.subarray(0, 3), displacementMap.subarray(0, 3));
      for (const row of [0, 31]) {
        for (let k = 0; k < 96; k++) {
          assertEquals(displacementMap[row * 96 + k], displacementMap[row * 96 + k % 3]);
        }
      }
    }
  }
});

Deno.test("a map changes evenly from column to column, though vertices read the mean of two", async () => {
  const [{ vertices }] = await loadTemplates("car", "singletpl");
  const { displacementMap: map } = new DisplacementFitter(true).fit(vertices);
  let bends = 0, count = 0;
  for (let row = 1; row < 31; row++) {
    for (let column = 0; column < 32; column++) {
      const at = (j: number) => map[(row * 32 + (j + 32) % 32) * 3];
      bends += (at(column - 1) - 2 * at(column) + at(column + 1)) ** 2;
      count++;
    }
  }
  const bend = Math.sqrt(bends / count);
  assert(bend < 0.1, `second differences of ${bend}`);
});

Deno.test("a shape of other vertices is refused", () => {
  assertThrowsWith(
    () => new DisplacementFitter(true).fit(new Float32Array(30)),
    TypeError,
    "vertices",
    "[962, 3]",
    30,
  );
});
