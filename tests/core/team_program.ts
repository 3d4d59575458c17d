/** A program of the team's tests: tells the size of its team and what it did, and ends while the threads wait. */
import { ThreadTeam } from "../../lib/core/thread_team.ts";
import { TEST_KIND } from "./team_kind.ts";

const team = new ThreadTeam(TEST_KIND, 3), notes = new Float32Array(2);
const values = new Float32Array(6);
team.run(Array.from(values, (_, i) => ({ arrays: [values.subarray(i, i + 1), notes], add: i })));
console.log(`${team.size} threads: ${values}`);
if (Deno.args[0] === "exit") Deno.exit(3);
