/**
 * The files that remeshing leaves behind for a class.
 *
 * @module
 */
import { writeFileAtomic, writeJsonAtomic } from "../io/atomic_file.ts";
import { writePng } from "../io/image_file.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { type Template, writeTemplates } from "../templates/template_file.ts";
import { drawSurfaces, type LabelledSurface, surfaceOf } from "../templates/template_grid.ts";

/**
 * Writes `<class>.safetensors` and beside it `.obj` (all templates as objects, in the object frame), `.png` (a row for
 * each template: its mesh from four sides, then the template) and `.json` (figures).
 *
 * @param path Path that ends in `.safetensors`
 * @param templates Templates of the class
 * @param before Mesh of each
 * @param figures Figures of each
 */
export async function writeRemeshed(
  path: string,
  templates: readonly Template[],
  before: readonly LabelledSurface[],
  figures: readonly object[],
): Promise<void> {
  const beside = (extension: string) => path.replace(/\.safetensors$/, extension);
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
  const rows = templates.map((template, t) => [before[t], surfaceOf(template)]);
  await writePng(beside(".png"), drawSurfaces(rows, undefined, 200));
  await writeFileAtomic(beside(".obj"), new TextEncoder().encode(formatTemplates(templates)));
  await writeJsonAtomic(beside(".json"), figures);
  await writeTemplates(path, templates); // last: where it is, the class is complete
}

/** Text of an OBJ file: one object for each template, z up. */
export function formatTemplates(templates: readonly Template[]): string {
  const { faces, uvs, faceUvs } = sphereTopology();
  const lines: string[] = [];
  templates.forEach(({ vertices }, t) => {
    lines.push(`o mesh${t}`);
    for (let i = 0; i < vertices.length; i += 3) {
      lines.push(`v ${vertices[i].toFixed(5)} ${vertices[i + 1].toFixed(5)} ${vertices[i + 2].toFixed(5)}`);
    }
    for (let i = 0; i < uvs.length; i += 2) lines.push(`vt ${uvs[i].toFixed(5)} ${uvs[i + 1].toFixed(5)}`);
    const firstVertex = 1 + t * vertices.length / 3, firstUv = 1 + t * uvs.length / 2;
    for (let i = 0; i < faces.length; i += 3) {
      const corner = (k: number) => `${firstVertex + faces[i + k]}/${firstUv + faceUvs[i + k]}`;
      lines.push(`f ${corner(0)} ${corner(1)} ${corner(2)}`);
    }
  });
  return lines.join("\n") + "\n";
}
