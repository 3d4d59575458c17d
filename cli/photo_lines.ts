/**
 * What `photo_to_mesh` tells.
 *
 * @module
 */
import type { PhotoResult } from "../lib/pipeline/photo_to_mesh.ts";
import { sideOfAzimuth } from "../lib/photo/photo_pose.ts";
import { loadAllTemplates, templateClasses } from "../lib/templates/load_templates.ts";

/** Lead of a class in score from which it is likely, and classes that are told. */
const LIKELY_LEAD = 0.02, TOLD_CLASSES = 3;

/** The classes and their templates, a line for each. */
export async function templateLines(): Promise<string[]> {
  const classes = await templateClasses();
  return await Promise.all(classes.map(async (category) => {
    const names = (await loadAllTemplates(category)).map(({ name }) => name);
    return `${category}: ${names.join(", ")}`;
  }));
}

/** A photograph's meshes, and what is in doubt. */
export function photoLines(
  { file, seconds, candidates, preview, classes, maskDoubt }: PhotoResult,
): string[] {
  const lines = candidates.map(({ glb, category, template, azimuth, elevation, iou }) =>
    `${glb}: ${category} (${template}) seen from the ${sideOfAzimuth(azimuth)} (azimuth ${
      azimuth.toFixed(0)
    }°, ` +
    `elevation ${elevation.toFixed(0)}°), IoU ${iou.toFixed(3)}`
  );
  const [first, ...others] = classes.slice(0, TOLD_CLASSES);
  if (others.length > 0) {
    const lead = first.score - others[0].score,
      next = others.map(({ category, score }) => `${category} ${score.toFixed(3)}`);
    lines.push(
      `It ${lead >= LIKELY_LEAD ? "is likely" : "may be"} a ${first.category} (score ${
        first.score.toFixed(3)
      }); next: ` +
        `${next.join(", ")}. --template says what it is.`,
    );
  }
  if (candidates.length > 1) {
    const sides = candidates.map(({ azimuth }) => `from the ${sideOfAzimuth(azimuth)}`).join(" or ");
    lines.push(
      `Two poses fit nearly alike, seen ${sides}: both are written. --flip takes the second, --azimuth DEGREES the one ` +
        `from a direction.`,
    );
  }
  if (maskDoubt !== null) lines.push(`Look at the mask in ${preview}: ${maskDoubt}.`);
  return [...lines, `${file}: ${seconds.toFixed(1)} s, image ${preview}`];
}
