/**
 * Exports of Label Studio as JSON and JSON-MIN: polygons, ellipses and brush masks.
 *
 * @module
 */
import * as v from "valibot";
import { parseJson } from "../../io/json_file.ts";
import { encodeRle } from "../../io/rle.ts";
import { ellipsePolygon, type ToolImage, type ToolShape } from "./tool_image.ts";
import { decodeBrush } from "./brush_runs.ts";

const NUMBER = v.pipe(v.number(), v.finite());
const LABELS = v.optional(v.array(v.string()), []);
const SIDE = v.optional(v.nullable(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(100_000))));
const VALUE = v.object({
  points: v.optional(v.array(v.pipe(v.array(NUMBER), v.minLength(2)))),
  x: v.optional(NUMBER),
  y: v.optional(NUMBER),
  radiusX: v.optional(NUMBER),
  radiusY: v.optional(NUMBER),
  rotation: v.optional(NUMBER),
  rle: v.optional(v.array(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(255)))),
  polygonlabels: LABELS,
  ellipselabels: LABELS,
  brushlabels: LABELS,
  rectanglelabels: LABELS,
  labels: LABELS,
});
type Value = v.InferOutput<typeof VALUE>;
const SIZES = { original_width: SIDE, original_height: SIDE };
const RESULT = v.object({ ...SIZES, value: v.optional(VALUE), type: v.optional(v.string(), "") });
const FLAT = v.object({ ...VALUE.entries, ...SIZES });
const ANNOTATION = v.object({
  was_cancelled: v.optional(v.boolean(), false),
  ground_truth: v.optional(v.nullable(v.boolean()), false),
  result: v.array(v.unknown()),
});
const TASK = v.looseObject({
  data: v.optional(v.record(v.string(), v.unknown())),
  annotations: v.optional(v.array(ANNOTATION)),
  predictions: v.optional(v.array(v.unknown())),
});
const EXPORT = v.array(TASK);

/** Most pixels of an image with a brush mask. */
const MOST_PIXELS = 1e8;
/** Name of an image among the values of a task. */
const IMAGE = /\.(png|jpe?g|jfif|webp|tiff?|gif|bmp|avif)(\?.*)?$/i;

/** Whether a text looks like an export of Label Studio. */
export function isLabelStudio(text: string): boolean {
  return /^\s*\[/.test(text) && /"(polygon|brush|ellipse|rectangle|keypoint)labels"/.test(text);
}

/**
 * Reads an export of Label Studio.
 *
 * @param text Content of the file
 * @param path Its path, for messages
 * @throws {UserError} If it does not match the form of the export
 */
export function parseLabelStudio(text: string, path: string): ToolImage[] {
  return parseJson(text, EXPORT, "annotations", path).flatMap((task): ToolImage[] => {
    const name = imageName({ ...task, ...task.data });
    if (name === null) return [];
    const given = (task.annotations ?? []).filter(({ was_cancelled, result }) =>
      !was_cancelled && result.length > 0
    );
    const chosen = given.find(({ ground_truth }) => ground_truth) ?? given.at(-1);
    const results = task.annotations
      ? (chosen?.result ?? []).map((entry) => {
        const parsed = v.safeParse(RESULT, entry);
        return parsed.success && parsed.output.value
          ? { ...parsed.output.value, ...sizesOf(parsed.output) }
          : null;
      })
      : Object.values(task).filter(Array.isArray).flat().map((entry) => {
        const parsed = v.safeParse(FLAT, entry);
        return parsed.success ? parsed.output : null;
      });
    const known = results.filter((result) => result !== null);
    const sized = known.find(({ original_width, original_height }) => original_width && original_height);
    const size = sized ? [sized.original_height!, sized.original_width!] as const : null;
    const problems = given.length > 1
      ? [
        `${name} has ${given.length} annotations, of which ${
          chosen!.ground_truth ? "the ground truth (ground_truth)" : "the last"
        } is taken`,
      ]
      : given.length === 0 && (task.predictions ?? []).length > 0
      ? [`${name} has predictions only, which nobody accepted: they are left out`]
      : [];
    return [{ name, size, shapes: known.flatMap((value) => shapesOf(value, size)), problems }];
  });
}

function sizesOf(
  { original_width, original_height }: { original_width?: number | null; original_height?: number | null },
) {
  return { original_width, original_height };
}

/** Name of the image: the first value that ends like one, without the host's prefix. */
function imageName(values: Readonly<Record<string, unknown>>): string | null {
  const found = Object.values(values).find((value) => typeof value === "string" && IMAGE.test(value));
  if (found === undefined) return null;
  const plain = (found as string).replace(/\?d=/, "").replace(/\?.*$/, "");
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

function shapesOf(value: Value, size: readonly [number, number] | null): ToolShape[] {
  const { polygonlabels, ellipselabels, brushlabels, rectanglelabels, labels, points, rle } = value;
  const label = [...polygonlabels, ...ellipselabels, ...brushlabels, ...rectanglelabels, ...labels][0];
  if (label === undefined) return [];
  const shape = (kind: string, mask: ToolShape["mask"]) => [{ label, group: null, kind, mask }];
  if (points) {
    return shape("polygon", {
      kind: "polygons",
      polygons: [points.flatMap(([x, y]) => [x / 100, y / 100])],
      inShares: true,
    });
  }
  if (rle) return shape("brush", size ? brushMask(rle, size) : null);
  if (value.radiusX !== undefined && value.radiusY !== undefined && size) {
    const [sy, sx] = [size[0] / 100, size[1] / 100];
    const centre = [(value.x ?? 0) * sx, (value.y ?? 0) * sy] as const;
    const radii = [value.radiusX * sx, value.radiusY * sy] as const;
    const polygons = [ellipsePolygon(centre, radii, (value.rotation ?? 0) * Math.PI / 180)];
    return shape("ellipse", { kind: "polygons", polygons });
  }
  return shape("box", null);
}

function brushMask(rle: readonly number[], [height, width]: readonly [number, number]): ToolShape["mask"] {
  if (height * width > MOST_PIXELS) return null;
  const alpha = decodeBrush(rle, height * width);
  return alpha && { kind: "runs", counts: encodeRle(alpha, height, width), size: [height, width] };
}
