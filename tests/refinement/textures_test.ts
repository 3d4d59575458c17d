import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { chooseDonors, rankByLikeness } from "../../lib/refinement/choose_donors.ts";
import { completeTexture } from "../../lib/refinement/complete_texture.ts";
import { fillTexture, joinTextures } from "../../lib/refinement/join_textures.ts";
import { matchColours } from "../../lib/refinement/match_colours.ts";
import { padPhotograph } from "../../lib/refinement/padded_photograph.ts";
import {
  DONOR_CONFIDENCE,
  OWN_CONFIDENCE,
  type PartialTexture,
  reduceTexture,
  seenTexture,
} from "../../lib/refinement/partial_texture.ts";
import { projectPhotograph } from "../../lib/refinement/project_photograph.ts";
import { pushPull } from "../../lib/refinement/push_pull.ts";
import { texelSurface } from "../../lib/refinement/texel_surface.ts";
import { type Pose, projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { turntableRotation } from "../../lib/rendering/turntable_rotation.ts";

const R = 128, SIZE = 256;
const sphere = sphereTopology();
const pose = (azimuth: number): Pose => ({
  rotation: turntableRotation(azimuth, 15),
  scale: 0.8,
  translation: [0, 0],
  perspective: 1.5,
});

/** Smooth colours over the surface, from places of the texels, `[R, R, 3]`. */
function colouredTexture(colourOf: (x: number, y: number, z: number) => number[]): FloatImage {
  const { corners, weights } = texelSurface(R), texture = floatImage(R, R, 3);
  for (let t = 0; t < R * R; t++) {
    const place = [0, 1, 2].map((axis) =>
      [0, 1, 2].reduce(
        (sum, k) => sum + weights[3 * t + k] * sphere.vertices[3 * corners[3 * t + k] + axis],
        0,
      )
    );
    texture.data.set(colourOf(place[0], place[1], place[2]), 3 * t);
  }
  return texture;
}

/** A photograph of the sphere with a texture, over a background of one colour. */
function photograph(texture: FloatImage, view: Pose, background: readonly number[]) {
  const screen = projectVertices(sphere.vertices, view);
  const rendered = renderImage({ ...sphere, vertices: screen }, texture, { size: SIZE, supersample: 4 });
  const image = floatImage(SIZE, SIZE, 3), mask = floatImage(SIZE, SIZE, 1);
  for (let p = 0; p < SIZE * SIZE; p++) {
    const share = mask.data[p] = rendered.data[4 * p + 3];
    for (let c = 0; c < 3; c++) {
      const colour = share * rendered.data[4 * p + c] + (1 - share) * background[c];
      image.data[3 * p + c] = (2 * colour - 1) * share;
    }
  }
  return { image, mask };
}

function seenOf(texture: FloatImage, view: Pose, background = [1, 0, 0]) {
  const sample = photograph(texture, view, background);
  const padded = padPhotograph(sample, 1);
  return projectPhotograph(sphere.vertices, view, padded, sample.mask, texelSurface(R));
}

const symmetricColours = (
  x: number,
  y: number,
  z: number,
) => [0.2, 0.5 + 0.3 * y, 0.5 + 0.3 * z - 0.2 * Math.abs(x)];

Deno.test("texels come back from a photograph, their mirror images too, and nothing of a red background", () => {
  const texture = colouredTexture(symmetricColours);
  const { confidence, colours } = seenTexture(seenOf(texture, pose(60)), OWN_CONFIDENCE, true);
  let covered = 0;
  for (let t = 0; t < R * R; t++) {
    if (confidence[t] < 1) continue;
    covered++;
    for (let c = 0; c < 3; c++) assertAlmostEquals(colours[3 * t + c], texture.data[3 * t + c], 0.03);
  }
  assert(covered > 0.5 * R * R, `${covered / R / R} of the surface is known`);
  const alone = seenTexture(seenOf(texture, pose(60)), OWN_CONFIDENCE, false);
  // half of the sphere is seen, and mirror images add most of what lies beyond its rim
  assert(alone.confidence.filter((share) => share === 1).length < 0.7 * covered);
});

Deno.test("pixels at the rim keep colours that are found beside them, and lose those of the background", () => {
  const S = 16, image = floatImage(S, S, 3), mask = floatImage(S, S, 1);
  const colourOf = (row: number) => row % 2 === 0 ? [0.2, 0.4, 0.4] : [0.2, 0.6, 0.8]; // stripes, up to the rim
  for (let row = 0, p = 0; row < S; row++) {
    for (let column = 0; column < S; column++, p++) {
      const share = mask.data[p] = column < 8 ? 1 : column === 8 ? 0.5 : 0, own = colourOf(row);
      const background = [1, 0.5, 0];
      for (let c = 0; c < 3; c++) {
        image.data[3 * p + c] = share * (2 * (share * own[c] + (1 - share) * background[c]) - 1);
      }
    }
  }
  const { data } = padPhotograph({ image, mask }, 1);
  const at = (row: number, column: number) => [0, 1, 2].map((c) => data[3 * (row * S + column) + c]);
  for (const row of [7, 8]) {
    for (let c = 0; c < 3; c++) {
      assertAlmostEquals(at(row, 7)[c], colourOf(row)[c], 1e-6); // whole, but at the rim
      const [low, high] = [colourOf(0)[c], colourOf(1)[c]]; // beside a half covered one
      assert(at(row, 8)[c] >= low - 1e-6 && at(row, 8)[c] <= high + 1e-6, `${at(row, 8)}`);
    }
    assertAlmostEquals(at(row, 8)[0], 0.2, 1e-6); // the background's red is 1
  }
});

Deno.test("what no photograph shows comes from another object, without a seam and in the own paint", () => {
  const own = colouredTexture((x, y, z) => symmetricColours(x, y, z).map((value) => value * 0.6));
  const other = colouredTexture(symmetricColours);
  const front = seenTexture(seenOf(own, pose(20)), OWN_CONFIDENCE, true);
  const rear = seenTexture(seenOf(other, pose(150)), OWN_CONFIDENCE, true);
  const { gain, error } = matchColours(front, rear);
  for (const factor of gain) assertAlmostEquals(factor, 0.6, 0.03);
  assert(error < 0.02);
  const { data } = completeTexture(front, [{ texture: rear, gain }], null);
  let worst = 0;
  for (let t = 0; t < R * R; t++) {
    if (front.confidence[t] === 0 && rear.confidence[t] < 1) continue; // seen by neither
    for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(data[3 * t + c] - own.data[3 * t + c]));
  }
  assert(worst < 0.06, `${worst}`);
});

