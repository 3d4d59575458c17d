/**
 * JSON files of labelme: one for each image, with polygons in pixels.
 *
 * @module
 */
import * as v from "valibot";
import { UserError } from "../../core/errors.ts";
import { issueText, parseJson } from "../../io/json_file.ts";
import { decodeDeepImage } from "../../io/image_file.ts";
import { encodeRle } from "../../io/rle.ts";
import { ellipsePolygon, type ToolImage, type ToolShape } from "./tool_image.ts";

const NUMBER = v.pipe(v.number(), v.finite());
const POINT = v.pipe(v.array(NUMBER), v.minLength(2));
const WHOLE = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000));
const SIDE = v.fallback(
  v.optional(v.nullable(v.union([WHOLE, v.pipe(v.string(), v.transform(Number), WHOLE)]))),
  null,
);
const SHAPE = v.object({
  label: v.string(),
  points: v.array(POINT),
  group_id: v.optional(v.nullable(v.union([v.number(), v.string()]))),
  shape_type: v.optional(v.nullable(v.string()), "polygon"),
  mask: v.optional(v.nullable(v.string())),
});
const FILE = v.object({
  imagePath: v.string(),
  imageHeight: SIDE,
  imageWidth: SIDE,
  shapes: v.array(v.unknown()),
});
type Shape = v.InferOutput<typeof SHAPE>;

/** Most pixels of an image with a mask shape. */
const MOST_PIXELS = 1e8;

/** Whether a text looks like a file of labelme. */
export function isLabelme(text: string): boolean {
  return /"shapes"\s*:/.test(text) && /"imagePath"\s*:/.test(text);
}

/**
 * Reads a file of labelme.
 *
 * @param text Content of the file
 * @param path Its path, for messages
 * @throws {UserError} If it does not match labelme's form
 */
export async function parseLabelme(text: string, path: string): Promise<ToolImage[]> {
  const { imagePath, imageHeight, imageWidth, shapes } = parseJson(text, FILE, "annotations", path);
  const size = imageHeight && imageWidth ? [imageHeight, imageWidth] as const : null;
  const parsed = shapes.map((shape) => v.safeParse(SHAPE, shape));
  const bad = parsed.find(({ success }) => !success)?.issues?.[0];
  if (bad && !parsed.some(({ success }) => success)) {
    throw new UserError(`Cannot read the annotations ${path}: ${issueText(bad, "shapes.0.")}`);
  }
  const problems = parsed.flatMap(({ issues }, k) => issues ? [issueText(issues[0], `shapes.${k}.`)] : []);
  const whole = parsed.flatMap(({ success, output }) => success ? [output as Shape] : []);
  const read = whole.map(async (shape): Promise<ToolShape> => ({
    label: shape.label,
    group: shape.group_id == null ? null : `${shape.group_id}`,
    kind: shape.shape_type ?? "polygon",
    mask: await maskOf(shape, size, path),
  }));
  return [{ name: imagePath, size, shapes: await Promise.all(read), problems }];
}

async function maskOf(
  { points, shape_type, mask }: Shape,
  size: readonly [number, number] | null,
  path: string,
): Promise<ToolShape["mask"]> {
  const [[x1, y1], [x2, y2]] = [points[0] ?? [0, 0], points[1] ?? [0, 0]];
  switch (shape_type) {
    case "polygon":
    case null:
      return { kind: "polygons", polygons: [points.flatMap(([x, y]) => [x, y])] };
    case "circle": {
      const radius = Math.hypot(x2 - x1, y2 - y1);
      return { kind: "polygons", polygons: [ellipsePolygon([x1, y1], [radius, radius])] };
    }
    case "mask":
      return mask && size ? await pastedMask(mask, [x1, y1], size, path) : null;
    default:
      return null; // boxes, lines and points are no polygons
  }
}

/** A mask image that stands in the file, at its place in the photograph. */
async function pastedMask(
  base64: string,
  [left, top]: readonly [number, number],
  [height, width]: readonly [number, number],
  path: string,
): Promise<ToolShape["mask"]> {
  if (height * width > MOST_PIXELS) return null;
  const bytes = Uint8Array.from(safeBase64(base64), (letter) => letter.charCodeAt(0));
  const image = await decodeDeepImage(bytes, `mask in ${path}`);
  const mask = new Uint8Array(height * width); // [H, W]
  for (let i = 0; i < image.height; i++) {
    for (let j = 0; j < image.width; j++) {
      const row = Math.round(top) + i, column = Math.round(left) + j;
      if (row < 0 || column < 0 || row >= height || column >= width) continue;
      if (image.data[(i * image.width + j) * image.channels]) mask[row * width + column] = 1;
    }
  }
  return { kind: "runs", counts: encodeRle(mask, height, width), size: [height, width] };
}

function safeBase64(text: string): string {
  try {
    return atob(text);
  } catch {
    return "";
  }
}
