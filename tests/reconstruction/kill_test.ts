import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { slowTest } from "../helpers/slow_test.ts";

const PROGRAM = fromFileUrl(new URL("./train_toy.ts", import.meta.url));

/**
 * Starts the training as a process of its own: threads of TensorFlow belong to the process, and how many there are decides
 * about the last bits.
 */
function start(folder: string): Deno.ChildProcess {
  const args = ["run", "-A", "--no-check", PROGRAM, folder];
  return new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "null" }).spawn();
}

/** Kills the training after `iterations`, between two saves. */
async function killAfter(folder: string, iterations: number): Promise<void> {
  const child = start(folder);
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.split("\n").includes(`${iterations}`)) break;
  }
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
}

slowTest("a killed training resumes and ends bit for bit as one that was not killed", async () => {
  const root = await Deno.makeTempDir();
  try {
    const killed = join(root, "killed"), whole = join(root, "whole");
    await killAfter(killed, 5);
    const { state } = await loadCheckpoint(killed, "latest");
    const { iteration } = state as { iteration: number };
    assert(iteration >= 3 && iteration < 12 && iteration % 3 === 0, `${iteration}`);
    for (const folder of [killed, whole]) assert((await start(folder).output()).success, folder);
    const [a, b] = await Promise.all([whole, killed].map((folder) => loadCheckpoint(folder, "latest")));
    assertEquals(b.state, a.state);
    assertEquals(Object.keys(b.arrays), Object.keys(a.arrays));
    for (const name of Object.keys(a.arrays)) assertEquals(b.arrays[name], a.arrays[name], name);
    assertEquals([...Deno.readDirSync(killed)].filter(({ name }) => name.endsWith(".tmp")), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