Deno.test("joining keeps what is known, leaves no step where the other texture begins, and fades", () => {
  const half = (value: number, from: number, end: number): PartialTexture => ({
    resolution: R,
    colours: new Float32Array(3 * R * R).fill(value),
    confidence: Float32Array.from({ length: R * R }, (_, t) => t % R >= from && t % R < end ? 1 : 0),
  });
  const first = half(0.3, 0, 70), joined = joinTextures(first, half(0.7, 60, R));
  for (let t = 0; t < R * R; t++) if (t % R < 70) assertAlmostEquals(joined.colours[3 * t], 0.3, 1e-6);
  for (let j = 70; j < 90; j++) {
    const step = joined.colours[3 * (64 * R + j)] - joined.colours[3 * (64 * R + j - 1)];
    assert(Math.abs(step) < 0.04, `a step of ${step} at column ${j}`);
  }
  assert(joined.colours[3 * (64 * R + 98)] > 0.5, "the other texture keeps most of its own colour far away");
  assertEquals(joined.confidence.every((share) => share === 1), true);
});

Deno.test("filling keeps known values, spreads a constant exactly and continues around the sphere", () => {
  const weight = Float32Array.from({ length: R * R }, (_, t) => t % R < 8 ? 1 : 0);
  const colours = new Float32Array(3 * R * R).fill(0.25);
  for (const value of fillTexture({ resolution: R, colours, confidence: weight })) {
    assertAlmostEquals(value, 0.25, 1e-5);
  }
  const values = Float32Array.from({ length: 3 * R * R }, (_, k) => Math.floor(k / 3) % R < 4 ? 1 : 0);
  const known = Float32Array.from({ length: R * R }, (_, t) => t % R < 4 || t % R === 64 ? 1 : 0);
  const [filled, cut] = [true, false].map((wraps) =>
    pushPull({ height: R, width: R, values, weight: known, wraps })
  );
  assertEquals(filled[3 * (64 * R + 2)], 1);
  const last = 3 * (64 * R + R - 2);
  assert(filled[last] > cut[last] + 0.2, "the last columns are beside the first ones");
});

Deno.test("a donor is an object that looks alike and shows what is missing, and one that may give", () => {
  const view = (colour: number[], azimuth: number) => {
    const texture = colouredTexture((x, y, z) =>
      symmetricColours(x, y, z).map((value, c) => value * colour[c])
    );
    const seen = seenOf(texture, pose(azimuth));
    const [own, given] = [OWN_CONFIDENCE, DONOR_CONFIDENCE].map((range) =>
      reduceTexture(seenTexture(seen, range, true), 32)
    );
    return { own, given, vertices: sphere.vertices };
  };
  const blue = [0.3, 0.6, 1],
    candidates = [
      view(blue, 20), // the receiver
      view(blue, 20), // shows nothing new
      view([1, 0.3, 0.2], 120), // another paint
      view(blue.map((value) => 0.9 * value), 120),
    ];
  const donors = (among: typeof candidates, most = 6, mayGive?: (donor: number) => boolean) =>
    chooseDonors(among, 0, rankByLikeness(among, 0, mayGive), most);
  assertEquals(donors(candidates, 1)[0].index, 3);
  assertEquals(donors(candidates, 1, (donor) => donor !== 3)[0].index, 2);
  assertEquals(donors(candidates.slice(0, 2)), []);
  assertEquals(donors(candidates, 0), []);
});
