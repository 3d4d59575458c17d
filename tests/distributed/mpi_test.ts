import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { assertAllClose } from "../helpers/assert_all_close.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { distance } from "./distance.ts";
import { inFolders, type JobResult, mpiTest, NO_MPI, runJob } from "./mpi_jobs.ts";

const ENDS_WITHIN_SECONDS = 60;
const HYPOTHESES = "hypotheses.safetensors", TEMPLATE = "template.safetensors";

function assertDone({ code, errors }: JobResult): void {
  assertEquals(code, 0, errors);
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

mpiTest("pseudo-ground-truth is the same files with two processes", () =>
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
  }));

mpiTest("statistics and gradients of batch norm are those of the whole batch", () => compareNorms([2]));
mpiTest("poses are the same bits with two processes", () => compareFiles("pose", HYPOTHESES, [2]));
mpiTest("remeshing gives the same bits with two processes", () => compareFiles("remesh", TEMPLATE, [2]));

slowTest("mpi: batch norm with four processes", () => compareNorms([4]), NO_MPI);
slowTest("mpi: poses with three and four processes", () => compareFiles("pose", HYPOTHESES, [3, 4]), NO_MPI);

slowTest("mpi: training equals that of one process with the same batch", () =>
  inFolders(async (folder) => {
    // After one step the first moments are the gradients (or a tenth of them); later Adam turns noise around 0 into steps.
    const jobs = [["gan", "1", "optimizer_g/m/", 1e-5], [
      "reconstruction",
      "1",
      "optimizer/m/",
      1e-3,
    ]] as const;
    const later = [["gan", "3", "discriminator/", 1e-3], ["gan", "3", "generator/", 1e-4]] as const;
    for (const [kind, epochs, prefix, limit] of [...jobs, ...later]) {
      const arrays = async (count: number) => {
        const place = await folder(`${kind}${epochs}-${count}`);
        if (!Array.from(Deno.readDirSync(place)).length) assertDone(await runJob(count, kind, place, epochs));
        return (await loadCheckpoint(join(place, "run"), "latest")).arrays;
      };
      const expected = await arrays(1);
      for (const count of [2, 4]) {
        const found = distance(expected, await arrays(count), prefix);
        assert(found < limit, `${kind}, ${epochs} epochs, ${count} processes: ${prefix} differs by ${found}`);
      }
    }
  }), NO_MPI);

slowTest(
  "mpi: a process that dies or fails ends the others, and the run goes on from its checkpoint",
  () =>
    inFolders(async (folder) => {
      const whole = await folder("whole"), failed = await folder("failed"), killed = await folder("killed");
      assertDone(await runJob(2, "gan", whole, "5"));
      const failure = await runJob(2, "gan", failed, "5,throw");
      assert(failure.code !== 0);
      assertStringIncludes(failure.errors, "rank 1: planted failure");
      const death = await runJob(2, "gan", killed, "5,die");
      assert(death.code !== 0);
      assert(death.seconds < ENDS_WITHIN_SECONDS, `${death.seconds} s`);
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
