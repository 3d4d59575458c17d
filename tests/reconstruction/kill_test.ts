import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { loadCheckpoint } from "../../lib/training/checkpoint.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { trainToy } from "./train_toy.ts";

const PROGRAM = fromFileUrl(new URL("./train_toy.ts", import.meta.url));

/** Starts the training as a process and kills it after `iterations`, between two saves. */
async function killAfter(folder: string, iterations: number): Promise<void> {
  const args = ["run", "-A", "--no-check", PROGRAM, folder];
  const child = new Deno.Command(Deno.execPath(), { args, stdout: "piped", stderr: "null" }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.split("\n").includes(`${iterations}`)) break;
  }
  child.kill("SIGKILL");
  assertEquals((await child.status).signal, "SIGKILL");
}

slowTest("a killed training goes on and ends bit for bit as one that was not killed", async () => {
  const root = await Deno.makeTempDir();
  try {
    const killed = join(root, "killed"), whole = join(root, "whole");
    await killAfter(killed, 5);
    const { state } = await loadCheckpoint(killed, "latest");
    const { iteration } = state as { iteration: number };
    assert(iteration >= 3 && iteration < 12 && iteration % 3 === 0, `${iteration}`);
    await trainToy(killed);
    await trainToy(whole);
    const [a, b] = await Promise.all([whole, killed].map((folder) => loadCheckpoint(folder, "latest")));
    assertEquals(b.state, a.state);
    assertEquals(Object.keys(b.arrays), Object.keys(a.arrays));
    for (const name of Object.keys(a.arrays)) assertEquals(b.arrays[name], a.arrays[name], name);
    assertEquals([...Deno.readDirSync(killed)].filter(({ name }) => name.endsWith(".tmp")), []);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
