/** Makes docs/gallery.md and its images: drawn photographs, and the mesh of each: deno run -A scripts/make_gallery.ts */
import { fromFileUrl, join } from "@std/path";
import { makeSynthetic } from "../demo/mod.ts";
import { importPhotographs, loadTemplates, openDataset } from "../lib/datasets/mod.ts";
import { writePng } from "../lib/io/mod.ts";
import { sphereTopology } from "../lib/mesh/mod.ts";
import { imageGrid, renderViews, sampleImage } from "../lib/notebook/mod.ts";
import { photoToMesh } from "../lib/photo/mod.ts";

const DOCS = fromFileUrl(new URL("../docs", import.meta.url)), IMAGES = join(DOCS, "images", "gallery");
const CATEGORIES = ["car", "bird"], COUNT = 4, SIDE = 192, AZIMUTHS = [30, 120, 210, 300];

/** Draws photographs, makes a mesh of each without training, and keeps a row of images a photograph. */
async function makeRows(category: string): Promise<number[]> {
  await makeSynthetic(category, { category, count: COUNT, seed: 11, resolution: SIDE });
  await importPhotographs(category, { name: "gallery", category, overwrite: true });
  const dataset = await openDataset("gallery"), templates = await loadTemplates(category, "multitpl");
  const tiles = [], ious = [];
  for (let i = 0; i < dataset.length; i++) {
    const sample = await dataset.sample(i, SIDE), image = sampleImage(sample);
    const data = Uint8Array.from(image.data, (value) => Math.round(255 * value));
    const mask = Uint8Array.from(sample.mask.data, (value) => value > 0.5 ? 1 : 0);
    const { candidates: [mesh] } = await photoToMesh({ ...image, data }, mask, templates);
    const turned = { ...sphereTopology(), vertices: mesh.vertices };
    tiles.push(image, ...renderViews(turned, mesh.texture, { azimuths: AZIMUTHS, size: SIDE }));
    ious.push(mesh.iou);
  }
  await writePng(join(IMAGES, `${category}.png`), imageGrid(tiles, { columns: 1 + AZIMUTHS.length }));
  return ious;
}

const folder = await Deno.makeTempDir(), sections = [];
await Deno.mkdir(IMAGES, { recursive: true });
Deno.chdir(folder); // the data sets are not kept
for (const category of CATEGORIES) {
  const ious = await makeRows(category), shown = ious.map((iou) => iou.toFixed(3)).join(", ");
  const [title, image] = [
    `${category[0].toUpperCase()}${category.slice(1)}s`,
    `images/gallery/${category}.png`,
  ];
  sections.push(`## ${title}\n\n![drawn ${category}s and their meshes](${image})\n\nIoU: ${shown}.\n`);
}
Deno.chdir(DOCS);
await Deno.remove(folder, { recursive: true });
await Deno.writeTextFile(
  join(DOCS, "gallery.md"),
  `# Gallery

Drawn photographs (the first column), and what \`photo_to_mesh\` made of each without training: the mesh from four
sides. None was chosen; the page is made by \`deno run -A scripts/make_gallery.ts\`.

${sections.join("\n")}`,
);
