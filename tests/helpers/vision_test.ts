/** Tests that run the vision model. */
import { installedRuntime } from "../../lib/vision/onnx_runtime.ts";
import { findVisionModel } from "../../lib/vision/find_vision_model.ts";
import { VISION_MODELS } from "../../lib/vision/vision_model.ts";

const paths = await Promise.all(VISION_MODELS.map((model) => findVisionModel(model).catch(() => null)));
const isThere = await installedRuntime() !== null && !paths.includes(null);

/** A test that is skipped, saying so, where a vision model or the package that runs them is not there. */
export function visionTest(name: string, run: () => Promise<void>): void {
  const reason = isThere ? "" : " (skipped: the vision models are not there; deno task setup --vision)";
  Deno.test({ name: name + reason, ignore: !isThere, fn: run });
}
