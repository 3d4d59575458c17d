import { assert, assertEquals } from "@std/assert";
import { NativeBinding } from "../../lib/backend/native/binding.ts";
import { DATA_TYPES } from "../../lib/backend/native/data_types.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { LIBRARY, nativeTest } from "./native_library.ts";
import { convolveRepeatedly, type WorkerRequest } from "./native_worker.ts";

const ROUNDS = 200;
const SETTINGS = { intraThreads: 1, interThreads: 1 };

function runWorker(request: WorkerRequest): Promise<{ sum: number; left: number }> {
  const worker = new Worker(new URL("./native_worker.ts", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(request);
  });
}

nativeTest("two workers and the main thread compute at once, each in its own context", async () => {
  await useBackend({ backend: "native", threads: 1 });
  const requests = [1, 2].map((seed): WorkerRequest => ({ seed, rounds: ROUNDS }));
  const running = Promise.all(requests.map(runWorker));
  const own = requests.map(convolveRepeatedly);
  const answers = await running;
  assertEquals(answers.map(({ sum }) => sum), own);
  assertEquals(answers.map(({ left }) => left), [0, 0]);
  assertEquals(requests.map(convolveRepeatedly), own, "the workers' contexts are closed, ours still works");
});

nativeTest("contexts that are opened and closed leave memory flat", () => {
  const round = () => {
    const binding = new NativeBinding(LIBRARY!.path, SETTINGS);
    const values = new Float32Array(250_000); // 1 MB that close must free
    for (let i = 0; i < 8; i++) binding.createTensor([values.length], DATA_TYPES.float32, values);
    binding.close();
    assertEquals(binding.getNumOfTensors(), 0);
  };
  for (let i = 0; i < 100; i++) round(); // the allocator's arenas and threads grow to 300 MB, and stay there
  const before = Deno.memoryUsage().rss;
  for (let i = 0; i < 40; i++) round(); // 320 MB if nothing were freed
  const growth = (Deno.memoryUsage().rss - before) / 2 ** 20;
  assert(growth < 40, `40 contexts made the process ${growth.toFixed(1)} MB larger`);
});
