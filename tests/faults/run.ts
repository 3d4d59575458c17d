/**
 * Does faults to every stage of a toy project: `deno task test:faults [--kills 50] [--seed 1] [--stages a,b] [--json FILE]`.
 *
 * Two thirds of the faults are SIGKILL. After each, nothing that is there may be corrupt, and the stage must resume; where it
 * ends, its files must be those of an undisturbed run, byte for byte.
 */
import { parseArgs } from "@std/cli";
import { measureLine } from "../../cli/measure.ts";
import { Prng } from "../../lib/core/prng.ts";
import type { StageName } from "../../lib/pipeline/pipeline_stages.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { doFault, FAULT_KINDS } from "./faults.ts";
import { FAULTY_STAGES, FaultyProject } from "./project.ts";

const flags = parseArgs(Deno.args, { string: ["kills", "seed", "stages", "json"] }) as Record<
  string,
  string | undefined
>;
const stages = (flags.stages?.split(",") ?? FAULTY_STAGES) as StageName[], seed = Number(flags.seed ?? "1");
const kills = Number(flags.kills ?? "50"), home = Deno.cwd();
const unknown = stages.find((stage) => !FAULTY_STAGES.some((name) => name === stage));
if (unknown !== undefined) {
  console.error(`--stages must be some of ${FAULTY_STAGES.join(",")}, current value is ${unknown}.`);
  Deno.exit(2);
}
const results: Record<string, { survived: number; finished: number; problems: string[] }> = {};

await inWorkplace(async (workplace) => {
  const snapshots = await Deno.makeTempDir({ prefix: "faults_" });
  try {
    const project = new FaultyProject(workplace, snapshots);
    await project.prepare((line) => console.error(line));
    for (const stage of stages) {
      results[stage] = await testStage(project, stage);
    }
  } finally {
    await Deno.remove(snapshots, { recursive: true });
  }
});

for (const [stage, { survived, finished, problems }] of Object.entries(results)) {
  problems.forEach((problem) => console.error(`${stage}: ${problem}`));
  console.log(
    measureLine(
      `${stage}: faults survived of ${kills} (${finished} times to the end)`,
      survived,
      kills,
      true,
    ),
  );
}
if (flags.json) {
  Deno.chdir(home);
  await Deno.writeTextFile(flags.json, JSON.stringify({ kills, seed: seed, results }, null, 2));
}
Deno.exit(Object.values(results).every(({ survived }) => survived === kills) ? 0 : 1);

/** Does all faults to one stage; what is finished begins again. */
async function testStage(project: FaultyProject, stage: StageName) {
  const prng = new Prng(seed, "faults", stage), problems: string[] = [];
  let survived = 0, finished = 0;
  await project.restoreBefore(stage);
  for (let i = 0; i < kills; i++) {
    const kind = prng.next() < 2 / 3 ? "SIGKILL" : FAULT_KINDS[prng.integer(FAULT_KINDS.length)];
    const outcome = await doFault(project, stage, kind, prng);
    let found = outcome.problems;
    if (outcome.isDone || i === kills - 1) {
      const last = outcome.isDone ? null : await (await project.run(stage)).ended;
      if (last && last.code !== 0) found = [...found, `does not resume: ${last.messages.slice(-400)}`];
      else {
        finished++;
        found = [...found, ...(await project.differences(stage)).map((path) => `${path} differs`)];
      }
      await project.restoreBefore(stage);
    }
    if (found.length === 0) survived++;
    problems.push(...found.map((problem) => `fault ${i + 1} (${kind}): ${problem}`));
  }
  console.error(`${stage}: ${survived} of ${kills} survived, ${finished} times to the end`);
  return { survived, finished, problems };
}
