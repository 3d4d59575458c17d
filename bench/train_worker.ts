/**
 * Runs our workloads in a process of its own: a request a line in, an answer a line out.
 *
 * @module
 */
import { useBackend } from "../lib/backend/select_backend.ts";
import {
  makeWorkload,
  type WorkloadAnswer,
  type WorkloadRequest,
  type WorkloadSteps,
} from "./train_workloads.ts";

let steps: WorkloadSteps | null = null;

/** Most memory that this process ever held, from what the kernel tells. */
function peakMegabytes(): number {
  return Number(/VmHWM:\s+(\d+)/.exec(Deno.readTextFileSync("/proc/self/status"))?.[1] ?? 0) / 1024;
}

for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const request = JSON.parse(chunk) as WorkloadRequest;
  if (steps === null) {
    const { threads, precision, backend = "native" } = request;
    await useBackend({ backend, threads, precision: backend === "native" ? precision : "float32" });
    steps = await makeWorkload(request);
  }
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(steps).map((name) => [name, []]));
  for (let round = 0; round < request.repeats; round++) {
    for (const [name, run] of Object.entries(steps)) {
      const start = performance.now();
      await run();
      times[name].push(performance.now() - start);
    }
  }
  const answer: WorkloadAnswer = { times, peakMegabytes: peakMegabytes() };
  console.log(JSON.stringify(answer));
}
