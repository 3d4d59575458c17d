/**
 * What there is of the optional vision models.
 *
 * @module
 */
import type { Finding } from "./diagnose.ts";
import { messageOf } from "../../lib/core/errors.ts";
import { installedRuntime, ONNX_PACKAGE } from "../../lib/vision/onnx_runtime.ts";
import { findVisionModel, VISION_FOLDER } from "../../lib/vision/find_vision_model.ts";
import { VISION_MODELS } from "../../lib/vision/vision_model.ts";

const OPTIONAL = "none (optional: `deno task setup --vision` brings it)";

/**
 * Looks for the models and the package that runs them. That they are missing is no fault.
 *
 * @param folder Folder of vision models
 */
export async function diagnoseVision(folder: string = VISION_FOLDER): Promise<Finding[]> {
  const runtime = await installedRuntime();
  const findings: Finding[] = [
    {
      item: "runs vision models",
      found: runtime === null ? OPTIONAL : ONNX_PACKAGE.slice(4),
      ok: true,
      advice: "",
    },
  ];
  for (const model of VISION_MODELS) {
    const { title, package: name, version, licence } = model, item = `vision model ${title}`;
    try {
      const path = await findVisionModel(model, folder, true);
      const found = path === null ? OPTIONAL : `${path} (${name} ${version}, ${licence}; SHA-256 as fetched)`;
      findings.push({ item, found, ok: true, advice: "" });
    } catch (error) {
      const advice = "run `deno task setup --vision --force`";
      findings.push({ item, found: messageOf(error), ok: false, advice });
    }
  }
  return findings;
}
