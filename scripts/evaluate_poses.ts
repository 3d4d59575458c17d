/** `deno task evaluate_poses`: prints every target of pose estimation where the truth is known. */
import { measureSpeed } from "../bench/pose/pose_speed.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import { figureLine, throwIfShort } from "../cli/measure.ts";
import { writeJsonAtomic } from "../lib/io/atomic_file.ts";
import {
  EVALUATE_POSES_OPTIONS,
  measureBenchmark,
  measureRenders,
  type PoseFigure,
} from "../tools/evaluation/evaluate_poses.ts";

export const evaluatePoses = defineCommand({
  name: "evaluate_poses",
  doc: "Measures pose estimation where the truth is known, beside the original's results and its targets.",
  options: EVALUATE_POSES_OPTIONS,
  async run({ only, limit, mode, workers, rounds, json }, { callbacks, print }) {
    const folderOf = (variable: string, name: string) => Deno.env.get(variable) ?? `../shared/${name}`;
    const benchmark = `${folderOf("TEXMESH_PARITY", "parity")}/pose_benchmark`;
    const folder = `${folderOf("TEXMESH_DATA", "data")}/renders`;
    const figures: PoseFigure[] = [], lines: string[] = [];
    const onFigure = (figure: PoseFigure) => {
      figures.push(figure);
      lines.push(figureLine(figure));
      print(lines[lines.length - 1]);
    };
    if (only.includes("speed")) {
      const workload = `${folderOf("TEXMESH_BENCH", "bench")}/raster_workload.npz`;
      const missing = await measureSpeed({ benchmark, workload, rounds }, onFigure);
      if (missing) print(`DEODR was not measured: ${missing}`);
    }
    if (only.includes("benchmark")) await measureBenchmark(benchmark, workers, onFigure, callbacks);
    for (const category of only.filter((part) => part !== "speed" && part !== "benchmark")) {
      await measureRenders({ folder, category, mode, limit, workers }, onFigure, callbacks);
    }
    if (json) await writeJsonAtomic(json, figures);
    throwIfShort(lines);
  },
});

if (import.meta.main) await runCommand(evaluatePoses);
