/**
 * Files that are dropped on the page.
 *
 * @module
 */
import { byId } from "./dom.ts";

/** Files may be dropped anywhere on the page. */
export function bindDrop(openFiles: (files: Iterable<File>) => void): void {
  const sign = byId("drop", HTMLElement);
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = (change: number) => sign.hidden = (depth = Math.max(0, depth + change)) === 0;
  addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(-depth);
    openFiles(event.dataTransfer?.files ?? []);
  });
}
