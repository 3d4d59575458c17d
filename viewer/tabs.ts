/**
 * Tabs, as screen readers know them.
 *
 * @module
 */
import { byId } from "./dom.ts";

/** A row of tabs with a panel each; the elements are `tab-<name>` and `panel-<name>`. */
export class Tabs {
  readonly #names: readonly string[];
  readonly #onOpen: (name: string) => void;
  #current: string;

  /**
   * Binds the tabs; the first one is open.
   *
   * @param names Names of the tabs
   * @param onOpen Told which one was opened
   */
  constructor(names: readonly string[], onOpen: (name: string) => void) {
    this.#names = names;
    this.#onOpen = onOpen;
    this.#current = names[0];
    names.forEach((name, i) => {
      const tab = this.#tab(name);
      tab.addEventListener("click", () => this.open(name));
      tab.addEventListener("keydown", (event) => {
        const steps = { ArrowRight: 1, ArrowLeft: names.length - 1 }[event.key];
        if (steps === undefined) return;
        event.preventDefault();
        const next = names[(i + steps) % names.length];
        this.open(next);
        this.#tab(next).focus();
      });
    });
    this.#show();
  }

  /** Name of the open tab. */
  get current(): string {
    return this.#current;
  }

  /** Opens a tab. */
  open(name: string): void {
    if (name === this.#current) return;
    this.#current = name;
    this.#show();
    this.#onOpen(name);
  }

  #tab(name: string): HTMLButtonElement {
    return byId(`tab-${name}`, HTMLButtonElement);
  }

  #show(): void {
    for (const name of this.#names) {
      const isOpen = name === this.#current, tab = this.#tab(name);
      tab.setAttribute("aria-selected", `${isOpen}`);
      tab.tabIndex = isOpen ? 0 : -1;
      byId(`panel-${name}`, HTMLElement).hidden = !isOpen;
    }
  }
}
