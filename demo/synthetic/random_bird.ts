/**
 * Random birds: songbirds of varied proportions with plumage of a few colours.
 *
 * @module
 */
import type { Prng } from "../../lib/core/prng.ts";
import { type BirdParameters, type BirdShape, birdShape } from "./bird_shape.ts";
import { smoothStep } from "../../lib/templates/signed_distance.ts";
import { type Colour, hsv, mixColours, pick, scaleColour } from "./colours.ts";
import { layeredNoise, type Noise } from "./noise.ts";
import type { Paint, SyntheticModel } from "./synthetic_model.ts";

/** Draws a bird. */
export function randomBird(prng: Prng): SyntheticModel {
  const shape = birdShape(randomProportions(prng));
  const look = randomLook(prng);
  return {
    shape,
    paintAt: (x, y, z, part) => paintBird(shape, look, x, y, z, part),
    traits: { pattern: look.pattern, cap: look.hasCap ? 1 : 0 },
  };
}

function randomProportions(prng: Prng): BirdParameters {
  return {
    bodyLength: prng.uniform(0.43, 0.51),
    bodyWidth: prng.uniform(0.2, 0.28),
    bodyHeight: prng.uniform(0.23, 0.31),
    pitchRadians: prng.uniform(0.2, 0.62),
    headRadius: prng.uniform(0.15, 0.205),
    neckLength: prng.uniform(0.03, 0.16),
    neckRadians: prng.uniform(0.5, 1.05),
    beakLength: prng.uniform(0.1, 0.28),
    beakRadius: prng.uniform(0.05, 0.085),
    tailLength: prng.uniform(0.36, 0.64),
    tailWidth: prng.uniform(0.1, 0.17),
    tailRadians: prng.uniform(0.12, 0.42),
    wingLength: prng.uniform(0.38, 0.47),
    wingHeight: prng.uniform(0.13, 0.17),
    legLength: prng.uniform(0.12, 0.24),
    legRadius: prng.uniform(0.026, 0.036),
  };
}

/** Colours and patterns of one bird. */
interface BirdLook {
  readonly back: Colour;
  readonly belly: Colour;
  readonly breast: Colour;
  readonly head: Colour;
  readonly cap: Colour;
  readonly wing: Colour;
  readonly wingTip: Colour;
  readonly tail: Colour;
  readonly tailTip: Colour;
  readonly beak: Colour;
  readonly legs: Colour;
  readonly pattern: "plain" | "bars" | "speckles";
  readonly hasCap: boolean;
  readonly noise: Noise;
}

function randomLook(prng: Prng): BirdLook {
  const hue = pick(prng, [0.0, 0.03, 0.06, 0.08, 0.1, 0.14, 0.22, 0.35, 0.55, 0.6]);
  const vivid = prng.next() < 0.45;
  const back = hsv(hue, vivid ? prng.uniform(0.6, 0.9) : prng.uniform(0.1, 0.45), prng.uniform(0.15, 0.75));
  const belly = prng.next() < 0.7
    ? hsv(prng.uniform(0.05, 0.16), prng.uniform(0.02, 0.35), prng.uniform(0.75, 0.95))
    : hsv(pick(prng, [0.02, 0.06, 0.12, 0.15]), prng.uniform(0.6, 0.9), prng.uniform(0.7, 0.9));
  const accent = hsv(
    pick(prng, [0, 0.05, 0.12, 0.15, 0.58, 0.65]),
    prng.uniform(0.6, 0.95),
    prng.uniform(0.5, 0.9),
  );
  const wing = scaleColour(
    mixColours(back, [0.2, 0.17, 0.15], prng.uniform(0.2, 0.6)),
    prng.uniform(0.6, 1.1),
  );
  return {
    back,
    belly,
    breast: prng.next() < 0.4 ? accent : mixColours(belly, back, prng.uniform(0, 0.5)),
    head: prng.next() < 0.3 ? accent : mixColours(back, [0.1, 0.1, 0.1], prng.uniform(0, 0.5)),
    cap: prng.next() < 0.5 ? accent : [0.07, 0.07, 0.08],
    wing,
    wingTip: scaleColour(wing, 0.6),
    tail: scaleColour(mixColours(back, wing, 0.5), prng.uniform(0.6, 1)),
    tailTip: prng.next() < 0.4 ? [0.92, 0.9, 0.86] : scaleColour(wing, 0.5),
    beak: pick(prng, [[0.12, 0.11, 0.11], [0.9, 0.62, 0.12], [0.75, 0.3, 0.12], [0.45, 0.4, 0.36]] as const),
    legs: pick(prng, [[0.2, 0.17, 0.16], [0.85, 0.5, 0.2], [0.6, 0.4, 0.35]] as const),
    pattern: pick(prng, ["plain", "bars", "speckles"] as const),
    hasCap: prng.next() < 0.45,
    noise: layeredNoise(prng.nextUint32()),
  };
}

