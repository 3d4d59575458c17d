/**
 * Draws the pictures of docs/explanation/conventions.md anew: `deno run -A scripts/make_convention_pictures.ts`.
 *
 * @module
 */
import { writePng } from "../lib/io/image_file.ts";
import { conventionImages } from "../tests/helpers/convention_images.ts";

for (const [name, picture] of Object.entries(conventionImages())) {
  const path = `docs/pictures/${name}`;
  await writePng(path, picture);
  console.log(path);
}
