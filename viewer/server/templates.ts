/**
 * The templates that the viewer's page for single photographs begins with, and their images.
 *
 * @module
 */
import { join } from "@std/path";
import { writeFileAtomic } from "../../lib/io/atomic_file.ts";
import { encodePng } from "../../lib/io/image_file.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { loadAllTemplates, templateClasses } from "../../lib/templates/load_templates.ts";
import { writeTemplates } from "../../lib/templates/template_file.ts";
import { poseOfDirection } from "../../lib/photo/photo_pose.ts";
import type { ViewerTemplates } from "./manifest.ts";

/** Folder of the templates in a viewer's folder. */
export const TEMPLATE_FOLDER = "templates";
/** Side of a class's image, and from where it is seen. */
const SIZE = 192, DIRECTION = { azimuth: 50, elevation: 18 };

/**
 * Writes the templates of all classes, the built-in ones and those of the person, each with an image.
 *
 * @param folder The viewer's folder
 * @returns What stands in the manifest
 */
export async function writeViewerTemplates(folder: string): Promise<ViewerTemplates[]> {
  await Deno.mkdir(join(folder, TEMPLATE_FOLDER), { recursive: true });
  const written: ViewerTemplates[] = [];
  for (const category of await templateClasses()) {
    const templates = await loadAllTemplates(category), [{ vertices }] = templates;
    const file = `${TEMPLATE_FOLDER}/${category}.safetensors`, image = `${TEMPLATE_FOLDER}/${category}.png`;
    await writeTemplates(join(folder, file), templates);
    const screen = projectVertices(vertices, poseOfDirection(DIRECTION, vertices));
    const drawn = renderImage({ ...sphereTopology(), vertices: screen }, null, { size: SIZE, light: 0.8 });
    await writeFileAtomic(join(folder, image), await encodePng(drawn));
    written.push({ category, file, picture: image });
  }
  return written;
}
