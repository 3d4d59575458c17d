/**
 * Where the main object of an image is, by the models that setup fetches.
 *
 * @module
 */
import type { ByteImage } from "../../io/byte_image.ts";
import type { ObjectModel } from "./object_model.ts";
import { type FoundObject, objectOdds } from "./object_odds.ts";
import { resizeMap } from "./resize_map.ts";

/** IoU of the models' objects below which they see different ones. */
const LEAST_IOU = 0.5;

/**
 * Finds the main object: by the map of one model and the patches' features of the other. Where both see different
 * objects, that of the other is taken, and doubted: it takes the whole of a thing of which the first sees some parts.
 *
 * @param saliency Model whose map is exact
 * @param features Model with features of patches
 * @param image Image, `[H, W, C]`
 */
export async function findMainObject(
  saliency: Pick<ObjectModel, "find">,
  features: Pick<ObjectModel, "find">,
  image: ByteImage,
): Promise<FoundObject> {
  const found = await saliency.find(image), other = await features.find(image, false);
  const iou = iouOf(found, other);
  if (iou >= LEAST_IOU) return { ...found, patches: other.patches };
  return { ...other, doubt: `two models see different objects: their IoU is ${iou.toFixed(2)}` };
}

/** IoU of what two models take for the object, at the size of the first one's map. */
function iouOf({ map, threshold }: FoundObject, other: FoundObject): number {
  const odds = resizeMap(objectOdds(other), map.height, map.width);
  let both = 0, either = 0;
  map.data.forEach((value, p) => {
    const isFirst = value > (threshold ?? 0.5), isSecond = odds[p] > 0;
    if (isFirst && isSecond) both++;
    if (isFirst || isSecond) either++;
  });
  return either > 0 ? both / either : 1;
}
