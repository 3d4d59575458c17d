/**
 * Proportions of buses, trucks and cars; lengths in units of half the vehicle's length.
 *
 * @module
 */
import { type CarParameters, carShape } from "../../demo/synthetic/car_shape.ts";
import type { TemplateConfig } from "./template_config.ts";
import type { ShrinkWrapOptions } from "../../lib/templates/shrink_wrap.ts";
import { type Region, type WheeledParameters, wheeledShape } from "./wheeled_shape.ts";

/** Shapes without thin limbs may spread their vertices faster, which makes them more even. */
const COMPACT: ShrinkWrapOptions = { inflation: 1.5, morphSteps: 120, spreadSteps: 120, smoothing: 0.5 };

const HATCHBACK: CarParameters = {
  roofHeight: 0.68,
  beltHeight: 0.43,
  bonnetHeight: 0.36,
  bootHeight: 0.42,
  halfWidth: 0.46,
  wheelRadius: 0.155,
  screenFoot: -0.46,
  roofFront: -0.1,
  roofRear: 0.58,
  rearFoot: 0.93,
};

const OFF_ROADER: CarParameters = {
  roofHeight: 0.78,
  beltHeight: 0.5,
  bonnetHeight: 0.44,
  bootHeight: 0.5,
  halfWidth: 0.47,
  clearance: 0.13,
  wheelRadius: 0.185,
  screenFoot: -0.4,
  roofFront: -0.16,
  roofRear: 0.8,
  rearFoot: 0.98,
  tumblehome: 0.07,
};

const SPORTS_CAR: CarParameters = {
  roofHeight: 0.5,
  beltHeight: 0.335,
  bonnetHeight: 0.235,
  bootHeight: 0.36,
  halfWidth: 0.46,
  clearance: 0.05,
  wheelRadius: 0.15,
  screenFoot: -0.4,
  roofFront: 0.02,
  roofRear: 0.2,
  rearFoot: 0.78,
  tumblehome: 0.14,
};

/** A box that reaches over the whole width on the near side. */
const across = (y: readonly [number, number], z: readonly [number, number], x = [0, 1]): Region => ({
  low: [x[0], y[0], z[0]],
  high: [x[1], y[1], z[1]],
});

const BUS: WheeledParameters = {
  blocks: [{
    profile: [[-1, 0.1], [-1, 0.34], [-0.965, 0.6], [-0.9, 0.63], [0.95, 0.63], [1, 0.58], [1, 0.1]],
    halfWidth: 0.23,
    rounding: 0.04,
  }],
  axles: [{ y: -0.56, radius: 0.095 }, { y: 0.46, radius: 0.095 }],
  track: 0.225,
  glass: [
    across([-1.1, -0.93], [0.3, 0.54], [0, 0.2]),
    across([-0.82, 0.9], [0.36, 0.52], [0.2, 1]),
    across([0.95, 1.1], [0.38, 0.54], [0, 0.18]),
  ],
  lights: [across([-1.1, -0.95], [0.14, 0.22], [0.12, 0.23]), across([0.95, 1.1], [0.2, 0.3], [0.14, 0.23])],
};

const DOUBLE_DECKER: WheeledParameters = {
  ...BUS,
  blocks: [{
    profile: [[-1, 0.1], [-1, 0.5], [-0.96, 0.86], [-0.9, 0.89], [0.92, 0.89], [0.98, 0.84], [1, 0.1]],
    halfWidth: 0.25,
    rounding: 0.04,
  }],
  track: 0.245,
  glass: [
    across([-1.1, -0.92], [0.3, 0.48], [0, 0.21]),
    across([-1.1, -0.92], [0.6, 0.8], [0, 0.21]),
    across([-0.82, 0.88], [0.32, 0.47], [0.2, 1]),
    across([-0.82, 0.88], [0.62, 0.78], [0.2, 1]),
    across([0.93, 1.1], [0.62, 0.78], [0, 0.19]),
  ],
};

const SCHOOL_BUS: WheeledParameters = {
  blocks: [
    {
      profile: [[-0.66, 0.12], [-0.66, 0.42], [-0.58, 0.64], [-0.5, 0.67], [0.96, 0.67], [1, 0.62], [
        1,
        0.12,
      ]],
      halfWidth: 0.245,
      rounding: 0.05,
    },
    {
      profile: [[-1, 0.13], [-1, 0.34], [-0.94, 0.37], [-0.6, 0.41], [-0.4, 0.41], [-0.4, 0.13]],
      halfWidth: 0.19,
      rounding: 0.04,
    },
  ],
  axles: [{ y: -0.74, radius: 0.105 }, { y: 0.46, radius: 0.105 }],
  track: 0.225,
  glass: [
    across([-0.72, -0.52], [0.44, 0.6], [0, 0.21]),
    across([-0.5, 0.92], [0.42, 0.56], [0.2, 1]),
    across([0.95, 1.1], [0.42, 0.58], [0, 0.18]),
  ],
  lights: [across([-1.1, -0.94], [0.2, 0.3], [0.1, 0.2]), across([0.95, 1.1], [0.22, 0.32], [0.15, 0.25])],
  poleHeight: 0.26,
};

