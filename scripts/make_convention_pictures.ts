/**
 * Draws the pictures of docs/explanation/conventions.md anew: `deno run -A scripts/make_convention_pictures.ts`.
 *
 * @module
 */
import { writePng } from "../lib/io/image_file.ts";
import { conventionPictures } from "../tests/helpers/convention_pictures.ts";

for (const [name, picture] of Object.entries(conventionPictures())) {
  const path = `docs/pictures/${name}`;
  await writePng(path, picture);
  console.log(path);
}
