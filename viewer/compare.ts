/**
 * The photograph and the mesh in the same view, parted by a line that a person moves.
 *
 * @module
 */
import { byId } from "./dom.ts";

/** The comparison over the 3D view. */
export class Compare {
  readonly #place = byId("compare-view", HTMLElement);
  readonly #canvas = byId("compare-canvas", HTMLCanvasElement);
  readonly #slider = byId("compare-share", HTMLInputElement);
  #photo: OffscreenCanvas | null = null;
  #mesh: OffscreenCanvas | null = null;

  /** Binds slider and pointer. */
  constructor() {
    this.#slider.addEventListener("input", () => this.#draw());
    const take = (event: PointerEvent) => {
      if (event.buttons === 0) return;
      const { left, width } = this.#place.getBoundingClientRect();
      this.#slider.value = `${100 * (event.clientX - left) / width}`;
      this.#draw();
    };
    this.#place.addEventListener("pointerdown", (event) => {
      this.#place.setPointerCapture(event.pointerId);
      take(event);
    });
    this.#place.addEventListener("pointermove", take);
    new ResizeObserver(() => this.#fit()).observe(this.#place);
  }

  /** Takes both images, squares of any size; null for none. */
  open(photo: OffscreenCanvas | null, mesh: OffscreenCanvas | null): void {
    [this.#photo, this.#mesh] = [photo, mesh];
    this.#draw();
  }

  /** Whether the comparison is shown. */
  set isShown(isShown: boolean) {
    this.#place.hidden = byId("compare-row", HTMLElement).hidden = !isShown;
    this.#fit();
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#place, side = Math.min(clientWidth, clientHeight);
    if (side === 0) return;
    this.#canvas.style.width = this.#canvas.style.height = `${side}px`;
    this.#canvas.width = this.#canvas.height = Math.round(side * Math.min(2, devicePixelRatio));
    this.#draw();
  }

  #draw(): void {
    const context = this.#canvas.getContext("2d"), { width: side } = this.#canvas;
    if (context === null || this.#photo === null || this.#mesh === null) return;
    const share = Number(this.#slider.value) / 100, whole = this.#place.clientWidth;
    const inside = (share * whole - (whole - this.#canvas.clientWidth) / 2) / this.#canvas.clientWidth;
    context.imageSmoothingQuality = "high";
    context.clearRect(0, 0, side, side);
    context.drawImage(this.#mesh, 0, 0, side, side);
    context.save();
    context.beginPath();
    context.rect(0, 0, Math.max(0, inside * side), side);
    context.clip();
    context.drawImage(this.#photo, 0, 0, side, side);
    context.restore();
    byId("compare-line", HTMLElement).style.left = `${100 * share}%`;
  }
}
