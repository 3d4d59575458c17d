/**
 * Finding and making elements of the page.
 *
 * @module
 */

/**
 * The element of an id.
 *
 * @param id Its id
 * @param kind Its class, such as `HTMLButtonElement`
 * @throws {TypeError} If the page has no such element
 */
export function byId<T extends HTMLElement>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new TypeError(`Cannot use the page: it must have a ${kind.name} #${id}, current value is ${element}`);
}

/** Takes the sentence away that stands on a page whose program does not start, as one opened from a file. */
export function tellStarted(): void {
  document.getElementById("needs-host")?.remove();
}

/** A new element with class and text. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = "",
  text = "",
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

/** Shows a sentence at the foot of the page for a while; problems stay until the next one. */
export function tell(sentence: string, kind: "note" | "problem" = "note"): void {
  const place = byId("message", HTMLElement);
  place.textContent = sentence;
  place.dataset.kind = kind;
  place.hidden = sentence === "";
  clearTimeout(Number(place.dataset.timer));
  if (kind === "note") place.dataset.timer = `${setTimeout(() => place.hidden = true, 5000)}`;
}

/** Sets a button that is either pressed or not. */
export function setPressed(button: HTMLButtonElement, isPressed: boolean): void {
  button.setAttribute("aria-pressed", `${isPressed}`);
}

/** Hands bytes to the browser as a download. */
export function download(bytes: Blob, name: string): void {
  const link = make("a");
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Whether keys are being typed into a field. */
export function isTyping(event: KeyboardEvent): boolean {
  const { target } = event;
  const isField = target instanceof HTMLInputElement && target.type !== "range" && target.type !== "checkbox";
  return isField || target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
