/**
 * Random cars: saloons, hatchbacks and estates in usual colours.
 *
 * @module
 */
import type { Prng } from "../../lib/core/prng.ts";
import { type CarParameters, type CarShape, carShape } from "./car_shape.ts";
import { smoothStep } from "../../lib/templates/signed_distance.ts";
import { type Colour, hsv, mixColours, pick, scaleColour } from "./colours.ts";
import type { Paint, SyntheticModel } from "./synthetic_model.ts";

/** Draws a car. */
export function randomCar(prng: Prng): SyntheticModel {
  const body = pick(prng, ["saloon", "saloon", "saloon", "hatchback", "estate"] as const);
  const shape = carShape(randomProportions(prng, body));
  const look = randomLook(prng);
  return {
    shape,
    paintAt: (x, y, z, part) => paintCar(shape, look, x, y, z, part),
    traits: { body, stripe: look.stripe },
  };
}

function randomProportions(prng: Prng, body: "saloon" | "hatchback" | "estate"): CarParameters {
  const tall = body === "saloon" ? 0 : 0.04;
  const roofHeight = prng.uniform(0.56, 0.64) + tall;
  const beltHeight = roofHeight * prng.uniform(0.63, 0.68);
  const frontAxle = prng.uniform(-0.66, -0.57);
  const screenFoot = prng.uniform(-0.48, -0.36);
  const roofFront = screenFoot + prng.uniform(0.26, 0.36);
  const [roofRear, rearFoot] = body === "saloon"
    ? [prng.uniform(0.28, 0.42), prng.uniform(0.68, 0.8)]
    : body === "hatchback"
    ? [prng.uniform(0.5, 0.6), prng.uniform(0.88, 0.96)]
    : [prng.uniform(0.72, 0.8), prng.uniform(0.93, 0.98)];
  return {
    halfWidth: prng.uniform(0.425, 0.485),
    roofHeight,
    beltHeight,
    bonnetHeight: beltHeight - prng.uniform(0.05, 0.1),
    bootHeight: beltHeight - prng.uniform(0.005, 0.035),
    clearance: prng.uniform(0.07, 0.11),
    wheelRadius: prng.uniform(0.133, 0.16),
    frontAxle,
    rearAxle: frontAxle + prng.uniform(1.14, 1.26),
    screenFoot,
    roofFront,
    roofRear,
    rearFoot,
    tumblehome: prng.uniform(0.07, 0.12),
    rounding: prng.uniform(0.04, 0.075),
  };
}

/** Colours and patterns of one car. */
interface CarLook {
  readonly paint: Colour;
  readonly roof: Colour;
  readonly second: Colour;
  readonly stripe: "none" | "bonnet" | "side" | "two-tone";
  readonly trim: Colour;
  readonly rim: Colour;
  readonly glass: Colour;
  readonly plate: Colour;
}

function randomLook(prng: Prng): CarLook {
  const grey = prng.uniform(0.06, 0.95);
  const paint = prng.next() < 0.4 ? hsv(prng.uniform(0.5, 0.7), prng.uniform(0, 0.08), grey) : hsv(
    pick(prng, [0, 0.01, 0.06, 0.12, 0.3, 0.38, 0.55, 0.6, 0.63, 0.9]),
    prng.uniform(0.6, 0.95),
    prng.uniform(0.35, 0.9),
  );
  const stripe = pick(prng, ["none", "none", "none", "bonnet", "side", "two-tone"] as const);
  const bright = paint[0] + paint[1] + paint[2] > 1.5;
  const second = bright ? hsv(prng.next(), 0.7, 0.25) : hsv(prng.next(), prng.uniform(0, 0.6), 0.92);
  return {
    paint,
    roof: stripe === "two-tone" ? second : paint,
    second,
    stripe,
    trim: prng.next() < 0.5 ? [0.1, 0.1, 0.11] : scaleColour(paint, 0.85),
    rim: hsv(0.6, 0.03, prng.uniform(0.45, 0.85)),
    glass: hsv(prng.uniform(0.5, 0.62), 0.35, prng.uniform(0.12, 0.26)),
    plate: pick(prng, [[0.9, 0.9, 0.88], [0.88, 0.78, 0.3]] as const),
  };
}

