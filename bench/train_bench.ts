/**
 * Training steps beside PyTorch's, measured in turn: `deno task bench:train [--only TEXT] [--json FILE] [--python FILE]`.
 *
 * A line per figure: name, what was measured, the bound, and whether it holds. Without PyTorch ratios are not known.
 */
import { parseArgs } from "@std/cli";
import type { WorkloadAnswer, WorkloadRequest } from "./train_workloads.ts";

/** One line of the bench. */
interface Row {
  readonly name: string;
  readonly request: Omit<WorkloadRequest, "repeats">;
  /** Most that may be measured. */
  readonly bound: number;
  /** Ratio of times or of peak memory to PyTorch's, or microseconds. */
  readonly measure: "time" | "memory" | "microseconds";
}

const ROUNDS = 4, REPEATS = 2, WARM_UP = 2;
const SMALL_OPS = 1000;

const gan = (
  size: number,
  batch: number,
  threads: number,
  bound: number,
  precision: "float32" | "bf16",
): Row => ({
  name: `GAN ${size} px, batch ${batch}, ${threads} threads, ${precision}`,
  request: { workload: "gan", size, batch, threads, precision },
  bound,
  measure: "time",
});
const common = { threads: 2, precision: "float32" } as const;

const ROWS: readonly Row[] = [
  gan(128, 8, 2, 0.62, "float32"),
  gan(128, 8, 4, 0.62, "float32"),
  gan(256, 4, 2, 0.55, "float32"),
  gan(256, 4, 4, 0.48, "float32"),
  gan(128, 8, 2, 0.65, "bf16"),
  gan(256, 4, 2, 0.65, "bf16"),
  {
    name: "reconstruction 256 px, batch 4, 2 threads",
    request: { workload: "reconstruction", size: 256, batch: 4, ...common },
    bound: 0.7,
    measure: "time",
  },
  {
    name: "grid sample 512 px to 256 px, batch 4",
    request: { workload: "grid_sample", size: 512, batch: 4, ...common },
    bound: 1.5,
    measure: "time",
  },
  {
    name: "Adam, 11.8 M weights",
    request: { workload: "adam", size: 11_800_000, batch: 80, ...common },
    bound: 1,
    measure: "time",
  },
  {
    name: "small operation, microseconds",
    request: { workload: "small_op", size: SMALL_OPS, batch: 1, ...common },
    bound: 5,
    measure: "microseconds",
  },
  {
    name: "peak memory, GAN 256 px, batch 4",
    request: { workload: "gan", size: 256, batch: 4, ...common },
    bound: 1.6,
    measure: "memory",
  },
];

/** A process that answers requests. */
class Side {
  readonly #process: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: AsyncIterator<string>;

  constructor(command: string, args: string[]) {
    this.#process = new Deno.Command(command, { args, stdin: "piped", stdout: "piped", stderr: "inherit" })
      .spawn();
    this.#writer = this.#process.stdin.getWriter();
    this.#lines = lines(this.#process.stdout);
  }

  async ask(request: WorkloadRequest): Promise<WorkloadAnswer> {
    await this.#writer.write(new TextEncoder().encode(JSON.stringify(request) + "\n"));
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`Cannot measure ${JSON.stringify(request)}: the process ended`);
    return JSON.parse(value);
  }

  async close(): Promise<void> {
    await this.#writer.close();
    await this.#process.status;
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + chunk).split("\n");
    rest = parts.pop()!;
    yield* parts;
  }
}

const median = (times: readonly number[]): number => times.toSorted((a, b) => a - b)[times.length >> 1];

/** Sum over the steps of their median times. */
function typicalTime(answers: readonly WorkloadAnswer[]): number {
  return Object.keys(answers[0].times).reduce(
    (sum, name) => sum + median(answers.flatMap(({ times }) => [...times[name]])),
    0,
  );
}

/** Asks both sides in turn, so that other work on the machine disturbs both alike. */
async function measure(row: Row, python: string | null): Promise<[WorkloadAnswer[], WorkloadAnswer[]]> {
  const folder = import.meta.dirname!;
  const sides = [new Side(Deno.execPath(), ["run", "-A", "--no-check", `${folder}/train_worker.ts`])];
  if (python !== null && row.measure !== "microseconds") {
    sides.push(new Side(python, [`${folder}/peers/train_torch.py`]));
  }
  for (const side of sides) await side.ask({ ...row.request, repeats: WARM_UP });
  const answers: WorkloadAnswer[][] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [i, side] of sides.entries()) {
      answers[i].push(await side.ask({ ...row.request, repeats: REPEATS }));
    }
  }
  for (const side of sides) await side.close();
  return [answers[0], answers[1]];
}

async function findTorch(python: string): Promise<string | null> {
  try {
    const { success } = await new Deno.Command(python, { args: ["-c", "import torch"], stderr: "null" })
      .output();
    return success ? python : null;
  } catch {
    return null;
  }
}

const flags = parseArgs(Deno.args, { string: ["only", "json", "python"] }) as Record<
  string,
  string | undefined
>;
const python = await findTorch(flags.python ?? "python3");
if (python === null) console.log("PyTorch is not installed: ratios are not known");
const results: Record<string, unknown>[] = [];
for (const row of ROWS.filter(({ name }) => name.includes(flags.only ?? ""))) {
  if (row.request.threads > navigator.hardwareConcurrency) continue;
  const [loadBefore] = Deno.loadavg();
  const [ours, theirs] = await measure(row, python);
  const time = typicalTime(ours), peak = ours.at(-1)!.peakMegabytes;
  const peer = theirs.length > 0 ? { time: typicalTime(theirs), peak: theirs.at(-1)!.peakMegabytes } : null;
  const ratio = row.measure === "memory" ? peak / (peer?.peak ?? NaN) : time / (peer?.time ?? NaN);
  const measured = row.measure === "microseconds" ? time / SMALL_OPS * 1000 : ratio;
  const verdict = Number.isNaN(measured) ? "unknown" : measured <= row.bound ? "ok" : "short";
  const [unit, own, other] = row.measure === "memory" ? ["MB", peak, peer?.peak] : ["ms", time, peer?.time];
  const detail = `${own.toFixed(1)} ${unit}${
    other === undefined ? "" : ` beside ${other.toFixed(1)} ${unit}`
  }`;
  console.log(
    `${row.name.padEnd(44)} ${measured.toFixed(2).padStart(6)} ${row.bound.toFixed(2).padStart(6)}  ` +
      `${verdict.padEnd(7)} (${detail}; load ${loadBefore.toFixed(1)})`,
  );
  results.push({
    name: row.name,
    measured,
    bound: row.bound,
    verdict,
    ours: own,
    peer: other ?? null,
    unit,
    loadBefore,
  });
}
if (flags.json) await Deno.writeTextFile(flags.json, JSON.stringify(results, null, 2) + "\n");