function paintBird(
  shape: BirdShape,
  look: BirdLook,
  x: number,
  y: number,
  z: number,
  part: number,
): Paint {
  const side = Math.abs(x);
  // Plumage is the same on both sides but for a little of the noise.
  const rough = 0.8 * look.noise(9 * side, 9 * y, 9 * z) + 0.2 * look.noise(9 * x + 50, 9 * y, 9 * z);
  const shade = 0.78 + 0.44 * rough;
  switch (shape.partNames[part]) {
    case "head":
      return paintHead(shape, look, side, y, z, shade);
    case "legs":
      return {
        colour: z > -0.85 * shape.parameters.bodyHeight ? scaleColour(look.belly, shade) : look.legs,
        gloss: 0.1,
      };
    case "wing":
      return { colour: scaleColour(wingColour(look, y, z), shade), gloss: 0.08 };
    case "tail": {
      const t = smoothStep(y, 0.72, 0.86);
      const bars = look.pattern === "bars" ? 0.75 + 0.25 * Math.sign(Math.sin(45 * y)) : 1;
      return { colour: scaleColour(mixColours(look.tail, look.tailTip, t), shade * bars), gloss: 0.08 };
    }
    default:
      return { colour: scaleColour(trunkColour(shape, look, side, y, z), shade), gloss: 0.05 };
  }
}

function trunkColour(shape: BirdShape, look: BirdLook, x: number, y: number, z: number): Colour {
  const { pitchRadians, bodyHeight, bodyLength } = shape.parameters;
  const across = z * Math.cos(pitchRadians) + y * Math.sin(pitchRadians);
  const under = 1 - smoothStep(across, -0.25 * bodyHeight, 0.35 * bodyHeight);
  const forward = smoothStep(-y, 0.05, 0.7 * bodyLength);
  let below = mixColours(look.belly, look.breast, forward);
  if (look.pattern === "speckles") {
    const spot = smoothStep(look.noise(26 * x, 22 * y, 22 * z + 9), 0.58, 0.66);
    below = mixColours(below, scaleColour(look.back, 0.6), 0.8 * spot);
  }
  if (look.pattern === "bars") below = scaleColour(below, 0.86 + 0.14 * Math.sin(60 * z));
  return mixColours(look.back, below, under);
}

function wingColour(look: BirdLook, y: number, z: number): Colour {
  const along = smoothStep(y, -0.05, 0.5);
  const feathers = 0.88 + 0.12 * Math.sin(70 * (z + 0.35 * y));
  let colour = mixColours(look.wing, look.wingTip, along);
  if (look.pattern === "bars") {
    const bar = Math.abs(y + 0.5 * z - 0.05) < 0.025 || Math.abs(y + 0.5 * z - 0.17) < 0.02;
    if (bar) colour = [0.9, 0.88, 0.82];
  }
  return scaleColour(colour, feathers);
}

function paintHead(
  shape: BirdShape,
  look: BirdLook,
  x: number,
  y: number,
  z: number,
  shade: number,
): Paint {
  const { headRadius } = shape.parameters;
  const [headY, headZ] = shape.headCentre;
  const dy = (y - headY) / headRadius, dz = (z - headZ) / headRadius;
  if (dy < -0.88) return { colour: scaleColour(look.beak, 0.9 + 0.2 * smoothStep(dz, -0.5, 0)), gloss: 0.3 };
  const eye = Math.sqrt((dy + 0.5) ** 2 + (dz - 0.18) ** 2);
  if (x > 0.4 * headRadius && eye < 0.17) {
    return { colour: eye < 0.13 ? [0.03, 0.03, 0.03] : [0.85, 0.8, 0.7], gloss: 0.9 };
  }
  if (look.hasCap && dz > 0.35 && dy < 0.7) return { colour: scaleColour(look.cap, shade), gloss: 0.08 };
  const throat = smoothStep(-dz + 0.3 * dy, 0.25, 0.6);
  const neck = smoothStep(dy, 0.6, 1.3);
  const colour = mixColours(
    mixColours(look.head, look.breast, 0.85 * throat),
    look.back,
    neck * (1 - throat),
  );
  return { colour: scaleColour(colour, shade), gloss: 0.06 };
}
