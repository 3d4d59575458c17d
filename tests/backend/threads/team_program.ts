/** A program of the team's tests: tells the size of its team and what it did, and ends while the threads wait. */
import { ThreadTeam } from "../../../lib/backend/threads/thread_team.ts";
import { TEST_KIND } from "./team_kind.ts";

/** Number of this process's threads (Linux, with all rights). */
const threads = () => Array.from(Deno.readDirSync("/proc/self/task")).length;

const counts = Deno.args[0] === "close";
const team = new ThreadTeam(TEST_KIND, 3), notes = new Float32Array(2);
const values = new Float32Array(6);
const before = counts ? threads() : 0;
team.run(Array.from(values, (_, i) => ({ arrays: [values.subarray(i, i + 1), notes], add: i })));
console.log(`${team.started} threads: ${values}`);
if (Deno.args[0] === "exit") Deno.exit(3);
if (counts) {
  const during = threads();
  team.close();
  for (let wait = 0; wait < 100 && threads() > during - 2; wait++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  console.log(
    `${during - before >= 2 ? "started" : "not started"}, ${threads() <= during - 2 ? "ended" : "left"}`,
  );
}
