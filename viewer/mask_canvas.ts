/**
 * A photograph with a veil over all that is not object, and a brush.
 *
 * @module
 */
import type { ByteImage } from "../lib/io/byte_image.ts";
import { polygonMask } from "../lib/datasets/polygon_mask.ts";
import { byId } from "./dom.ts";
import { PaintedMask, type PixelBox } from "./painted_mask.ts";
import { PolygonTool } from "./polygon_tool.ts";

const VEIL = [18, 32, 58, 178] as const; // RGBA

/** The canvas of the mask page. */
export class MaskCanvas {
  /** Radius of the brush, in pixels of the photograph. */
  radius = 20;
  /** 1 paints, 0 erases. */
  value: 0 | 1 = 1;
  /** Whether clicks set corners of a polygon in place of strokes. */
  isDrawingPolygon = false;
  /** The polygon. */
  readonly polygon: PolygonTool = new PolygonTool(
    document.querySelector<SVGSVGElement>("#polygon-drawing")!,
    (corners) => this.#fill(corners),
  );
  readonly #photograph = byId("photograph", HTMLCanvasElement);
  readonly #veil = byId("veil", HTMLCanvasElement);
  readonly #brush = byId("brush", HTMLElement);
  readonly #onChange: () => void;
  #mask = new PaintedMask(1, 1);
  #last: [number, number] | null = null; // where the brush was during a stroke
  #place: [number, number] = [0, 0];
  #isBackgroundRemoved = false;

