/**
 * What several processes bring, one thread each: `deno task bench:scale`.
 *
 * One process and several take turns, and the best of each is compared; on a machine that does other work at the same time
 * the figures are too low.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../cli/flags/shared.ts";
import { measureLine } from "../cli/measure.ts";
import { MPIEXEC_PATHS } from "../cli/start_ranks.ts";
import { checkWritable } from "../cli/training_flags.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";

/** Result of one job. */
interface Measured {
  readonly perSecond: number;
  readonly processorSeconds: number;
  readonly megabytes: number;
}

const BOUNDS = { pose: 1.8, gan: 1.6 } as const;

function mpiexec(): string {
  for (const path of MPIEXEC_PATHS) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch {
      continue;
    }
  }
  throw new UserError(`Cannot measure several processes: there is no mpiexec (${MPIEXEC_PATHS.join(", ")}).`);
}

async function measure(ranks: number, kind: string, items: number): Promise<Measured> {
  const job = new URL("scale_job.ts", import.meta.url).pathname;
  const flags = ["--no-check", "--allow-read", "--allow-env", "--allow-sys", "--allow-ffi"];
  const args = ["-n", `${ranks}`, Deno.execPath(), "run", ...flags, job, kind, `${items}`];
  const { code, stdout, stderr } = await new Deno.Command(mpiexec(), { args, env: ONE_THREAD }).output();
  const text = new TextDecoder().decode(stdout);
  if (code !== 0) throw new UserError(`The ${kind} job failed: ${new TextDecoder().decode(stderr)}${text}`);
  return JSON.parse(text.trim().split("\n").at(-1)!);
}

/** For libraries that would start threads of their own, and for OpenMPI, which does not trust root. */
const ONE_THREAD = {
  OMP_NUM_THREADS: "1",
  OMPI_ALLOW_RUN_AS_ROOT: "1",
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: "1",
};

/** The task `bench:scale`. */
export const benchScale = defineCommand({
  name: "bench:scale",
  doc:
    "Images a second of pose estimation and GAN training with several processes of one thread, against one process.",
  flags: {
    kinds: { kind: "list", default: ["pose", "gan"], choices: ["pose", "gan"], doc: "What is measured." },
    ranks: { kind: "integer", default: 2, minimum: 2, doc: "Number of processes; the targets are for 2." },
    rounds: { kind: "integer", default: 3, minimum: 1, doc: "Turns of one and several processes." },
    pictures: { kind: "integer", default: 96, minimum: 8, doc: "Pictures of pose estimation." },
    cycles: { kind: "integer", default: 6, minimum: 1, doc: "Generator and discriminator steps." },
    json,
  },
  async run({ kinds, ranks, rounds, pictures, cycles, json }, { print }) {
    await checkWritable("json", json);
    const report: Record<string, unknown> = {};
    for (const kind of kinds as (keyof typeof BOUNDS)[]) {
      const items = kind === "pose" ? pictures : cycles;
      const one: Measured[] = [], several: Measured[] = [];
      for (let round = 0; round < rounds; round++) {
        one.push(await measure(1, kind, items));
        several.push(await measure(ranks, kind, items));
      }
      const best = (list: Measured[]) => Math.max(...list.map(({ perSecond }) => perSecond));
      const ratio = best(several) / best(one), bound = ranks === 2 ? BOUNDS[kind] : undefined;
      print(measureLine(`${kind}: images/s of 1 process`, best(one)));
      print(measureLine(`${kind}: images/s of ${ranks} processes`, best(several)));
      print(measureLine(`${kind}: ${ranks} processes against 1`, ratio, bound, true));
      const processor = [one, several].map((list) =>
        Math.min(...list.map(({ processorSeconds }) => processorSeconds))
      );
      print(
        measureLine(
          `${kind}: the same by processor time, which other work slows less`,
          processor[0] / processor[1],
        ),
      );
      const memory = [one, several].map((list) => Math.max(...list.map(({ megabytes }) => megabytes)));
      print(measureLine(`${kind}: memory of a process, of ${ranks} against 1`, memory[1] / memory[0]));
      report[kind] = { ranks, one, several, ratio, byProcessorTime: processor[0] / processor[1] };
    }
    const load = Deno.loadavg()[0];
    print(`load of the machine at the end: ${load.toFixed(1)}`);
    if (json) await writeJsonAtomic(json, { ...report, load });
  },
});

if (import.meta.main) await runCommand(benchScale);
