/**
 * The steps of a work: one is open, those that were reached can be opened again.
 *
 * @module
 */
import { byId } from "./dom.ts";

/** Steps with a panel each; the elements are `panel-<name>`, and buttons with `data-step`. */
export class Steps<Name extends string> {
  readonly #names: readonly Name[];
  readonly #onOpen: (name: Name) => void;
  readonly #buttons: ReadonlyMap<Name, HTMLButtonElement>;
  #current: Name;
  #reached = 0;

  /**
   * Binds the buttons; the first step is open.
   *
   * @param names Names of the steps in their order
   * @param onOpen Told which one was opened
   */
  constructor(names: readonly Name[], onOpen: (name: Name) => void) {
    this.#names = names;
    this.#onOpen = onOpen;
    this.#current = names[0];
    this.#buttons = new Map(names.map((name) => {
      const button = document.querySelector<HTMLButtonElement>(`#steps [data-step="${name}"]`);
      if (button === null) throw new TypeError(`Cannot use the page: it has no step ${name}`);
      button.addEventListener("click", () => this.open(name));
      return [name, button];
    }));
    this.#show();
  }

  /** Name of the open step. */
  get current(): Name {
    return this.#current;
  }

  /** Opens a step; the ones before it count as done. */
  open(name: Name): void {
    this.#current = name;
    this.#reached = Math.max(this.#reached, this.#names.indexOf(name));
    this.#show();
    document.querySelector(".create")?.scrollIntoView({ block: "start" });
    this.#onOpen(name);
  }

  /** Forgets what comes behind a step, which what it does has changed. */
  forgetAfter(name: Name): void {
    this.#reached = Math.min(this.#reached, this.#names.indexOf(name));
    this.#show();
  }

  #show(): void {
    this.#names.forEach((name, i) => {
      const button = this.#buttons.get(name)!, isCurrent = name === this.#current;
      button.disabled = i > this.#reached;
      if (isCurrent) button.setAttribute("aria-current", "step");
      else button.removeAttribute("aria-current");
      button.dataset.done = `${!isCurrent && i < this.#reached}`;
      byId(`panel-${name}`, HTMLElement).hidden = !isCurrent;
    });
    document.body.dataset.step = this.#current;
  }
}
