/**
 * Draws the images of docs/explanation/conventions.md: `deno run -A scripts/make_convention_images.ts`.
 *
 * @module
 */
import { writePng } from "../lib/io/image_file.ts";
import { conventionImages } from "../tests/helpers/convention_images.ts";

for (const [name, image] of Object.entries(conventionImages())) {
  const path = `docs/images/${name}`;
  await writePng(path, image);
  console.log(path);
}
