import { resolveCommand } from "../../cli/command.ts";
import { type ParsedFlags, parseFlags } from "../../cli/parse_flags.ts";
import { demo } from "../../scripts/demo.ts";
import { evaluate } from "../../scripts/evaluate.ts";
import { exportSample } from "../../scripts/export.ts";
import { exportReconstructions } from "../../scripts/export_reconstructions.ts";
import { generatePseudogt } from "../../scripts/generate_pseudogt.ts";
import { pipeline } from "../../scripts/pipeline.ts";
import { poseStep1 } from "../../scripts/pose_step1.ts";
import { poseStep2 } from "../../scripts/pose_step2.ts";
import { reconstruct } from "../../scripts/reconstruct.ts";
import { refine } from "../../scripts/refine.ts";
import { trainGan } from "../../scripts/train_gan.ts";

const all = [
  demo,
  evaluate,
  exportReconstructions,
  exportSample,
  generatePseudogt,
  pipeline,
  poseStep1,
  poseStep2,
  reconstruct,
  refine,
  trainGan,
];

/** The commands by the names of their tasks. */
export const COMMANDS = Object.fromEntries(all.map((command) => [command.name, command]));

/** Parses a line of flags as its task would, after handing on. */
export async function parseLine(
  task: string,
  line: string,
): Promise<ParsedFlags & { task: string }> {
  const args = line.split(" ").filter((word) => word !== "");
  const { command, args: rest } = await resolveCommand(COMMANDS[task], args);
  return { task: command.name, ...parseFlags(rest, command.flags) };
}
