/**
 * Exports of CVAT for images (XML): polygons, ellipses and masks in pixels.
 *
 * @module
 */
import { UserError } from "../../core/errors.ts";
import { encodeRle } from "../../io/rle.ts";
import { ellipsePolygon, type ToolImage, type ToolShape } from "./tool_image.ts";

/** Most pixels of an image with a mask. */
const MOST_PIXELS = 1e8;

/** An element of the file, as far as it is read. */
interface Element {
  readonly tagName: string;
  readonly children: Iterable<Element>;
  getAttribute(name: string): string | null;
}

/** Whether a text looks like an export of CVAT. */
export function isCvat(text: string): boolean {
  return /<annotations[\s>]/.test(text) && /<(image|track)\s/.test(text);
}

/**
 * Reads an export of CVAT.
 *
 * @param text Content of the file
 * @param path Its path, for messages
 * @throws {UserError} If it is of a film, or is cut off
 */
export async function parseCvat(text: string, path: string): Promise<ToolImage[]> {
  if (!/<\/annotations>\s*$/.test(text)) {
    throw new UserError(
      `Cannot read the annotations ${path}: they do not end with </annotations>; export them again`,
    );
  }
  if (!/<image\s/.test(text)) {
    throw new UserError(
      `Cannot read the annotations ${path}: they are of a film (CVAT for video) and do not name images; export them again ` +
        "as CVAT for images, with its images",
    );
  }
  const { DOMParser } = await import("linkedom"); // only where it is needed, as it is large
  const document = new DOMParser().parseFromString(text, "text/xml") as unknown as {
    getElementsByTagName(name: string): Iterable<Element>;
  };
  return [...document.getElementsByTagName("image")].map((image): ToolImage => {
    const [height, width] = [Number(image.getAttribute("height")), Number(image.getAttribute("width"))];
    const size = height > 0 && width > 0 && height * width < MOST_PIXELS ? [height, width] as const : null;
    const shapes = [...image.children].filter((element) =>
      element.getAttribute("label") !== null && element.tagName.toLowerCase() !== "tag"
    ); // tags are of the whole image
    return {
      name: textOf(image, "name"),
      size,
      shapes: shapes.map((shape) => shapeOf(shape, size)),
    };
  });
}

/** Characters that XML has names for. */
const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** An attribute with its escapes resolved, which the parser leaves. */
function textOf(element: Element, attribute: string): string {
  return (element.getAttribute(attribute) ?? "").replace(/&(#x?)?(\w+);/g, (whole, number, name) => {
    if (number === undefined) return NAMED[name] ?? whole;
    const code = parseInt(name, number === "#x" ? 16 : 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}

function shapeOf(element: Element, size: readonly [number, number] | null): ToolShape {
  const kind = element.tagName.toLowerCase(), group = element.getAttribute("group_id");
  return {
    label: textOf(element, "label"),
    group: group === null || group === "0" || group === "" ? null : group,
    kind,
    mask: maskOf(kind, element, size),
  };
}

function maskOf(
  kind: string,
  element: Element,
  size: readonly [number, number] | null,
): ToolShape["mask"] {
  const number = (name: string) => Number(element.getAttribute(name) ?? 0);
  if (kind === "polygon") {
    const corners = (element.getAttribute("points") ?? "").split(";").flatMap((corner) =>
      corner.split(",").map(Number)
    );
    return { kind: "polygons", polygons: [corners] };
  }
  if (kind === "ellipse") {
    const angle = number("rotation") * Math.PI / 180;
    return {
      kind: "polygons",
      polygons: [ellipsePolygon([number("cx"), number("cy")], [number("rx"), number("ry")], angle)],
    };
  }
  if (kind !== "mask" || size === null) return null;
  const counts = (element.getAttribute("rle") ?? "").split(",").map((count) => Number(count.trim()));
  const [left, top, columns] = ["left", "top", "width"].map(number);
  return pastedRuns(counts, [left, top], columns, size);
}

/** Runs of 0 and 1, row by row in a box, at their place in the image. */
function pastedRuns(
  counts: readonly number[],
  [left, top]: readonly [number, number],
  columns: number,
  [height, width]: readonly [number, number],
): ToolShape["mask"] {
  const mask = new Uint8Array(height * width); // [H, W]
  let place = 0;
  for (const [k, count] of counts.entries()) {
    if (!(Number.isInteger(count) && count >= 0 && place + count <= height * width) || !(columns > 0)) {
      return null;
    }
    for (const end = place + count; place < end; place++) {
      const row = top + Math.floor(place / columns), column = left + place % columns;
      if (k % 2 === 1 && row >= 0 && column >= 0 && row < height && column < width) {
        mask[row * width + column] = 1;
      }
    }
  }
  return { kind: "runs", counts: encodeRle(mask, height, width), size: [height, width] };
}
