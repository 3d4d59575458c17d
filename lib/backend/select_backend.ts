/**
 * Chooses the backend that all tensors live on.
 *
 * @module
 */
import { messageOf, UserError } from "../core/errors.ts";
import { processGroup } from "../core/process_group.ts";
import { resolveOptions } from "../core/option.ts";
import type { StageCallbacks } from "../core/progress.ts";
import { tf } from "../core/tensor.ts";
import { prepareCpu } from "./cpu.ts";
import { setHostThreads } from "./host_threads.ts";
import { findLibrary } from "./native/library_path.ts";
import { cpuHasBf16 } from "./native/cpu_features.ts";
import { activeNativeBackend } from "./native/active.ts";
import { registerNative } from "./native/register.ts";
import { setStepSettings } from "./native/step_settings.ts";
import { BACKEND_OPTIONS, type BackendName, type BackendOptions } from "./options.ts";
import { registerWasm } from "./wasm/register.ts";
import { registerWebGpu } from "./webgpu.ts";

export { BACKEND_NAMES, type BackendName, type BackendOptions } from "./options.ts";

/** The backend that was taken. */
export interface ActiveBackend {
  /** Its name. */
  readonly name: BackendName;
  /** What was taken and why not a faster one, for a person. */
  readonly sentence: string;
}

/** Names under which tfjs knows the backends. */
const TFJS_NAMES: Readonly<Record<BackendName, string>> = {
  native: "tensorflow",
  webgpu: "webgpu",
  wasm: "wasm",
  cpu: "cpu",
};

const AUTO_ORDER: readonly BackendName[] = ["native", "webgpu", "wasm"];

/**
 * Makes a backend the active one and checks that it computes.
 *
 * @param options A backend, or `auto` for the first that works; threads and GPUs of the native one; how steps run
 * @param callbacks `onMessage` is given the sentence
 * @throws {UserError} If an option is not allowed, or the wanted backend does not work here; the message says why and what to do
 */
export async function useBackend(
  options: BackendOptions = {},
  callbacks: StageCallbacks = {},
): Promise<ActiveBackend> {
  const { backend, threads, gpuIds, eager, precision } = resolveOptions(BACKEND_OPTIONS, options);
  const reasons: string[] = [];
  for (const name of backend === "auto" ? AUTO_ORDER : [backend]) {
    try {
      const details = await activate(name, threads, gpuIds);
      const obstacle = precision === "bf16" ? bf16Obstacle(name, eager) : null;
      setStepSettings({ eager, precision: obstacle === null ? precision : "float32" });
      if (obstacle !== null) reasons.push(`Not bf16 but float32: ${obstacle}.`);
      const kind = obstacle === null && precision === "bf16" ? ", training steps in bf16" : "";
      const sentence = [`Backend: ${name} (${details}${kind}).`, ...reasons].join(" ");
      callbacks.onMessage?.(sentence);
      return { name, sentence };
    } catch (error) {
      reasons.push(`Not ${name}: ${messageOf(error).replace(/\.$/, "")}.`);
    }
  }
  throw new UserError(`Cannot use the backend ${backend}. ${reasons.join(" ")}`);
}

/** Registers and sets a backend, makes sure that it is the active one, and tries it. */
async function activate(name: BackendName, threads: number, gpuIds: readonly number[]): Promise<string> {
  const details = await register(name, threads, gpuIds);
  const wanted = TFJS_NAMES[name];
  const set = await tf.setBackend(wanted);
  // tfjs falls back to another backend without a word when a backend cannot be made.
  if (!set || tf.getBackend() !== wanted) {
    throw new UserError(`tfjs took ${tf.getBackend() ?? "no backend"} although ${wanted} was wanted`);
  }
  tryOut();
  return details;
}

async function register(name: BackendName, threads: number, gpuIds: readonly number[]): Promise<string> {
  switch (name) {
    case "native": {
      const place = await findLibrary();
      if (place === null) throw new UserError("no TensorFlow library is set up; run `deno task setup`");
      const count = threads ||
        Math.max(1, Math.floor(navigator.hardwareConcurrency / processGroup().localSize));
      const binding = registerNative(place.path, {
        intraThreads: count,
        interThreads: count,
        gpuIds: gpuIds.length > 0 ? gpuIds : undefined,
      });
      setHostThreads(count);
      const device = binding.isUsingGpuDevice()
        ? "GPU"
        : `CPU, ${count} ${count === 1 ? "thread" : "threads"}`;
      return `TensorFlow ${binding.TF_Version}, ${device}`;
    }
    case "webgpu":
      return await registerWebGpu();
    case "wasm":
      await registerWasm();
      return "one thread";
    case "cpu":
      await prepareCpu();
      return "plain JavaScript, for tests only";
  }
}

/** Why training steps cannot run in bf16, or null. */
function bf16Obstacle(name: BackendName, eager: boolean): string | null {
  if (name !== "native") return `the backend ${name} has no bf16`;
  if (eager) return "steps that are not recorded have no bf16";
  if (activeNativeBackend()?.binding.isUsingGpuDevice()) return "bf16 is for processors, not for GPUs";
  return cpuHasBf16() ? null : "this processor has no bf16 instructions";
}

/** Convolves a little and reads the result: a backend that cannot do that is of no use here. */
function tryOut(): void {
  const value = tf.tidy(() => {
    const image = tf.ones([1, 3, 3, 1]) as tf.Tensor4D, kernel = tf.ones([3, 3, 1, 1]) as tf.Tensor4D;
    return tf.conv2d(image, kernel, 1, "valid").dataSync()[0];
  });
  if (value !== 9) throw new UserError(`a convolution gives ${value} and not 9`);
}
