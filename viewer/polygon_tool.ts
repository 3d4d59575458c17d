/**
 * Drawing a polygon around the object by its corners, over the photograph.
 *
 * @module
 */

const SVG = "http://www.w3.org/2000/svg";
/** A click this near to the first corner closes the polygon, points of the screen. */
const CLOSE_POINTS = 12;

/** Corners that a person sets one after another. */
export class PolygonTool {
  readonly #drawing: SVGSVGElement;
  readonly #onDone: (corners: readonly number[]) => void;
  #corners: [number, number][] = [];

  /**
   * Starts without corners.
   *
   * @param drawing Where the polygon is drawn, over the photograph
   * @param onDone Told the corners x, y, x, y, … in pixels of the photograph once the polygon is closed
   */
  constructor(drawing: SVGSVGElement, onDone: (corners: readonly number[]) => void) {
    this.#drawing = drawing;
    this.#onDone = onDone;
  }

  /** Fits the drawing to a photograph. */
  open(width: number, height: number): void {
    this.#drawing.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.clear();
  }

  /** Whether there are corners. */
  get isDrawing(): boolean {
    return this.#corners.length > 0;
  }

  /**
   * Adds a corner, or closes the polygon at its first one.
   *
   * @param place Pixels of the photograph
   * @param pixelsPerPoint Pixels of the photograph in a point of the screen
   */
  click(place: [number, number], pixelsPerPoint: number): void {
    const [first] = this.#corners;
    const isClosing = this.#corners.length > 2 &&
      Math.hypot(place[0] - first[0], place[1] - first[1]) < CLOSE_POINTS * pixelsPerPoint;
    if (isClosing) return this.close();
    this.#corners.push(place);
    this.#draw(pixelsPerPoint);
  }

  /** Takes the last corner back. */
  back(): void {
    this.#corners.pop();
    this.#draw(1);
  }

  /** Ends the polygon; fewer than three corners are forgotten. */
  close(): void {
    const corners = this.#corners.flat();
    this.clear();
    if (corners.length >= 6) this.#onDone(corners);
  }

  /** Forgets the corners. */
  clear(): void {
    this.#corners = [];
    this.#draw(1);
  }

  #draw(pixelsPerPoint: number): void {
    const points = this.#corners.map((corner) => corner.join(",")).join(" ");
    const shape = (name: string, values: Record<string, string>) => {
      const element = document.createElementNS(SVG, name);
      for (const [key, value] of Object.entries(values)) element.setAttribute(key, value);
      return element;
    };
    const line = (kind: string) => shape("polyline", { points, class: kind });
    const dots = this.#corners.map(([x, y], i) =>
      shape("circle", {
        ...{ cx: `${x}`, cy: `${y}`, class: i === 0 ? "corner first" : "corner" },
        r: `${(i === 0 ? 6 : 4) * pixelsPerPoint}`,
      })
    );
    this.#drawing.replaceChildren(...points === "" ? [] : [line("shade"), line("line"), ...dots]);
  }
}
