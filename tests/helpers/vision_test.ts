/** Tests that run the vision model. */
import { installedRuntime } from "../../lib/vision/onnx_runtime.ts";
import { findVisionModel } from "../../lib/vision/vision_model.ts";

const isThere = await installedRuntime() !== null && await findVisionModel().catch(() => null) !== null;

/** A test that is skipped, saying so, where the vision model or the package that runs it is not there. */
export function visionTest(name: string, run: () => Promise<void>): void {
  const reason = isThere ? "" : " (skipped: the vision model is not there; deno task setup --vision)";
  Deno.test({ name: name + reason, ignore: !isThere, fn: run });
}
