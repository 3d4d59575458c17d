/**
 * What there is of the optional vision models.
 *
 * @module
 */
import type { Finding } from "./diagnose.ts";
import { messageOf } from "../../lib/core/errors.ts";
import { installedRuntime, ONNX_PACKAGE } from "../../lib/vision/onnx_runtime.ts";
import { findVisionModel, VISION_FOLDER } from "../../lib/vision/find_vision_model.ts";
import { findOnnxWeb, ONNX_WEB } from "../../lib/vision/onnx_web.ts";
import { VISION_MODELS } from "../../lib/vision/vision_model.ts";

const OPTIONAL = "none (optional: `deno task setup --vision` brings it)";

/**
 * Looks for the models and the packages that run them. That they are missing is no fault.
 *
 * @param folder Folder of vision models
 */
export async function diagnoseVision(folder: string = VISION_FOLDER): Promise<Finding[]> {
  const runtime = await installedRuntime(), { package: name, version, licence } = ONNX_WEB;
  const findings: Finding[] = [
    {
      item: "runs vision models",
      found: runtime === null ? OPTIONAL : ONNX_PACKAGE.slice(4),
      ok: true,
      advice: "",
    },
    await finding(
      "runs vision models in browsers",
      `${name} ${version}, ${licence}`,
      findOnnxWeb(folder, true),
    ),
  ];
  for (const model of VISION_MODELS) {
    const { title, package: name, version, licence } = model;
    const path = findVisionModel(model, folder, true);
    findings.push(await finding(`vision model ${title}`, `${name} ${version}, ${licence}`, path));
  }
  return findings;
}

/** What there is of something that setup fetches. */
async function finding(item: string, origin: string, place: Promise<string | null>): Promise<Finding> {
  try {
    const path = await place;
    const found = path === null ? OPTIONAL : `${path} (${origin}; SHA-256 as fetched)`;
    return { item, found, ok: true, advice: "" };
  } catch (error) {
    const advice = "run `deno task setup --vision --force`";
    return { item, found: messageOf(error), ok: false, advice };
  }
}
