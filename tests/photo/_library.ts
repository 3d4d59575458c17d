/** The library in one file, and a photograph with what it becomes, for tests in several runtimes. */
import { join } from "@std/path";
import { photoToMesh } from "../../lib/photo/photo_to_mesh.ts";
import { builtInTemplateFile, loadTemplates } from "../../lib/templates/load_templates.ts";
import { bundleForBrowser } from "../helpers/bundle_for_browser.ts";
import { drawPhoto } from "./_drawn_photo.ts";

/** Bundles the library into a folder, as `deno task build:photo_library` does, and gives its path. */
export async function bundleLibrary(folder: string): Promise<string> {
  const output = join(folder, "photo_to_mesh.js");
  await bundleForBrowser("lib/photo/mod.ts", output, ["--minify"]);
  return output;
}

/** What a runtime makes of the photograph. */
export interface LibraryResult {
  /** Azimuth of the first mesh, degrees. */
  readonly azimuth: number;
  /** Its IoU. */
  readonly iou: number;
  /** First letters and length of its file. */
  readonly file: readonly [string, number];
  /** Whether two are offered. */
  readonly isDoubtful: boolean;
}

const SIDE = 128, AZIMUTH = 150;
const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** A program of modules that prints, or returns as the last expression of a module, what the library makes. */
export async function libraryProgram(library: string): Promise<string> {
  const [truck] = await loadTemplates("truck", "singletpl"),
    { image, mask } = drawPhoto(truck, AZIMUTH, SIDE);
  const templates = await Deno.readFile(builtInTemplateFile("truck"));
  return `
    const { encodePhotoMesh, parseTemplates, photoToMesh } = await import(${JSON.stringify(library)});
    const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const image = { data: bytes("${base64(image.data)}"), height: ${SIDE}, width: ${SIDE}, channels: 3 };
    const templates = parseTemplates(bytes("${base64(templates)}"), "truck").slice(0, 1);
    const { candidates, isDoubtful } = await photoToMesh(image, bytes("${
    base64(mask)
  }"), templates, { textureResolution: 256 });
    const { azimuth, iou } = candidates[0], glb = await encodePhotoMesh(candidates[0], "truck");
    const result = { azimuth, iou, file: [new TextDecoder().decode(glb.slice(0, 4)), glb.length], isDoubtful };`;
}

/** What this runtime makes of the photograph, from the sources. */
export async function expectedResult(): Promise<Pick<LibraryResult, "azimuth" | "iou" | "isDoubtful">> {
  const [truck] = await loadTemplates("truck", "singletpl"),
    { image, mask } = drawPhoto(truck, AZIMUTH, SIDE);
  const { candidates, isDoubtful } = await photoToMesh(image, mask, [truck], { textureResolution: 256 });
  return { azimuth: candidates[0].azimuth, iou: candidates[0].iou, isDoubtful };
}
