/**
 * Speed of the renderer: the workload and the rules of the rasteriser benchmark.
 *
 * Prints milliseconds an image, forward and backward, on one worker and on all; the time of the pose load; what the tensor
 * operation adds; and, where the peer DEODR is installed (`pip install deodr trimesh`), how many times as long the peer takes,
 * measured in the same run in turn: medians of the rounds.
 *
 * Reads the workload in the folder `TEXMESH_BENCH` (default `../shared/bench`); without it, spheres are rendered and only
 * timed. Figures count on a quiet machine only. Ends with status 1 if a bound is not met.
 *
 * @module
 */
import { defineCommand, runCommand } from "../cli/command.ts";
import { json } from "../lib/core/common_options.ts";
import { option } from "../lib/core/option.ts";
import { UserError } from "../lib/core/errors.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import { startDeodr } from "./peers/deodr.ts";
import { RENDER_PARTS } from "./render/parts.ts";
import { Report } from "./render/report.ts";
import { loadWorkload } from "./render/workload.ts";

const PARTS = Object.keys(RENDER_PARTS);

/** The task `bench:render`. */
export const benchRender = defineCommand({
  name: "bench:render",
  doc: "Milliseconds an image of the renderer, beside the peer DEODR where it is installed.",
  options: {
    rounds: option.integer({ default: 3, minimum: 1, doc: "Rounds; ours and the peer in turn." }),
    repeats: option.integer({ default: 3, minimum: 1, doc: "Repeats of a round; the fastest counts." }),
    only: option.choices({ default: PARTS, choices: PARTS, doc: "What is measured." }),
    json,
  },
  async run({ rounds, repeats, only, json }, { print }) {
    const folder = Deno.env.get("TEXMESH_BENCH") ?? new URL("../../shared/bench", import.meta.url).pathname;
    const workload = await loadWorkload(folder), report = new Report(print);
    const found = workload.path === null ? "the workload is missing" : await startDeodr(workload.path);
    const peer = typeof found === "string" ? null : found;
    if (typeof found === "string") report.note(`no ratios: ${found}`);
    const load = Deno.loadavg().map((x) => x.toFixed(2)).join(" ");
    report.note(`load ${load}, ${rounds} rounds of ${repeats} repeats`);
    try {
      for (const part of only as (keyof typeof RENDER_PARTS)[]) {
        await RENDER_PARTS[part]({ workload, peer, report, rounds, repeats });
      }
    } finally {
      await peer?.stop();
    }
    if (json) await writeJsonAtomic(json, report.lines);
    const short = report.lines.filter(({ ok }) => ok === false).length;
    if (short > 0) throw new UserError(`${short} of ${report.lines.length} figures are short.`);
  },
});

if (import.meta.main) await runCommand(benchRender);
