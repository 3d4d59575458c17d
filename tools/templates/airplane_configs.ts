/**
 * Proportions of airplanes, over half the length: after the dimensions of common types of each kind, rounded.
 *
 * @module
 */
import { type AirplaneParameters, airplaneShape } from "./airplane_shape.ts";
import { LIMBED, type TemplateConfig } from "./template_config.ts";
import { limb, slab } from "./solid_pieces.ts";

const AIRLINER: AirplaneParameters = {
  fuselage: [
    [-0.95, -0.02, 0.045],
    [-0.86, 0, 0.088],
    [-0.74, 0, 0.1],
    [0.4, 0, 0.1],
    [0.8, 0.035, 0.05],
    [0.97, 0.05, 0.025],
  ],
  wing: {
    contour: [[0, -0.4], [0.1, -0.34], [0.93, 0.16], [0.93, 0.25], [0.34, 0.08], [0, 0.08]],
    height: -0.06,
    rise: 0.09,
    thickness: [0.036, 0.024],
  },
  tailplane: {
    contour: [[0, 0.66], [0.34, 0.88], [0.34, 0.96], [0, 0.9]],
    height: 0.05,
    rise: 0.08,
    thickness: [0.03, 0.024],
  },
  fin: [[0.7, 0.05], [0.6, 0.08], [0.88, 0.42], [0.99, 0.42], [0.92, 0.05]],
  finHalfWidth: 0.03,
  engines: [
    limb("wing", [[0.31, -0.38, -0.11, 0.062], [0.31, -0.14, -0.1, 0.045]], { blend: 0.02, density: 1 }),
  ],
};

/** Engines at the tail, tailplane on top of the fin. */
const REGIONAL_JET: AirplaneParameters = {
  fuselage: [
    [-0.95, -0.02, 0.04],
    [-0.86, 0, 0.075],
    [-0.74, 0, 0.085],
    [0.45, 0, 0.085],
    [0.75, 0.02, 0.06],
    [0.92, 0.04, 0.03],
  ],
  wing: {
    contour: [[0, -0.22], [0.09, -0.18], [0.76, 0.2], [0.76, 0.28], [0.28, 0.16], [0, 0.16]],
    height: -0.05,
    rise: 0.06,
    thickness: [0.034, 0.024],
  },
  tailplane: {
    contour: [[0, 0.74], [0.29, 0.88], [0.29, 0.98], [0, 0.94]],
    height: 0.37,
    thickness: [0.028, 0.024],
  },
  fin: [[0.68, 0.05], [0.58, 0.08], [0.76, 0.38], [0.95, 0.38], [0.88, 0.05]],
  finHalfWidth: 0.03,
  fittings: [
    limb("body", [[0.15, 0.42, 0.04, 0.055], [0.15, 0.64, 0.04, 0.042]], { blend: 0.03 }),
  ],
};

/** A straight wing above the cabin with two engines, tailplane on top of the fin. */
const TURBOPROP: AirplaneParameters = {
  fuselage: [
    [-0.96, -0.02, 0.03],
    [-0.84, 0, 0.08],
    [-0.66, 0, 0.092],
    [0.35, 0, 0.092],
    [0.75, 0.03, 0.055],
    [0.95, 0.05, 0.03],
  ],
  wing: {
    contour: [[0, -0.2], [0.35, -0.2], [0.99, -0.13], [0.99, -0.01], [0.35, 0.04], [0, 0.04]],
    height: 0.08,
    rise: 0.02,
    thickness: [0.036, 0.026],
  },
  tailplane: {
    contour: [[0, 0.76], [0.28, 0.8], [0.28, 0.93], [0, 0.95]],
    height: 0.4,
    thickness: [0.028, 0.024],
  },
  fin: [[0.66, 0.05], [0.52, 0.08], [0.76, 0.41], [0.95, 0.41], [0.9, 0.05]],
  finHalfWidth: 0.03,
  engines: [
    limb("wing", [[0.32, -0.36, 0.07, 0.05], [0.32, 0, 0.06, 0.045]], { blend: 0.02 }),
  ],
};