  /** Starts without a photograph; `onChange` is called after each change of the mask. */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
    const veil = this.#veil;
    veil.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      if (this.isDrawingPolygon) return this.polygon.click(this.#placeOf(event), this.#pixelsPerPoint);
      veil.setPointerCapture(event.pointerId);
      this.#mask.startStroke();
      this.#strokeTo(this.#placeOf(event));
    });
    veil.addEventListener("pointermove", (event) => {
      const events = event.getCoalescedEvents?.() ?? [];
      for (const part of this.#last ? (events.length > 0 ? events : [event]) : []) {
        this.#strokeTo(this.#placeOf(part));
      }
      this.#showBrush(this.#placeOf(event));
    });
    for (const kind of ["pointerup", "pointercancel"] as const) {
      veil.addEventListener(kind, () => this.#endStroke());
    }
    veil.addEventListener("pointerleave", () => this.#brush.hidden = true);
    veil.addEventListener("keydown", (event) => this.#takeKey(event));
  }

  /** The mask. */
  get mask(): PaintedMask {
    return this.#mask;
  }

  /** Whether the background is left out rather than veiled. */
  set isBackgroundRemoved(isBackgroundRemoved: boolean) {
    this.#isBackgroundRemoved = isBackgroundRemoved;
    this.#redraw();
  }

  /**
   * Takes a photograph.
   *
   * @param image The photograph
   * @param mask Its mask so far, 0 or 1, `[H, W]`; without, its alpha channel if that leaves something out
   */
  open(image: ImageBitmap, mask: Uint8Array | null): void {
    const { width, height } = image;
    for (const canvas of [this.#photograph, this.#veil]) [canvas.width, canvas.height] = [width, height];
    this.#context(this.#photograph).drawImage(image, 0, 0);
    const pixels = this.#context(this.#photograph).getImageData(0, 0, width, height).data;
    const alpha = Uint8Array.from({ length: width * height }, (_, i) => pixels[4 * i + 3] > 127 ? 1 : 0);
    this.#mask = new PaintedMask(
      height,
      width,
      mask ?? (alpha.includes(0) ? alpha : new Uint8Array(alpha.length)),
    );
    this.#place = [width / 2, height / 2];
    this.polygon.open(width, height);
    this.#redraw();
    this.#onChange();
  }

  /** Shows the photograph at a size, in points of the screen. */
  setWidth(points: number): void {
    for (const canvas of [this.#photograph, this.#veil]) {
      canvas.style.width = `${points}px`;
      canvas.style.height = `${points * canvas.height / canvas.width}px`;
    }
  }

  /** Takes the last stroke back, or does it again. */
  goBack(isRedo: boolean): void {
    this.#show(isRedo ? this.#mask.redo() : this.#mask.undo());
  }

  /** Replaces the whole mask. */
  replace(values: ArrayLike<number>): void {
    this.#show(this.#mask.replace(values));
  }

  /** The photograph with the mask as its alpha channel, `[H, W, 4]`. */
  rgbaImage(): ByteImage {
    const image = this.pixels();
    this.#mask.values.forEach((value, i) => image.data[4 * i + 3] = 255 * value);
    return image;
  }

  /** The mask as an image, 255 = object, `[H, W, 1]`. */
  maskImage(): ByteImage {
    const { height, width, values } = this.#mask;
    return { data: values.map((value) => 255 * value), height, width, channels: 1 };
  }

  /** The photograph's pixels, `[H, W, 4]`. */
  pixels(): ByteImage {
    const { width, height } = this.#photograph;
    const { data } = this.#context(this.#photograph).getImageData(0, 0, width, height);
    return { data: new Uint8Array(data.buffer), height, width, channels: 4 };
  }

  /** Fills a polygon, or erases it, as one stroke. */
  #fill(corners: readonly number[]): void {
    const { height, width, values } = this.#mask, inside = polygonMask([corners], height, width);
    this.replace(values.map((value, p) => inside[p] ? this.value : value));
  }

  get #pixelsPerPoint(): number {
    return this.#veil.width / Math.max(1, this.#veil.clientWidth);
  }

  #strokeTo(place: [number, number]): void {
    this.#draw(this.#mask.paint(this.#last ?? place, place, this.radius, this.value));
    this.#last = this.#place = place;
  }

  #endStroke(): void {
    if (this.#last === null) return;
    this.#last = null;
    this.#mask.endStroke();
    this.#onChange();
  }

  /** Arrow keys move the brush, space or enter paints where it is. */
  #takeKey(event: KeyboardEvent): void {
    const step = Math.max(1, this.radius / 2);
    const moves: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0],
      ArrowRight: [step, 0],
      ArrowUp: [0, -step],
      ArrowDown: [0, step],
    };
    const move = moves[event.key];
    if (move) {
      const { width, height } = this.#mask;
      const bounded = (x: number, end: number) => Math.min(end, Math.max(0, x));
      this.#showBrush([bounded(this.#place[0] + move[0], width), bounded(this.#place[1] + move[1], height)]);
    } else if (this.isDrawingPolygon && event.key === "Escape") this.polygon.clear();
    else if (this.isDrawingPolygon && event.key === "Backspace") this.polygon.back();
    else if (this.isDrawingPolygon && event.key === "Enter") this.polygon.close();
    else if (this.isDrawingPolygon && event.key === " ") {
      this.polygon.click(this.#place, this.#pixelsPerPoint);
    } else if (event.key === " " || event.key === "Enter") {
      this.#mask.startStroke();
      this.#strokeTo(this.#place);
      this.#endStroke();
    } else return;
    event.preventDefault();
  }

  #placeOf({ clientX, clientY }: PointerEvent): [number, number] {
    const { left, top, width, height } = this.#veil.getBoundingClientRect();
    return [(clientX - left) / width * this.#veil.width, (clientY - top) / height * this.#veil.height];
  }

  #showBrush(place: [number, number]): void {
    this.#place = place;
    const scale = this.#veil.clientWidth / this.#veil.width,
      side = this.isDrawingPolygon ? 12 : 2 * this.radius * scale;
    const { style } = this.#brush;
    style.width = style.height = `${side}px`;
    this.#brush.classList.toggle("cross", this.isDrawingPolygon);
    style.transform = `translate(${place[0] * scale - side / 2}px, ${place[1] * scale - side / 2}px)`;
    this.#brush.hidden = false;
  }

  #show(box: PixelBox | null): void {
    if (box === null) return;
    this.#draw(box);
    this.#onChange();
  }

  #redraw(): void {
    this.#draw({ top: 0, left: 0, height: this.#mask.height, width: this.#mask.width });
  }

  /** Redraws the veil in a box. */
  #draw({ top, left, height, width }: PixelBox): void {
    if (height === 0 || width === 0) return;
    const veil = new ImageData(width, height), { data } = veil;
    for (let row = 0, at = 0; row < height; row++) {
      const start = (top + row) * this.#mask.width + left;
      for (let column = 0; column < width; column++, at += 4) {
        if (this.#mask.values[start + column] === 0) {
          data.set(this.#isBackgroundRemoved ? this.#checker(left + column, top + row) : VEIL, at);
        }
      }
    }
    this.#context(this.#veil).putImageData(veil, left, top);
  }

  /** Colour of a chequered background. */
  #checker(column: number, row: number): readonly number[] {
    const side = Math.max(4, Math.round(this.#mask.width / 48));
    const isLight = (Math.floor(column / side) + Math.floor(row / side)) % 2 === 0;
    return isLight ? [206, 210, 215, 255] : [168, 174, 181, 255];
  }

  #context(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
    const context = canvas.getContext("2d", { willReadFrequently: true, colorSpace: "srgb" });
    if (context === null) throw new Error("Cannot draw: the browser gives no canvas");
    return context;
  }
}
