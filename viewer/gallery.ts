/**
 * The gallery: exported and reconstructed meshes, and files that people open.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { ViewerItem } from "./server/manifest.ts";
import { byId, make, setPressed } from "./dom.ts";
import { openGlb } from "./load_glb.ts";
import { addressOf } from "./manifest.ts";
import type { Thumbnails } from "./thumbnails.ts";

/** Kinds of items, as the filter names them. */
const KINDS = { generated: "Generated", reconstruction: "Reconstructed", own: "Opened" } as const;

/** One mesh of the gallery. */
export interface GalleryItem {
  /** What it is called. */
  readonly title: string;
  /** Where it comes from. */
  readonly kind: keyof typeof KINDS;
  /** Name of its file. */
  readonly fileName: string;
  /** How the generator makes it again, or null. */
  readonly sample: ViewerItem["sample"];
  /** Its bytes. */
  bytes(): Promise<ArrayBuffer>;
}

/** The gallery panel. */
export class Gallery {
  readonly #grid = byId("items", HTMLElement);
  readonly #filters = byId("filters", HTMLElement);
  readonly #items: { item: GalleryItem; button: HTMLButtonElement }[] = [];
  readonly #thumbnails: Thumbnails;
  readonly #onChoice: (item: GalleryItem) => void;
  #kind: keyof typeof KINDS | null = null;
  #chosen: GalleryItem | null = null;

  /**
   * Fills the panel.
   *
   * @param items Meshes of the manifest
   * @param thumbnails Draws their images
   * @param onChoice Told which one was chosen
   */
  constructor(items: readonly ViewerItem[], thumbnails: Thumbnails, onChoice: (item: GalleryItem) => void) {
    this.#thumbnails = thumbnails;
    this.#onChoice = onChoice;
    for (const { title, kind, file, sample } of items) {
      const fileName = file.split("/").at(-1)!;
      this.#add({ title, kind, fileName, sample, bytes: () => fetchBytes(file) });
    }
    this.#showFilters();
  }

  /** Number of meshes. */
  get count(): number {
    return this.#items.length;
  }

  /** Adds a file that a person opened, and chooses it. */
  addFile(file: File): void {
    const item = { title: file.name, kind: "own", fileName: file.name, sample: null } as const;
    this.#add({ ...item, bytes: () => file.arrayBuffer() });
    this.#kind = null;
    this.#showFilters();
    this.choose(this.#items.at(-1)!.item);
  }

  /** Chooses the mesh some steps on from the chosen one, around the ends. */
  step(steps: number): void {
    const shown = this.#items.filter(({ button }) => !button.hidden);
    if (shown.length === 0) return;
    const at = shown.findIndex(({ item }) => item === this.#chosen);
    const next = shown[(Math.max(at, at < 0 && steps < 0 ? 0 : at) + steps + shown.length) % shown.length];
    this.choose(next.item);
    scrollWithin(this.#grid.parentElement, next.button);
  }

  /** Chooses a mesh. */
  choose(item: GalleryItem): void {
    this.#chosen = item;
    for (const entry of this.#items) entry.button.setAttribute("aria-current", `${entry.item === item}`);
    this.#onChoice(item);
  }

  #add(item: GalleryItem): void {
    const button = make("button", "card"), canvas = make("canvas");
    button.type = "button";
    canvas.setAttribute("aria-hidden", "true");
    button.append(canvas, make("span", "name", item.title), make("span", "dim", KINDS[item.kind]));
    button.addEventListener("click", () => this.choose(item));
    this.#grid.append(button);
    this.#items.push({ item, button });
    this.#thumbnails.add(canvas, async () => (await openGlb(await item.bytes(), item.fileName)).object);
  }

  /** A button for each kind that is there, if there are several. */
  #showFilters(): void {
    const kinds = (Object.keys(KINDS) as (keyof typeof KINDS)[])
      .filter((kind) => this.#items.some(({ item }) => item.kind === kind));
    const choices = kinds.length > 1 ? [null, ...kinds] : [];
    this.#filters.replaceChildren(...choices.map((kind) => {
      const button = make("button", "chip", kind === null ? "All" : KINDS[kind]);
      button.type = "button";
      setPressed(button, kind === this.#kind);
      button.addEventListener("click", () => {
        this.#kind = kind;
        this.#showFilters();
      });
      return button;
    }));
    for (const { item, button } of this.#items) {
      button.hidden = this.#kind !== null && item.kind !== this.#kind;
    }
  }
}

/** Brings an element into view within a panel that scrolls by itself; the page stays where it is. */
function scrollWithin(panel: HTMLElement | null, element: HTMLElement): void {
  if (panel === null || panel.scrollHeight <= panel.clientHeight) return;
  const [outer, inner] = [panel.getBoundingClientRect(), element.getBoundingClientRect()];
  if (inner.top < outer.top) panel.scrollTop += inner.top - outer.top - 14;
  else if (inner.bottom > outer.bottom) panel.scrollTop += inner.bottom - outer.bottom + 14;
}

async function fetchBytes(file: string): Promise<ArrayBuffer> {
  const response = await fetch(addressOf(file));
  if (!response.ok) throw new UserError(`Cannot read ${file}: the server answers ${response.status}`);
  return await response.arrayBuffer();
}
