/**
 * The classes of objects, chosen by images of their templates.
 *
 * @module
 */
import { UserError } from "../lib/core/errors.ts";
import type { ViewerTemplates } from "./server/manifest.ts";
import { parseTemplates, type Template } from "../lib/templates/template_bytes.ts";
import { byId, make } from "./dom.ts";
import { addressOf } from "./manifest.ts";

/** The panel of the class step. */
export class ClassPanel {
  readonly #classes: readonly ViewerTemplates[];
  readonly #loaded = new Map<string, Promise<Template[]>>();
  readonly #list = byId("classes", HTMLElement);

  /**
   * Shows the classes.
   *
   * @param classes Classes of the manifest
   * @param onChoice Told the class that was chosen; null tries all
   */
  constructor(classes: readonly ViewerTemplates[], onChoice: (category: string | null) => void) {
    this.#classes = classes;
    this.#list.replaceChildren(...classes.map(({ category, picture: source }) => {
      const button = make("button", "card"), image = make("img");
      button.type = "button";
      button.dataset.category = category;
      image.src = addressOf(source);
      image.alt = "";
      image.loading = "lazy";
      button.append(image, make("span", "name", category.replaceAll("_", " ")));
      button.addEventListener("click", () => onChoice(category));
      return button;
    }));
    byId("any-class", HTMLButtonElement).addEventListener("click", () => onChoice(null));
    byId("classes-told", HTMLElement).textContent = `Kinds: ${
      classes.map(({ category }) => category.replaceAll("_", " ")).join(", ")
    }.`;
  }

  /** Marks the chosen class. */
  mark(category: string | null): void {
    for (const button of this.#list.querySelectorAll("button")) {
      button.setAttribute("aria-current", `${button.dataset.category === category}`);
    }
  }

  /**
   * Templates of a class, or of all.
   *
   * @throws {UserError} If they cannot be read
   */
  async templates(category: string | null): Promise<Template[]> {
    const wanted = this.#classes.filter((entry) => category === null || entry.category === category);
    return (await Promise.all(wanted.map((entry) => this.#load(entry)))).flat();
  }

  #load({ category, file }: ViewerTemplates): Promise<Template[]> {
    const loading = this.#loaded.get(category) ?? fetchTemplates(file, category);
    this.#loaded.set(category, loading);
    loading.catch(() => this.#loaded.delete(category)); // asked for again next time
    return loading;
  }
}

async function fetchTemplates(file: string, category: string): Promise<Template[]> {
  const response = await fetch(addressOf(file));
  if (!response.ok) throw new UserError(`Cannot read ${file}: the server answers ${response.status}`);
  return parseTemplates(new Uint8Array(await response.arrayBuffer()), category);
}
