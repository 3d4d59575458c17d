/**
 * The built-in templates of all classes.
 *
 * @module
 */
import { AIRPLANE_RECIPES } from "./airplane_recipes.ts";
import { ANIMAL_RECIPES } from "./animal_recipes.ts";
import { FLIGHT_RECIPES } from "./flight_recipes.ts";
import type { TemplateRecipe } from "./recipe.ts";
import { VEHICLE_RECIPES } from "./vehicle_recipes.ts";

/** Recipes of each class, in the original's order of classes; `singletpl` uses the first of a class. */
export const TEMPLATE_RECIPES: Readonly<Record<string, readonly TemplateRecipe[]>> = {
  motorcycle: FLIGHT_RECIPES.motorcycle,
  bus: VEHICLE_RECIPES.bus,
  truck: VEHICLE_RECIPES.truck,
  car: VEHICLE_RECIPES.car,
  airplane: AIRPLANE_RECIPES,
  bird: FLIGHT_RECIPES.bird,
  sheep: ANIMAL_RECIPES.sheep,
  elephant: ANIMAL_RECIPES.elephant,
  zebra: ANIMAL_RECIPES.zebra,
  horse: ANIMAL_RECIPES.horse,
  cow: ANIMAL_RECIPES.cow,
  bear: ANIMAL_RECIPES.bear,
  giraffe: ANIMAL_RECIPES.giraffe,
};
