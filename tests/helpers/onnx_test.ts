/** Tests that run models in ONNX's format. */
import { installedRuntime } from "../../lib/vision/onnx_runtime.ts";

const isThere = await installedRuntime() !== null;

/** A test that is skipped, saying so, where the optional package that runs models is not there. */
export function onnxTest(name: string, run: () => Promise<void>): void {
  const reason = isThere ? "" : " (skipped: onnxruntime-node is not there; deno task setup --vision)";
  Deno.test({ name: name + reason, ignore: !isThere, fn: run });
}
