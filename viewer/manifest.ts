/**
 * Reading the manifest beside the page.
 *
 * @module
 */
import { MANIFEST_FILE, parseViewerManifest, type ViewerManifest } from "./server/manifest.ts";
import { byId } from "./dom.ts";
import { UserError } from "../lib/core/errors.ts";

/**
 * Reads `manifest.json`, and shows the way to the page of poses where there are some.
 *
 * @throws {UserError} If it cannot be read
 */
export async function loadManifest(): Promise<ViewerManifest> {
  const response = await fetch(MANIFEST_FILE);
  if (!response.ok) {
    throw new UserError(`Cannot read ${MANIFEST_FILE}: the server answers ${response.status}`);
  }
  const manifest = parseViewerManifest(await response.text(), MANIFEST_FILE);
  byId("to-poses", HTMLElement).hidden = !manifest.poses;
  return manifest;
}

/** The address of a file that the manifest names. */
export function addressOf(file: string): string {
  return file.split("/").map(encodeURIComponent).join("/");
}
