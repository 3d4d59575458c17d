/**
 * Proportions of birds and motorcycles.
 *
 * @module
 */
import { type BirdParameters, birdShape } from "../../demo/synthetic/bird_shape.ts";
import { flyingBirdShape, wadingBirdShape } from "./bird_variants.ts";
import { type MotorcycleParameters, motorcycleShape } from "./motorcycle_shape.ts";
import { LIMBED, type TemplateConfig } from "./template_config.ts";

const ROADSTER: MotorcycleParameters = {
  body: [
    [-0.3, 0.3],
    [-0.34, 0.66],
    [-0.3, 0.76],
    [-0.06, 0.78],
    [0.06, 0.66],
    [0.5, 0.62],
    [0.62, 0.44],
    [
      0.5,
      0.26,
    ],
    [0.2, 0.18],
    [-0.18, 0.18],
  ],
  seat: [[-0.04, 0.62], [0, 0.73], [0.34, 0.73], [0.68, 0.82], [0.72, 0.74], [0.5, 0.6]],
  frontWheel: [-0.68, 0.32],
  rearWheel: [0.66, 0.32],
  head: [-0.4, 0.84],
  handlebar: [[0, -0.38, 0.86, 0.045], [0.2, -0.36, 0.92, 0.035], [0.38, -0.24, 0.91, 0.038]],
  light: [-0.54, 0.8, 0.085],
};

const SPORT_BIKE: MotorcycleParameters = {
  ...ROADSTER,
  body: [
    [-0.62, 0.62],
    [-0.5, 0.82],
    [-0.3, 0.86],
    [-0.08, 0.78],
    [0.08, 0.66],
    [0.5, 0.66],
    [0.6, 0.46],
    [
      0.4,
      0.26,
    ],
    [0.1, 0.16],
    [-0.26, 0.18],
    [-0.36, 0.44],
  ],
  bodyHalfWidth: 0.15,
  seat: [[-0.02, 0.62], [0.02, 0.72], [0.34, 0.76], [0.78, 0.94], [0.82, 0.87], [0.5, 0.64]],
  head: [-0.42, 0.76],
  handlebar: [[0, -0.36, 0.78, 0.045], [0.18, -0.34, 0.8, 0.035], [0.31, -0.26, 0.78, 0.038]],
  light: [-0.62, 0.7, 0.06],
};

const CRUISER: MotorcycleParameters = {
  body: [
    [-0.34, 0.28],
    [-0.38, 0.56],
    [-0.34, 0.64],
    [-0.1, 0.64],
    [0.04, 0.52],
    [0.6, 0.5],
    [0.72, 0.36],
    [
      0.5,
      0.22,
    ],
    [0.2, 0.15],
    [-0.24, 0.15],
  ],
  seat: [[-0.06, 0.48], [-0.02, 0.58], [0.2, 0.55], [0.4, 0.64], [0.7, 0.66], [0.74, 0.58], [0.4, 0.5]],
  frontWheel: [-0.72, 0.28],
  rearWheel: [0.7, 0.28],
  head: [-0.42, 0.72],
  handlebar: [[0, -0.4, 0.76, 0.045], [0.2, -0.34, 0.96, 0.035], [0.36, -0.14, 0.94, 0.038]],
  light: [-0.54, 0.7, 0.075],
};

const UPRIGHT: BirdParameters = {
  pitchRadians: 0.75,
  neckLength: 0.24,
  neckRadians: 1.15,
  headRadius: 0.16,
  beakLength: 0.2,
  tailLength: 0.36,
  tailRadians: 0.5,
  legLength: 0.22,
};

const motorcycle = (name: string, parameters: MotorcycleParameters): TemplateConfig => ({
  name,
  shape: () => motorcycleShape(parameters),
  wrap: LIMBED,
  isFitted: true,
});

/** Birds and motorcycles; `singletpl` uses the first of each class. */
export const FLIGHT_CONFIGS: Readonly<Record<string, readonly TemplateConfig[]>> = {
  motorcycle: [
    motorcycle("roadster", ROADSTER),
    motorcycle("sport", SPORT_BIKE),
    motorcycle("cruiser", CRUISER),
  ],
  bird: [
    { name: "songbird", shape: () => birdShape() },
    { name: "upright", shape: () => birdShape(UPRIGHT) },
    {
      name: "flying",
      shape: () =>
        flyingBirdShape({
          wing: [[0, -0.24], [0.3, -0.36], [0.6, -0.32], [1.02, -0.02], [0.98, 0.06], [0.6, 0.02], [
            0.3,
            0.12,
          ], [
            0,
            0.16,
          ]],
          rise: 0.16,
          tail: [[0, 0.2], [0.08, 0.3], [0.2, 0.72], [0, 0.78]],
        }),
      wrap: LIMBED,
      isFitted: true,
    },
    {
      name: "wading",
      shape: () =>
        wadingBirdShape({
          neck: [[0, -0.2, 0.06, 0.13], [0, -0.4, 0.26, 0.07], [0, -0.34, 0.5, 0.055], [
            0,
            -0.42,
            0.68,
            0.055,
          ]],
          beak: [[0, -0.48, 0.68, 0.05], [0, -0.82, 0.6, 0.02]],
          leg: [[0.08, 0.08, -0.1, 0.1], [0.08, 0.1, -0.34, 0.055], [0.08, 0.06, -0.74, 0.045], [
            0.08,
            0.05,
            -0.78,
            0.045,
          ], [0.08, -0.12, -0.8, 0.042]],
        }),
      wrap: LIMBED,
      isFitted: true,
    },
  ],
};
