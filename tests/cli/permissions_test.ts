import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));

/** Tasks that may write anywhere: they write the original's files to a folder of the user's choice. */
const WRITES_ANYWHERE = ["import_original"];

const { tasks } = JSON.parse(await Deno.readTextFile(join(ROOT, "deno.json"))) as {
  tasks: Record<string, { command?: string }>;
};

/** What a script in a task's place is refused; run with the task's own permissions. */
const PROBE = `
const tried = {
  network: () => fetch("http://192.0.2.1/"),
  listening: () => Deno.listen({ hostname: "0.0.0.0", port: 0 }).close(),
  program: () => new Deno.Command("/bin/sh", { args: ["-c", "true"] }).output(),
  writing: () => Deno.writeTextFile(Deno.args[0], "x"),
  leaving: () => Deno.writeTextFile("output/../escaped.txt", "x"),
  source: () => Deno.writeTextFile("lib/escaped.ts", "x"),
};
for (const [name, attempt] of Object.entries(tried)) {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) console.log(name);
  }
}
`;

/** What the probe is refused with these permissions. */
async function refusals(permissions: readonly string[]): Promise<string[]> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(join(folder, "probe.ts"), PROBE);
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-config",
        ...permissions,
        "probe.ts",
        join(folder, "..", "outside.txt"),
      ],
      cwd: folder,
      stderr: "null",
    }).output();
    return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "");
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("no task reaches the network, starts programs or writes outside of its folders", async (t) => {
  const sets = new Map<string, string[]>();
  for (const [name, { command = "" }] of Object.entries(tasks)) {
    if (!/deno run .*scripts\//.test(command)) continue; // tests and benches make files and programs of their own
    const permissions = command.split(/\s+/).filter((word) => word.startsWith("--allow-"));
    const key = permissions.join(" ");
    sets.set(key, [...sets.get(key) ?? [], name]);
  }
  for (const [key, names] of sets) {
    await t.step(names.join(", "), async () => {
      const refused = await refusals(key.split(" "));
      const inProject = key.includes("--allow-write=."); // figures of a measurement may go anywhere in the project
      const wanted = ["network", "listening", "program"];
      if (!names.some((name) => WRITES_ANYWHERE.includes(name))) {
        wanted.push("writing", ...inProject ? [] : ["leaving", "source"]);
      }
      const unwanted = wanted.filter((attempt) => !refused.includes(attempt));
      assertEquals(unwanted, [], `may do what it should not: ${unwanted}`);
    });
  }
});

Deno.test("every task that drives the native library may start threads that work on its memory", async () => {
  const program = join(ROOT, "tests/backend/threads/team_program.ts");
  const sets = new Set(
    Object.values(tasks).map(({ command = "" }) =>
      command.split(/\s+/).filter((word) => word.startsWith("--allow-")).join(" ")
    ).filter((permissions) => /--allow-ffi( |$)/.test(permissions)),
  );
  for (const permissions of sets) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--no-prompt", "--no-check", ...permissions.split(" "), program],
      cwd: ROOT,
      stderr: "null",
    }).output();
    assertEquals(new TextDecoder().decode(stdout).split(":")[0], "3 threads", permissions);
  }
});
