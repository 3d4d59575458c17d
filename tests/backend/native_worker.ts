/** A worker with a context of its own: convolves for a while, tells the sum, and closes the context. */
import { activeNativeBackend } from "../../lib/backend/native/active.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { Prng } from "../../lib/core/prng.ts";
import { tf } from "../../lib/core/tensor.ts";

/** What a worker is asked. */
export interface WorkerRequest {
  readonly seed: number;
  readonly rounds: number;
}

const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent<WorkerRequest>) => void) | null;
  postMessage(message: unknown): void;
  close(): void;
};

/** Sum of repeated convolutions; the same in every process for one seed. */
export function convolveRepeatedly({ seed, rounds }: WorkerRequest): number {
  const prng = new Prng(seed, "worker");
  return tf.tidy(() => {
    const kernel = tf.tensor4d(prng.normals(3 * 3 * 4 * 4).map((value) => 0.2 * value), [3, 3, 4, 4]);
    let map = tf.tensor4d(prng.normals(16 * 16 * 4), [1, 16, 16, 4]);
    for (let i = 0; i < rounds; i++) map = tf.tanh(tf.conv2d(map, kernel, 1, "same"));
    return tf.sum(tf.abs(map)).dataSync()[0];
  });
}

scope.onmessage = async ({ data }) => {
  await useBackend({ backend: "native", threads: 1 });
  const sum = convolveRepeatedly(data);
  const { binding } = activeNativeBackend()!;
  const left = binding.getNumOfTensors();
  binding.close();
  scope.postMessage({ sum, left });
  scope.close();
};
