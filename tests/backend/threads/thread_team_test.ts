import { assert, assertEquals, assertThrows } from "@std/assert";
import { ClosedError } from "../../../lib/core/errors.ts";
import { ThreadTeam } from "../../../lib/backend/threads/thread_team.ts";
import { arraysOfLostThreads } from "../../../lib/backend/threads/helper_thread.ts";
import { LostThreadError } from "../../../lib/backend/threads/lost_thread_error.ts";
import { assertThrowsWith } from "../../helpers/assert_facts.ts";
import { TEST_KIND, type TestPart } from "./team_kind.ts";

/** Parts that add their number to values of their own, and the memory that they write. */
function makeParts(count: number): { parts: TestPart[]; values: Float32Array; notes: Float32Array } {
  const values = Float32Array.from({ length: 5 * count }, (_, i) => i), notes = new Float32Array(2 * count);
  const parts = Array.from({ length: count }, (_, i) => ({
    arrays: [values.subarray(5 * i, 5 * i + 5), notes.subarray(2 * i, 2 * i + 2)],
    add: 100 * i,
  }));
  return { parts, values, notes };
}

const expected = (count: number) =>
  Float32Array.from({ length: 5 * count }, (_, i) => i + 100 * Math.floor(i / 5));

/** Runs with a team that is closed behind it. */
function withTeam(threads: number, work: (team: ThreadTeam<TestPart>) => void, patienceMs?: number): void {
  const team = new ThreadTeam(TEST_KIND, threads, patienceMs === undefined ? {} : { patienceMs });
  try {
    work(team);
  } finally {
    team.close();
  }
}

Deno.test("parts are done in place, the same for any number of threads and of parts", () => {
  for (const threads of [1, 2, 3]) {
    withTeam(threads, (team) => {
      for (const count of [0, 1, 2, 3, 7]) {
        const { parts, values } = makeParts(count);
        team.run(parts);
        assertEquals(values, expected(count));
      }
      assertEquals(team.started, threads);
    });
  }
});

Deno.test("part i is always done by the same thread, in order, and threads keep their state", () => {
  withTeam(3, (team) => {
    const runs = Array.from({ length: 2 }, () => {
      const { parts, notes } = makeParts(7);
      team.run(parts);
      return notes;
    });
    const names = runs.map((notes) => notes.filter((_, i) => i % 2 === 0));
    assertEquals(names[0], names[1]);
    assertEquals(new Set(names[0]).size, 3);
    names[0].forEach((name, i) => assertEquals(name, names[0][i % 3]));
    assertEquals([...runs[1].filter((_, i) => i % 2 === 1)], [3, 2, 2, 4, 3, 3, 5]);
  });
});

Deno.test("no thread is started for one part, nor for work that the caller does alone", () => {
  withTeam(3, (team) => {
    const { parts, values } = makeParts(4);
    team.run(parts.slice(0, 1));
    team.run(parts.slice(1), true);
    assertEquals([team.started, values], [1, expected(4)]);
  });
});

Deno.test("no more threads are started than there are parts", () => {
  withTeam(1000, (team) => {
    for (const [count, started] of [[2, 2], [3, 3], [2, 3]]) {
      const { parts, values } = makeParts(count);
      team.run(parts);
      assertEquals([team.started, values], [started, expected(count)]);
    }
  });
});

Deno.test("an error in any thread arrives with its kind, message and stack, and the team works on", () => {
  withTeam(3, (team) => {
    for (const broken of [0, 1, 2, 4]) {
      const { parts, values } = makeParts(5);
      const failing = parts.map((part, i) => i === broken ? { ...part, fail: `part ${i} is broken` } : part);
      const error = assertThrowsWith(() => team.run(failing), Error, `part ${broken} is broken`);
      assertEquals(error.name, "RangeError");
      assert(error.stack?.includes("team_kind.ts"));
      const others = values.filter((_, i) => Math.floor(i / 5) % 3 !== broken % 3);
      assertEquals(others, expected(5).filter((_, i) => Math.floor(i / 5) % 3 !== broken % 3));
      const again = makeParts(5);
      team.run(again.parts);
      assertEquals(again.values, expected(5));
    }
  });
});

Deno.test("a part that cannot be sent fails the call, after the others", () => {
  withTeam(3, (team) => {
    const { parts, values } = makeParts(3);
    const odd = { ...parts[2], odd: () => {} } as TestPart;
    assertThrowsWith(() => team.run([parts[0], parts[1], odd]), Error, "could not be cloned");
    assertEquals(values.subarray(5, 10), expected(3).subarray(5, 10));
  });
});

Deno.test("a thread that ends without an answer fails the call, and closes the team", () => {
  withTeam(2, (team) => {
    team.run(makeParts(2).parts);
    const { parts } = makeParts(2);
    assertThrowsWith(() => team.run([parts[0], { ...parts[1], die: true }]), LostThreadError, "2 threads");
    for (const array of parts[1].arrays) assert(arraysOfLostThreads().includes(array as Float32Array));
    assert(team.isClosed);
    assertThrows(() => team.run(parts), ClosedError);
  }, 3000); // a thread may take a second to start on a busy machine
});

Deno.test("a team whose threads cannot start does all parts in the caller's", () => {
  for (const code of ["throw new Error('broken')", "export const other = 1", "globalThis.close()"]) {
    const module = new URL(`data:text/javascript,${code}`);
    const team = new ThreadTeam({ ...TEST_KIND, module }, 3, { patienceMs: 500 });
    const { parts, values } = makeParts(5);
    team.run(parts);
    assertEquals([team.started, values], [1, expected(5)]);
    team.close();
  }
});

Deno.test("two teams work in turn", () => {
  withTeam(2, (one) =>
    withTeam(3, (other) => {
      for (let round = 0; round < 3; round++) {
        for (const team of [one, other]) {
          const { parts, values } = makeParts(6);
          team.run(parts);
          assertEquals(values, expected(6));
        }
      }
    }));
});

/** Runs the program of these tests and tells its status and its lines. */
async function runProgram(rights: readonly string[], ...args: string[]): Promise<[number, string[]]> {
  const script = new URL("./team_program.ts", import.meta.url).pathname;
  const { code, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--no-prompt", ...rights, script, ...args],
    stderr: "null",
  }).output();
  return [code, new TextDecoder().decode(stdout).trim().split("\n")];
}

const DONE = "3 threads: 0,1,2,3,4,5";

Deno.test({
  name: "close ends the threads",
  ignore: Deno.build.os !== "linux", // where they can be counted
  async fn() {
    assertEquals(await runProgram(["--allow-all"], "close"), [0, [DONE, "started, ended"]]);
  },
});

Deno.test("a program ends while its threads wait, and needs only the rights to read and to use addresses", async () => {
  const rights = ["--allow-read", "--allow-ffi"];
  assertEquals(await runProgram(rights), [0, [DONE]]);
  assertEquals(await runProgram(rights, "exit"), [3, [DONE]]);
  assertEquals(await runProgram(["--allow-ffi"]), [0, ["1 threads: 0,1,2,3,4,5"]]); // they cannot read their module
});
