import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { planRanks } from "../../cli/start_ranks.ts";
import { loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { distance } from "./distance.ts";
import {
  FATE_FILE,
  finish,
  inFolders,
  type JobResult,
  MPIEXEC,
  mpiTest,
  NO_MPI,
  runJob,
} from "./mpi_jobs.ts";

/** Time from the death of a process to the end of all. */
const ENDS_WITHIN_SECONDS = 10;
/** How mpiexec, or a process that sees it gone, tells that one was killed: of MPICH, of OpenMPI, of us. */
const TOLD_DEATH = /EXIT CODE: 9|signal 9|another process of this job has ended/;
const HYPOTHESES = "hypotheses.safetensors", TEMPLATE = "template.safetensors";

function assertDone({ code, errors }: JobResult): void {
  assertEquals(code, 0, errors);
}

/** Checks that a job failed, within seconds of the end of one of its processes. */
async function assertEndedSoon({ code, ended }: JobResult, folder: string): Promise<void> {
  assert(code !== 0);
  const seconds = (ended - Number(await Deno.readTextFile(join(folder, FATE_FILE)))) / 1000;
  assert(seconds < ENDS_WITHIN_SECONDS, `${seconds} s`);
}

const resultOf = async (folder: string) => JSON.parse(await Deno.readTextFile(join(folder, "result.json")));

mpiTest("two processes add, broadcast and exchange values", () =>
  inFolders(async (folder) => {
    const place = await folder("messages");
    assertDone(await runJob(2, "messages", place));
    assertEquals(await resultOf(place), {
      size: 2,
      sums: [1, 3, 5, 7, 9, 11, 13, 1],
      bytes: [10, 11, 12, 13, 14],
      exchanged: [{ rank: 0, text: "", list: [0, -0.5] }, { rank: 1, text: "x", list: [1, -0.5] }],
    });
  }));

async function compareNorms(counts: readonly number[]): Promise<void> {
  await inFolders(async (folder) => {
    const alone = await folder(1);
    assertDone(await runJob(1, "norm", alone));
    const expected = await resultOf(alone);
    for (const count of counts) {
      const place = await folder(count);
      assertDone(await runJob(count, "norm", place));
      const found = await resultOf(place);
      for (const name of ["statistics", "kernel", "gain", "offset"]) {
        assertAllClose(found[name], expected[name], { absolute: 2e-6, relative: 2e-6 });
      }
    }
  });
}

/** Whether a file is here; the devices of two GPUs are. */
const isHere = (path: string) => path.startsWith("/dev/nvidia") || path === MPIEXEC;

/** Compares the only file that a job leaves. */
async function compareFiles(kind: string, name: string, counts: readonly number[]): Promise<void> {
  await inFolders(async (folder) => {
    const file = async (count: number) => {
      const place = await folder(count);
      assertDone(await runJob(count, kind, place));
      assertEquals(Array.from(Deno.readDirSync(place), (entry) => entry.name), [name]);
      return await Deno.readFile(join(place, name));
    };
    const expected = await file(1);
    for (const count of counts) assert((await file(count)).every((byte, i) => byte === expected[i]));
  });
}

slowTest("mpi: pseudo-ground-truth is the same files with two processes", () =>
  inFolders(async (folder) => {
    const files = async (count: number) => {
      const place = await folder(count);
      assertDone(await runJob(count, "pseudogt", place));
      const maps = Array.from(Deno.readDirSync(join(place, "maps")), ({ name }) => `maps/${name}`).sort();
      const names = [...maps, "poses.safetensors"];
      return new Map(
        await Promise.all(names.map(async (name) => [name, await Deno.readFile(join(place, name))] as const)),
      );
    };
    const expected = await files(1), found = await files(2);
    assertEquals([...expected.keys()].length, 4 + 3); // four maps, recipe, list of those left out, table
    assertEquals([...found.keys()], [...expected.keys()]);
    for (const [name, bytes] of expected) assertEquals(found.get(name), bytes, name);
  }), NO_MPI);

mpiTest("what --gpu_ids starts is the task in a process each, which do not start others", async () => {
  const args = ["--name", "nonesuch_singletpl", "--dataset", "nonesuch", "--gpu_ids", "0,1"];
  const plan = planRanks("train_gan", args, [0, 1], Deno.execPath(), { isRank: false, hasFile: isHere });
  const [program, ...rest] = plan.start!;
  const { code, errors } = await finish(program, rest);
  assertEquals(code, 1);
  assertEquals(errors.match(/deno run .*scripts\/train_gan.ts/g)?.length, 2, errors);
  assertEquals(errors.match(/^error: .*nonesuch/gm)?.length, 1, errors); // the first process tells it
  assert(!errors.includes("Starting"), errors);
});

mpiTest("statistics and gradients of batch norm are those of the whole batch", () => compareNorms([2]));
mpiTest("poses are the same bits with two processes", () => compareFiles("pose", HYPOTHESES, [2]));

slowTest("mpi: batch norm with four processes", () => compareNorms([4]), NO_MPI);
slowTest(
  "mpi: remeshing gives the same bits with two processes",
  () => compareFiles("remesh", TEMPLATE, [2]),
  NO_MPI,
);
slowTest("mpi: poses with three and four processes", () => compareFiles("pose", HYPOTHESES, [3, 4]), NO_MPI);

slowTest("mpi: training equals that of one process with the same batch", () =>
  inFolders(async (folder) => {
    // After one step the first moments are the gradients (or a tenth of them); later Adam turns noise around 0 into steps.
    const jobs = [
      { kind: "gan", epochs: "1", counts: [2, 4], limits: { "optimizer_g/m/": 1e-5 } },
      { kind: "reconstruction", epochs: "1", counts: [2], limits: { "optimizer/m/": 1e-3 } },
      { kind: "gan", epochs: "3", counts: [2], limits: { "discriminator/": 1e-3, "generator/": 1e-4 } },
    ] as const;
    for (const { kind, epochs, counts, limits } of jobs) {
      const arrays = async (count: number) => {
        const place = await folder(`${kind}${epochs}-${count}`);
        assertDone(await runJob(count, kind, place, epochs));
        return (await loadCheckpoint(join(place, "run"), "latest")).arrays;
      };
      const expected = await arrays(1);
      for (const count of counts) {
        const several = await arrays(count);
        for (const [prefix, limit] of Object.entries(limits)) {
          const found = distance(expected, several, prefix);
          assert(
            found < limit,
            `${kind}, ${epochs} epochs, ${count} processes: ${prefix} differs by ${found}`,
          );
        }
      }
    }
  }), NO_MPI);

slowTest(
  "mpi: a process that dies or fails ends the others, and the run resumes from its checkpoint",
  () =>
    inFolders(async (folder) => {
      const whole = await folder("whole"), failed = await folder("failed"), killed = await folder("killed");
      assertDone(await runJob(2, "gan", whole, "5"));
      const failure = await runJob(2, "gan", failed, "5,throw");
      await assertEndedSoon(failure, failed);
      assertStringIncludes(failure.errors, "rank 1: planted failure");
      const death = await runJob(2, "gan", killed, "5,die");
      await assertEndedSoon(death, killed);
      assertMatch(death.output + death.errors, TOLD_DEATH);
      const { state } = await loadCheckpoint(join(killed, "run"), "latest");
      assert((state as { epoch: number }).epoch < 5);
      assertDone(await runJob(2, "gan", killed, "5,on"));
      const [a, b] = [whole, killed].map((place) => loadCheckpoint(join(place, "run"), "latest"));
      assertEquals((await b).state, (await a).state);
      for (const [name, array] of Object.entries((await a).arrays)) {
        assertEquals((await b).arrays[name], array, name);
      }
    }),
  NO_MPI,
);