function paintCar(shape: CarShape, look: CarLook, x: number, y: number, z: number, part: number): Paint {
  switch (shape.partNames[part]) {
    case "wheel":
      return paintWheel(shape, look, x, y, z);
    case "glass":
      return { colour: scaleColour(look.glass, 1 + 1.2 * smoothStep(z, 0.38, 0.62)), gloss: 1 };
    case "light":
      return { colour: y < 0 ? [0.95, 0.93, 0.82] : [0.72, 0.06, 0.05], gloss: 0.8 };
    default:
      return paintBody(shape, look, Math.abs(x), y, z);
  }
}

function paintWheel(shape: CarShape, look: CarLook, x: number, y: number, z: number): Paint {
  const { frontAxle, rearAxle, wheelRadius, halfWidth } = shape.parameters;
  const axle = Math.abs(y - frontAxle) < Math.abs(y - rearAxle) ? frontAxle : rearAxle;
  const across = Math.sqrt((y - axle) ** 2 + (z - wheelRadius) ** 2) / wheelRadius;
  if (across > 0.66 || Math.abs(x) < halfWidth - 0.06) {
    return { colour: across > 1 ? [0.02, 0.02, 0.02] : [0.06, 0.06, 0.065], gloss: 0.05 };
  }
  const spokes = Math.cos(5 * Math.atan2(z - wheelRadius, y - axle));
  const open = across > 0.2 && across < 0.56 && spokes < -0.1;
  return { colour: open ? [0.08, 0.08, 0.09] : look.rim, gloss: 0.5 };
}

function paintBody(shape: CarShape, look: CarLook, x: number, y: number, z: number): Paint {
  const p = shape.parameters;
  const front = smoothStep(-y, 0.93, 0.95), rear = smoothStep(y, 0.93, 0.95);
  const plateZ = z - p.clearance - 0.13;
  if (front + rear > 0.5 && x < 0.12 && Math.abs(plateZ) < 0.03) return { colour: look.plate, gloss: 0.2 };
  if (front > 0.5 && x < 0.19 && Math.abs(z - p.bonnetHeight + 0.055) < 0.03) {
    return { colour: [0.06, 0.06, 0.07], gloss: 0.2 };
  }
  if (z < p.clearance + 0.055) return { colour: scaleColour(look.trim, 0.8), gloss: 0.1 };
  if (isSeam(shape, x, y, z)) return { colour: scaleColour(look.paint, 0.35), gloss: 0.1 };
  let colour = z > p.beltHeight + 0.03 ? look.roof : look.paint;
  if (look.stripe === "bonnet" && x > 0.05 && x < 0.15 && z > p.clearance + 0.15) colour = look.second;
  if (look.stripe === "side" && x > 0.3) {
    colour = mixColours(colour, look.second, Math.abs(z - p.clearance - 0.14) < 0.022 ? 1 : 0);
  }
  return { colour, gloss: 0.6 };
}

/** Gaps of doors and bonnet, drawn as thin lines. */
function isSeam(shape: CarShape, x: number, y: number, z: number): boolean {
  const p = shape.parameters, half = 0.007;
  const pillar = (p.roofFront + p.roofRear) / 2 - 0.02;
  const side = x > p.halfWidth - 0.14 && z > p.clearance + 0.08 && z < p.beltHeight + 0.02;
  if (side && (Math.abs(y - pillar) < half || Math.abs(y - p.screenFoot - 0.08) < half)) return true;
  if (side && Math.abs(y - Math.min(p.roofRear + 0.1, p.rearAxle)) < half) return true;
  const handle = side && Math.abs(z - p.beltHeight + 0.055) < 0.009;
  if (handle && (Math.abs(y - pillar + 0.07) < 0.03 || Math.abs(y - pillar - 0.3) < 0.03)) return true;
  const bonnet = y < p.screenFoot && y > -0.93 && z > p.bonnetHeight - 0.03;
  return bonnet && Math.abs(x - p.halfWidth + 0.17) < half;
}
