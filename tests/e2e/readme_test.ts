import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { nameBareArguments } from "../../cli/bare_argument.ts";
import type { Command } from "../../cli/command.ts";
import { parseFlags } from "../../cli/parse_flags.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inWorkplace } from "./_workplace.ts";

const pageOf = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));
const README = `${await pageOf("README.md")}\n${await pageOf("docs/how_to/stage_by_stage.md")}`;
const { tasks } = JSON.parse(await Deno.readTextFile(new URL("../../deno.json", import.meta.url))) as {
  tasks: Record<string, { command: string }>;
};

/** A command line of the README. */
interface Line {
  readonly task: string;
  readonly args: readonly string[];
}

/** Command lines of the shell blocks below a heading, or of all. */
function linesBelow(heading = ""): Line[] {
  const text = heading === "" ? README : README.split(`\n## ${heading}\n`)[1].split("\n## ")[0];
  const blocks = [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, block]) => block);
  return blocks.join("\n").split("\n").flatMap((line) => {
    const words = /^npx -y deno@2 task (.*?)\s*(#.*)?$/.exec(line)?.[1].split(/\s+/);
    return words ? [{ task: words[0], args: words.slice(1) }] : [];
  });
}

function scriptOf(task: string): string | null {
  return /scripts\/\S+\.ts/.exec(tasks[task]?.command ?? "")?.[0] ?? null;
}

Deno.test("every command of the README is a task that understands its flags", async () => {
  const lines = linesBelow();
  assert(lines.length >= 15, `only ${lines.length} commands were found`);
  for (const { task, args } of lines) {
    assert(task in tasks, `${task} is no task`);
    const script = scriptOf(task);
    if (script === null || args.length === 0) continue;
    const module = await import(new URL(`../../${script}`, import.meta.url).href) as Record<string, unknown>;
    const command = Object.values(module).find((value) => (value as Command)?.name === task) as Command;
    const { flags, bare } = command;
    parseFlags(bare === undefined ? args : nameBareArguments(args, flags, bare), flags);
  }
});

/** What makes each stage small, in place of the README's values. */
const SMALL: Readonly<Record<string, string>> = {
  pose_step1: "--image_resolution 64 --camera_optim_steps 10 --camera_lr_decay_after 8 --num_workers 1",
  pose_step2: "--image_resolution 64 --num_workers 1",
  reconstruct: "--preset demo --iters 4 --batch_size 2 --threads 1",
  generate_pseudogt: "--num_workers 1",
  train_gan: "--preset demo --iters 4 --batch_size 2 --threads 1",
  evaluate: "--feature_network random_features",
  export: "--how_many 2",
};

/** Words of a command line with other values of some flags. */
function withFlags(args: readonly string[], flags: readonly string[]): string[] {
  const names = flags.filter((word) => word.startsWith("--"));
  return [...args.filter((arg, i) => !names.includes(arg) && !names.includes(args[i - 1])), ...flags];
}

slowTest(
  "the README's stages lead from photographs to meshes, one command after another",
  () =>
    inWorkplace(async (workplace) => {
      await makeSynthetic("photos", { category: "bird", count: 6, seed: 3, resolution: 96 });
      const lines = linesBelow("Stage by stage").filter(({ task }) => scriptOf(task) && task !== "view");
      assertEquals(lines.map(({ task }) => task).filter((task) => task in SMALL), Object.keys(SMALL));
      for (const { task, args } of lines) {
        const hasBackend = task in SMALL && task !== "pose_step1" && task !== "pose_step2";
        const all = [
          ...withFlags(
            args.map((arg) => arg === "DIR" ? "photos" : arg),
            SMALL[task]?.split(" ") ?? [],
          ),
          ...hasBackend ? ["--backend", workplace.backend] : [],
        ];
        const script = fromFileUrl(new URL(`../../${scriptOf(task)}`, import.meta.url));
        const { code, messages } = await workplace.start(`../../${scriptOf(task)}`, task, all);
        assertEquals(code, 0, `${script} ${all.join(" ")}: ${messages}`);
      }
      const glb = [...Deno.readDirSync("output/my_birds")].filter(({ name }) => /^mesh_\d+\.glb$/.test(name));
      assertEquals(glb.length, 2);
      assertStringIncludes(await Deno.readTextFile("output/my_birds/curves.html"), "</html>");
    }),
);