const BOX_TRUCK: WheeledParameters = {
  blocks: [
    { profile: [[-0.36, 0.24], [-0.36, 0.86], [1, 0.86], [1, 0.24]], halfWidth: 0.31, rounding: 0.03 },
    {
      profile: [[-1, 0.13], [-1, 0.4], [-0.92, 0.62], [-0.84, 0.67], [-0.34, 0.67], [-0.34, 0.13]],
      halfWidth: 0.28,
      rounding: 0.05,
    },
    { profile: [[-0.6, 0.15], [-0.6, 0.27], [0.95, 0.27], [0.95, 0.15]], halfWidth: 0.22, rounding: 0.03 },
  ],
  axles: [{ y: -0.68, radius: 0.135 }, { y: 0.5, radius: 0.135 }],
  track: 0.285,
  tyre: 0.12,
  glass: [across([-1.1, -0.88], [0.41, 0.62], [0, 0.25]), across([-0.86, -0.5], [0.42, 0.6], [0.24, 1])],
  lights: [across([-1.1, -0.94], [0.2, 0.3], [0.15, 0.3]), across([0.93, 1.1], [0.24, 0.34], [0.2, 0.33])],
  poleHeight: 0.34,
};

const PICKUP: WheeledParameters = {
  blocks: [
    {
      profile: [[-0.98, 0.15], [-1, 0.34], [-0.92, 0.42], [-0.4, 0.46], [1, 0.46], [1, 0.17]],
      halfWidth: 0.37,
      rounding: 0.05,
    },
    {
      profile: [[-0.5, 0.4], [-0.2, 0.68], [0.18, 0.69], [0.3, 0.66], [0.34, 0.4]],
      halfWidth: 0.33,
      rounding: 0.05,
      blend: 0.03,
    },
  ],
  axles: [{ y: -0.6, radius: 0.155 }, { y: 0.62, radius: 0.155 }],
  track: 0.375,
  tyre: 0.12,
  glass: [
    across([-0.6, -0.18], [0.48, 0.65], [0, 0.27]),
    across([-0.32, 0.26], [0.49, 0.63], [0.26, 1]),
    across([0.24, 0.5], [0.5, 0.64], [0, 0.26]),
  ],
  lights: [across([-1.1, -0.93], [0.29, 0.38], [0.2, 0.36]), across([0.94, 1.1], [0.28, 0.42], [0.28, 0.4])],
  poleHeight: 0.29,
};

const SEMI_TRAILER: WheeledParameters = {
  blocks: [
    { profile: [[-0.42, 0.2], [-0.42, 0.56], [1, 0.56], [1, 0.2]], halfWidth: 0.16, rounding: 0.02 },
    {
      profile: [[-0.74, 0.1], [-0.74, 0.4], [-0.7, 0.48], [-0.66, 0.52], [-0.4, 0.54], [-0.4, 0.1]],
      halfWidth: 0.155,
      rounding: 0.03,
    },
    {
      profile: [[-1, 0.1], [-1, 0.26], [-0.97, 0.29], [-0.7, 0.32], [-0.6, 0.32], [-0.6, 0.1]],
      halfWidth: 0.12,
      rounding: 0.03,
    },
    { profile: [[-0.7, 0.1], [-0.7, 0.22], [0.95, 0.22], [0.95, 0.13]], halfWidth: 0.1, rounding: 0.02 },
  ],
  axles: [
    { y: -0.86, radius: 0.085 },
    { y: -0.42, radius: 0.085 },
    { y: 0.62, radius: 0.085 },
    { y: 0.82, radius: 0.085 },
  ],
  track: 0.155,
  tyre: 0.07,
  glass: [across([-0.8, -0.66], [0.35, 0.48], [0, 0.14]), across([-0.68, -0.52], [0.36, 0.46], [0.13, 1])],
  lights: [across([-1.1, -0.95], [0.15, 0.23], [0.05, 0.14]), across([0.96, 1.1], [0.2, 0.28], [0.08, 0.2])],
  poleHeight: 0.22,
};

const wheeled = (category: string, name: string, parameters: WheeledParameters): TemplateConfig => ({
  name,
  shape: () => wheeledShape(category, parameters),
  wrap: COMPACT,
});

const car = (name: string, parameters: CarParameters = {}): TemplateConfig => ({
  name,
  shape: () => carShape(parameters),
  wrap: COMPACT,
});

/** Buses, trucks and cars; `singletpl` uses the first of each class. */
export const VEHICLE_CONFIGS: Readonly<Record<string, readonly TemplateConfig[]>> = {
  bus: [
    wheeled("bus", "city", BUS),
    wheeled("bus", "double_decker", DOUBLE_DECKER),
    wheeled("bus", "school", SCHOOL_BUS),
  ],
  truck: [
    wheeled("truck", "box", BOX_TRUCK),
    wheeled("truck", "pickup", PICKUP),
    wheeled("truck", "semi_trailer", SEMI_TRAILER),
  ],
  car: [
    car("saloon"),
    car("hatchback", HATCHBACK),
    car("off_roader", OFF_ROADER),
    car("sports", SPORTS_CAR),
  ],
};
