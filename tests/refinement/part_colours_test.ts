import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { completeTexture } from "../../lib/refinement/complete_texture.ts";
import { partColours } from "../../lib/refinement/part_colours.ts";
import { texelSurface } from "../../lib/refinement/texel_surface.ts";
import { loadTemplates } from "../../lib/templates/load_templates.ts";

const R = 128, surface = texelSurface(R);
const [{ partLabels, partNames }] = await loadTemplates("car", "singletpl");
const COLOURS = [[0.9, 0.1, 0.1], [0.1, 0.1, 0.1], [0.2, 0.3, 0.5], [1, 1, 0.8]];

const areas = new Float32Array(R * R).fill(1);

/** Label of the vertex that is nearest to a texel. */
function labelOf(texel: number): number {
  const weights = [...surface.weights.subarray(3 * texel, 3 * texel + 3)];
  return partLabels[surface.corners[3 * texel + weights.indexOf(Math.max(...weights))]];
}

/** A car whose left half is known: parts of one colour each, with a bright spot that is no part's colour. */
function halfCar() {
  const colours = new Float32Array(3 * R * R), confidence = new Float32Array(R * R);
  for (let texel = 0; texel < R * R; texel++) {
    if (texel % R < R / 4 || texel % R >= 3 * R / 4) continue; // a half of the columns, one side of the car
    confidence[texel] = 1;
    const isSpot = texel % 7 === 0;
    colours.set(isSpot ? [1, 1, 1] : COLOURS[labelOf(texel)], 3 * texel);
  }
  return { resolution: R, colours, confidence };
}

Deno.test("what is seen of a part colours the rest of it; small parts have no colour of their own", () => {
  assertEquals(partNames, ["body", "wheel", "glass", "light"]);
  const found = partColours(halfCar(), partLabels, surface, areas),
    right = [0, 0, 0, 0],
    count = [0, 0, 0, 0];
  for (let texel = 0; texel < R * R; texel++) {
    const label = labelOf(texel), wanted = COLOURS[label];
    const colour = found.colours.subarray(3 * texel, 3 * texel + 3);
    count[label]++;
    if (wanted.every((value, c) => Math.abs(value - colour[c]) < 0.02)) right[label]++;
  }
  assert(
    right[0] > 0.9 * count[0] && right[1] > 0.6 * count[1] && right[2] > 0.6 * count[2],
    `${right} of ${count}`,
  );
  assertEquals(right[3], 0); // lights are those of the part around them
  const unseen = { ...halfCar(), confidence: new Float32Array(R * R) };
  assert(partColours(unseen, partLabels, surface, areas).confidence.every((share) => share === 0));
});

Deno.test("a texture is completed by its parts where nothing else shows it, and keeps what is known", () => {
  const own = halfCar(),
    { data } = completeTexture(own, [], null, (known) => partColours(known, partLabels, surface, areas));
  const plain = completeTexture(own, [], null).data;
  const sums = [0, 0];
  let unseen = 0;
  for (let texel = 0; texel < R * R; texel++) {
    const k = 3 * texel, wanted = COLOURS[labelOf(texel)];
    if (own.confidence[texel] === 1) {
      for (let c = 0; c < 3; c++) assertAlmostEquals(data[k + c], own.colours[k + c], 1e-6);
    } else if (texel % R < R / 8 || texel % R >= 7 * R / 8) { // far from what is known
      unseen++;
      [data, plain].forEach((found, i) =>
        wanted.forEach((value, c) => sums[i] += Math.abs(value - found[k + c]) / 3)
      );
    }
  }
  assert(
    sums[0] < 0.06 * unseen && sums[1] > 2 * sums[0],
    `${sums[0] / unseen}, without parts ${sums[1] / unseen}`,
  );
});