const LIGHT_AIRCRAFT: AirplaneParameters = {
  fuselage: [
    [-0.86, 0, 0.09],
    [-0.7, 0.01, 0.13],
    [-0.3, 0.05, 0.17],
    [0, 0.05, 0.16],
    [0.35, 0.05, 0.09],
    [0.92, 0.08, 0.045],
  ],
  fuselageWidth: 0.85,
  wing: {
    contour: [[0, -0.44], [1.28, -0.38], [1.28, -0.12], [0, -0.06]],
    height: 0.2,
    rise: 0.03,
    thickness: [0.042, 0.032],
  },
  tailplane: {
    contour: [[0, 0.72], [0.4, 0.78], [0.4, 0.94], [0, 0.96]],
    height: 0.09,
    thickness: [0.03, 0.026],
  },
  fin: [[0.75, 0.08], [0.62, 0.1], [0.84, 0.38], [0.98, 0.38], [0.95, 0.08]],
  fittings: [
    // Propeller, and the undercarriage in its fairings.
    slab("body", [[-0.99, -0.22], [-0.99, 0.22], [-0.95, 0.22], [-0.95, -0.22]], 0.035, {
      rounding: 0.018,
      blend: 0.02,
      density: 1,
    }),
    limb("body", [[0, -0.95, 0, 0.05], [0, -0.8, 0, 0.08]], { blend: 0.02 }),
    limb("body", [[0.08, -0.22, -0.06, 0.04], [0.24, -0.2, -0.24, 0.035], [0.24, -0.26, -0.25, 0.05]], {
      blend: 0.02,
      density: 1,
    }),
  ],
};

/** The wing under the cabin. */
const LOW_WING: AirplaneParameters = {
  ...LIGHT_AIRCRAFT,
  fuselage: [
    [-0.88, 0, 0.09],
    [-0.7, 0, 0.12],
    [-0.2, 0.03, 0.15],
    [0.05, 0.03, 0.14],
    [0.4, 0.03, 0.08],
    [0.93, 0.04, 0.04],
  ],
  wing: {
    contour: [[0, -0.4], [0.3, -0.38], [1.28, -0.28], [1.28, -0.08], [0, 0.05]],
    height: -0.08,
    rise: 0.1,
    thickness: [0.042, 0.028],
  },
  tailplane: {
    contour: [[0, 0.72], [0.42, 0.78], [0.42, 0.92], [0, 0.96]],
    height: 0.04,
    thickness: [0.03, 0.026],
  },
  fittings: LIGHT_AIRCRAFT.fittings?.slice(0, 2),
};

const JET_FIGHTER: AirplaneParameters = {
  fuselage: [
    [-0.97, -0.02, 0.015],
    [-0.7, 0, 0.07],
    [-0.4, 0, 0.095],
    [0.1, 0, 0.12],
    [0.6, 0, 0.11],
    [0.85, 0, 0.09],
  ],
  fuselageWidth: 1.25,
  wing: {
    contour: [[0, -0.42], [0.12, -0.38], [0.62, 0.32], [0.62, 0.46], [0.1, 0.56], [0, 0.56]],
    height: 0,
    thickness: [0.04, 0.028],
  },
  tailplane: {
    contour: [[0, 0.58], [0.12, 0.6], [0.4, 0.84], [0.4, 0.97], [0, 0.93]],
    height: 0,
    thickness: [0.032, 0.026],
  },
  fin: [[0.55, 0.06], [0.32, 0.08], [0.7, 0.4], [0.86, 0.4], [0.84, 0.06]],
  fittings: [
    limb("body", [[0, -0.62, 0.06, 0.05], [0, -0.4, 0.12, 0.07], [0, -0.05, 0.1, 0.05]], { blend: 0.04 }),
  ],
};

const airplane = (name: string, parameters: AirplaneParameters): TemplateConfig => ({
  name,
  shape: () => airplaneShape(parameters),
  wrap: LIMBED,
  isFitted: true,
});

/** Airplanes; `singletpl` uses the first. */
export const AIRPLANE_CONFIGS: readonly TemplateConfig[] = [
  airplane("airliner", AIRLINER),
  airplane("light_aircraft", LIGHT_AIRCRAFT),
  airplane("jet_fighter", JET_FIGHTER),
  airplane("regional_jet", REGIONAL_JET),
  airplane("turboprop", TURBOPROP),
  airplane("low_wing", LOW_WING),
];
