/**
 * The controls of the mask brush: what paints, how large, and what is taken back.
 *
 * @module
 */
import { byId, isTyping, setPressed } from "./dom.ts";
import { MaskCanvas } from "./mask_canvas.ts";

/** Buttons that need a photograph. */
const BUTTONS = [
  "paint",
  "erase",
  "polygon",
  "undo",
  "redo",
  "clear",
  "all",
  "invert",
  "hide-background",
] as const;

/** Brush, polygon and their keys over one photograph. */
export class BrushPanel {
  /** The photograph with its mask. */
  readonly canvas: MaskCanvas;
  readonly #size = byId("size", HTMLInputElement);
  readonly #zoom = byId("zoom", HTMLInputElement);
  readonly #paper = byId("paper", HTMLElement);
  readonly #onChange: () => void;
  readonly #keys: Readonly<Record<string, () => void>>;
  #isOpen = false;

  /**
   * Binds the controls.
   *
   * @param onChange Called after each change of the mask or of a control
   * @param keys Further keys, in small letters
   */
  constructor(onChange: () => void, keys: Readonly<Record<string, () => void>> = {}) {
    this.#onChange = onChange;
    this.canvas = new MaskCanvas(() => this.showState());
    const actions = this.#actions();
    for (const id of BUTTONS) byId(id, HTMLButtonElement).addEventListener("click", actions[id]);
    this.#keys = {
      ...{ b: actions.paint, e: actions.erase, o: actions.polygon, z: actions.undo, y: actions.redo },
      ...{ c: actions["hide-background"], "[": () => this.#scaleSize(0.8), "]": () => this.#scaleSize(1.25) },
      ...keys,
    };
    this.#size.addEventListener("input", () => this.#setSize(Number(this.#size.value)));
    this.#zoom.addEventListener("input", () => this.fit());
    addEventListener("resize", () => this.#isOpen && this.fit());
    addEventListener("keydown", (event) => this.#takeKey(event));
  }

  /** Takes a photograph; without a mask its alpha channel counts. */
  open(image: ImageBitmap, mask: Uint8Array | null): void {
    this.#isOpen = true;
    byId("hint", HTMLElement).hidden = true;
    byId("layers", HTMLElement).hidden = false;
    const longest = Math.max(image.width, image.height);
    this.#size.max = `${Math.max(20, Math.round(longest / 4))}`;
    this.#setSize(Math.round(longest / 30));
    this.canvas.open(image, mask);
    this.#zoom.value = "1";
    this.fit();
  }

  /** Fits the photograph into its place. */
  fit(): void {
    const { width, height } = this.canvas.mask, { clientWidth, clientHeight } = this.#paper;
    const whole = Math.min((clientWidth - 36) / width, (clientHeight - 36) / height, 4);
    this.canvas.setWidth(Math.max(80, whole * width) * Number(this.#zoom.value));
  }

  /** Shows which controls can be used. */
  showState(): void {
    const { mask, value, isDrawingPolygon } = this.canvas,
      button = (id: string) => byId(id, HTMLButtonElement);
    for (const id of BUTTONS) button(id).disabled = !this.#isOpen;
    button("undo").disabled = !mask.canUndo;
    button("redo").disabled = !mask.canRedo;
    setPressed(button("paint"), value === 1);
    setPressed(button("erase"), value === 0);
    setPressed(button("polygon"), isDrawingPolygon);
    byId("polygon-told", HTMLElement).hidden = !isDrawingPolygon;
    byId("size-value", HTMLOutputElement).value = `${this.#size.value} px`;
    this.#onChange();
  }

  #actions(): Record<typeof BUTTONS[number], () => void> {
    const change = (values: (value: number) => number) => () =>
      this.canvas.replace(this.canvas.mask.values.map(values));
    const use = (value: 0 | 1) => () => {
      this.canvas.value = value;
      this.showState();
    };
    return {
      paint: use(1),
      erase: use(0),
      polygon: () => {
        this.canvas.isDrawingPolygon = !this.canvas.isDrawingPolygon;
        this.canvas.polygon.clear();
        this.showState();
      },
      undo: () => this.canvas.polygon.isDrawing ? this.canvas.polygon.back() : this.canvas.goBack(false),
      redo: () => this.canvas.goBack(true),
      clear: change(() => 0),
      all: change(() => 1),
      invert: change((value) => 1 - value),
      "hide-background": () => {
        const toggle = byId("hide-background", HTMLButtonElement),
          isOn = toggle.getAttribute("aria-pressed") !== "true";
        setPressed(toggle, isOn);
        this.canvas.isBackgroundRemoved = isOn;
      },
    };
  }

  #takeKey(event: KeyboardEvent): void {
    const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
    const isOther = event.altKey || ((event.ctrlKey || event.metaKey) && !isUndo);
    if (!this.#isOpen || isTyping(event) || isOther || this.#paper.hidden || event.defaultPrevented) return;
    const action = isUndo && event.shiftKey ? this.#keys.y : this.#keys[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  }

  #scaleSize(factor: number): void {
    this.#setSize(Math.round(Number(this.#size.value) * factor) + (factor > 1 ? 1 : 0));
  }

  #setSize(pixels: number): void {
    this.#size.value = `${Math.max(1, pixels)}`;
    this.canvas.radius = Number(this.#size.value) / 2;
    this.showState();
  }
}
