/** A program of the pool's tests: its workers never end their tasks, and Ctrl-C stops it. */
import { StoppedError } from "../../lib/core/errors.ts";
import { shareArray, WorkerPool } from "../../lib/core/worker_pool.ts";
import { TEST_KIND } from "./pool_task.ts";

const controller = new AbortController();
Deno.addSignalListener("SIGINT", () => controller.abort());
const pool = await WorkerPool.start(TEST_KIND, { table: shareArray(new Float64Array(8)) }, 2);
let busy = 0;
const onReport = () => {
  if (++busy === 2) console.log("busy");
};
try {
  await pool.run(8, (index) => ({ index, spin: true }), {
    signal: controller.signal,
    what: "The spin",
    onReport,
  });
} catch (error) {
  if (!(error instanceof StoppedError)) throw error;
  console.log(error.message);
  Deno.exit(130);
}
