/**
 * The built-in templates of all classes.
 *
 * @module
 */
import { AIRPLANE_CONFIGS } from "./airplane_configs.ts";
import { ANIMAL_CONFIGS } from "./animal_configs.ts";
import { FLIGHT_CONFIGS } from "./flight_configs.ts";
import type { TemplateConfig } from "./template_config.ts";
import { VEHICLE_CONFIGS } from "./vehicle_configs.ts";

/** Configs of each class, in the original's order of classes; `singletpl` uses the first of a class. */
export const TEMPLATE_CONFIGS: Readonly<Record<string, readonly TemplateConfig[]>> = {
  motorcycle: FLIGHT_CONFIGS.motorcycle,
  bus: VEHICLE_CONFIGS.bus,
  truck: VEHICLE_CONFIGS.truck,
  car: VEHICLE_CONFIGS.car,
  airplane: AIRPLANE_CONFIGS,
  bird: FLIGHT_CONFIGS.bird,
  sheep: ANIMAL_CONFIGS.sheep,
  elephant: ANIMAL_CONFIGS.elephant,
  zebra: ANIMAL_CONFIGS.zebra,
  horse: ANIMAL_CONFIGS.horse,
  cow: ANIMAL_CONFIGS.cow,
  bear: ANIMAL_CONFIGS.bear,
  giraffe: ANIMAL_CONFIGS.giraffe,
};
