import { assert, assertEquals, assertThrows } from "@std/assert";
import { refusalOf } from "../../cli/run_as_rank.ts";
import { planRanks } from "../../cli/start_ranks.ts";
import { UserError } from "../../lib/core/errors.ts";
import { agree, ALONE, anyProcess, processGroup, setProcessGroup } from "../../lib/core/process_group.ts";
import { WorkerPool } from "../../lib/core/worker_pool.ts";
import { communicator } from "../../lib/distributed/communicator.ts";
import { openMpiLibrary } from "../../lib/distributed/mpi_library.ts";
import { rankEnvironment } from "../../lib/distributed/rank_environment.ts";
import { batchShare, shareOf } from "../../lib/training/batch_share.ts";
import { assertFacts, assertThrowsWith } from "../helpers/assert_facts.ts";

const reader = (values: Record<string, string>) => (name: string) => values[name];

/** Acts as one of several processes; `exchange` answers for the others. */
async function asRank(
  rank: number,
  size: number,
  exchange: <T>(own: T) => T[],
  use: () => Promise<void>,
): Promise<void> {
  setProcessGroup({ rank, size, localSize: size, exchange });
  try {
    await use();
  } finally {
    setProcessGroup(ALONE);
  }
}

Deno.test("one process is alone unless mpiexec says otherwise", () => {
  assertEquals(rankEnvironment(reader({})), null);
  assertEquals(rankEnvironment(reader({ PMI_SIZE: "1", PMI_RANK: "0" })), null);
  assertEquals(rankEnvironment(reader({ PMI_SIZE: "4", MPI_LOCALRANKID: "1", MPI_LOCALNRANKS: "2" })), {
    kind: "mpich",
    size: 4,
    localRank: 1,
    localSize: 2,
  });
  const openmpi = {
    OMPI_COMM_WORLD_SIZE: "2",
    OMPI_COMM_WORLD_LOCAL_RANK: "1",
    OMPI_COMM_WORLD_LOCAL_SIZE: "2",
  };
  assertEquals(rankEnvironment(reader(openmpi))?.kind, "openmpi");
  assertEquals([communicator().size, processGroup().size], [1, 1]);
  const values = Float32Array.of(1, 2);
  communicator().allReduce(values);
  assertEquals([...values], [1, 2]);
});

Deno.test("tasks that several processes cannot share are refused", () => {
  assertEquals(refusalOf("train_gan"), null);
  assertFacts(refusalOf("pipeline")!, "pipeline", "mpiexec", "train_gan");
});

Deno.test("a missing library is told with what to install", () => {
  Deno.env.set("TEXMESH_MPI", "/nowhere/libmpi.so");
  try {
    const { message } = assertThrows(() => openMpiLibrary("mpich"), UserError);
    assertFacts(message, "/nowhere/libmpi.so", "Debian: mpich", "TEXMESH_MPI");
  } finally {
    Deno.env.delete("TEXMESH_MPI");
  }
});

Deno.test("several devices start a process each, where they and mpiexec are there", () => {
  const machine = (...files: string[]) => ({
    isRank: false,
    hasFile: (path: string) => files.includes(path),
  });
  const args = ["--gpu_ids", "0,1"],
    plan = (there: string[], isRank = false, ids = [0, 1]) =>
      planRanks("train_gan", args, ids, "/bin/deno", { ...machine(...there), isRank });
  const gpus = ["/dev/nvidia0", "/dev/nvidia1"], mpiexec = "/usr/bin/mpiexec";
  assertEquals(plan([...gpus, mpiexec]), {
    start: [mpiexec, "-n", "2", "/bin/deno", "task", "train_gan", ...args],
  });
  assertEquals(plan([...gpus, mpiexec], true), { start: null, reason: null });
  assertEquals(plan([...gpus, mpiexec], false, [0]), { start: null, reason: null });
  assertEquals(plan([mpiexec, gpus[0]]), { start: null, reason: null });
  const without = plan(gpus);
  assert(without.start === null);
  assertFacts(without.reason!, "mpiexec");
});

Deno.test("a batch is shared out in equal parts", async () => {
  assertEquals(batchShare(5), { start: 0, length: 5 });
  await asRank(1, 2, (own) => [own, own], () => {
    assertEquals(batchShare(6), { start: 3, length: 3 });
    assertEquals(shareOf(["a", "b", "c", "d"]), ["c", "d"]);
    assertThrowsWith(() => batchShare(5), UserError, "'batchSize'", "2 processes", 5);
    return Promise.resolve();
  });
});

Deno.test("processes share tasks and get all results in order", async () => {
  const kind = { module: new URL("file:///none.ts"), createRunner: () => (task: number) => 10 * task };
  const expected = Array.from({ length: 40 }, (_, i) => 10 * i);
  const done: number[] = [], made: number[] = [];
  // The other process answers with what it would have computed: every second task of the same round.
  let first = 0;
  const exchange = <T>(own: T): T[] => {
    const others = (own as number[]).map((_, k) => 10 * (first + 2 * k + 1));
    const length = Math.max(0, Math.ceil((Math.min(32, 40 - first) - 1) / 2));
    first += 32;
    return [own, others.slice(0, length) as T];
  };
  await asRank(0, 2, exchange, async () => {
    const pool = await WorkerPool.start(kind, null, 0);
    const results = await pool.run(40, (index) => {
      made.push(index);
      return index;
    }, { shared: true, onResult: (index) => void done.push(index) });
    assertEquals(results, expected);
    first = 0;
    assertEquals(await pool.run(40, (index) => index, { shared: true, keep: false }), []);
    const own = await pool.run(3, (index) => index); // not shared: exchange is not called
    assertEquals(own, [0, 10, 20]);
  });
  assertEquals(made.every((index) => index % 2 === 0), true);
  assertEquals(done, expected.map((_, i) => i));
});

Deno.test("the first process decides, and any may ask for a stop", async () => {
  assertEquals(await agree(() => Promise.resolve(3)), 3);
  assertEquals([anyProcess(true), anyProcess(false)], [true, false]);
  await asRank(1, 2, <T>() => [{ found: "theirs" } as T, null as T], async () => {
    assertEquals(await agree<string>(() => Promise.reject(new Error("not here"))), "theirs");
  });
  await asRank(0, 2, <T>(own: T) => [own, true as T], () => {
    assertEquals(anyProcess(false), true);
    return Promise.resolve();
  });
});
