import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";

interface Task {
  readonly description?: string;
  readonly command?: string;
  readonly dependencies?: readonly string[];
}

const { tasks } = JSON.parse(
  Deno.readTextFileSync(fromFileUrl(new URL("../../deno.json", import.meta.url))),
) as { tasks: Record<string, Task> };

/** Tasks that may use the network, and only this machine's own. */
const MAY_SERVE = ["view", "test:viewer"];

/** Tasks that may start other programs. */
const MAY_RUN = [
  ...[
    "setup",
    "setup:optional",
    "demo",
    "doctor",
    "test:first",
    "test:second",
    "test:slow:whole",
    "test:slow:rest",
    "test:wasm",
    "test:tfjs",
  ],
  ...["test:viewer", "test:notebooks", "test:faults"],
  ...["bench:render", "bench:reconstruction", "bench:train", "evaluate_poses"], // Python, for the peer
  "notebook", // Python, for JupyterLab
  ...["reconstruct", "train_gan", "bench:scale"], // mpiexec, for one process a GPU
];

/** Folders that the stages may write to. */
const OWN_FOLDERS = "cache,output,checkpoints_recon,checkpoints_gan,tensorboard_recon,tensorboard_gan";

Deno.test("every task has a description", () => {
  for (const [name, { description, command, dependencies }] of Object.entries(tasks)) {
    assert(description && description.length > 8, name);
    assert(command ?? dependencies, name);
  }
});

Deno.test("no task has all permissions or the network, and few may start programs", () => {
  for (const [name, { command = "" }] of Object.entries(tasks)) {
    const words = command.split(/\s+/);
    for (const word of words) {
      assert(!["-A", "--allow-all", "-P"].includes(word), `${name}: ${word}`);
      const isOwnMachine = MAY_SERVE.includes(name) && word === "--allow-net=127.0.0.1";
      assert(isOwnMachine || !/^(--allow-net|-N)/.test(word), `${name}: ${word}`);
      if (/^--allow-run/.test(word)) {
        assert(MAY_RUN.includes(name), `${name} may not start programs`);
        // tests start programs that they make themselves; bench:train starts any Python that --python names
        const startsAny = name.startsWith("test") || name === "bench:train";
        assert(startsAny || /^--allow-run=\S+/.test(word), `${name} must name the programs it starts`);
      }
    }
  }
});

Deno.test("the stages write to the project's own folders only", () => {
  const stages = [
    ...["demo", "pipeline", "pose_step1", "pose_step2", "reconstruct", "generate_pseudogt"],
    ...["train_gan", "evaluate", "export", "setup"],
  ];
  for (const name of stages) {
    const writes = tasks[name].command!.split(" ").filter((word) => word.startsWith("--allow-write"));
    assertEquals(writes, [`--allow-write=${OWN_FOLDERS}`], name);
  }
  for (const [name, folders] of [["refine", "cache"], ["export_reconstructions", "cache,output"]]) {
    assert(tasks[name].command!.includes(` --allow-write=${folders} `), name);
  }
});

Deno.test("every script of a task has its name and is there", () => {
  for (const [name, { command = "" }] of Object.entries(tasks)) {
    const script = /(?:scripts|bench)\/\S+\.ts/.exec(command)?.[0];
    if (script) assert(Deno.statSync(new URL(`../../${script}`, import.meta.url)).isFile, name);
  }
});
