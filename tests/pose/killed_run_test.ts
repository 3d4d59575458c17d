import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { slowTest } from "../helpers/slow_test.ts";
import { hypothesesFile, posesFile } from "../../lib/core/paths.ts";
import { partialFileOf } from "../../lib/pose/files.ts";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("./killed_run.ts", import.meta.url));

function start(folder: string): Deno.ChildProcess {
  const args = [
    "run",
    "--no-check",
    "--quiet",
    "--config",
    CONFIG,
    "--allow-read",
    "--allow-env",
    "--allow-sys",
  ];
  return new Deno.Command(Deno.execPath(), {
    args: [...args, `--allow-write=${folder}`, PROGRAM, folder],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

async function waitForFile(path: string): Promise<void> {
  for (let k = 0; k < 6000; k++) {
    if (await Deno.stat(path).then(() => true, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`${path} did not appear`);
}

/** Kills a run when a file appears, and gives what it had said. */
async function killAt(file: string, folder: string): Promise<string> {
  const victim = start(folder);
  await waitForFile(`${folder}/${file}`);
  victim.kill("SIGKILL");
  const { signal, stdout } = await victim.output();
  assertEquals(signal, "SIGKILL", file);
  return new TextDecoder().decode(stdout);
}

slowTest("kill -9 in both steps and a restart give the same files to the byte", async () => {
  const folders = [await Deno.makeTempDir(), await Deno.makeTempDir()];
  const [whole, killed] = folders;
  try {
    assert((await start(whole).output()).success);
    const first = await killAt(partialFileOf(hypothesesFile("boats", "singletpl")), killed);
    assert(!first.includes("Resumes"));
    assert(!await Deno.stat(`${killed}/${posesFile("boats", "singletpl")}`).then(() => true, () => false));
    const second = await killAt(hypothesesFile("boats", "singletpl"), killed); // step 2 has begun
    assertStringIncludes(second, "Resumes after");
    const third = await start(killed).output();
    assert(third.success, new TextDecoder().decode(third.stderr));
    for (const file of [hypothesesFile("boats", "singletpl"), posesFile("boats", "singletpl")]) {
      assertEquals(await Deno.readFile(`${killed}/${file}`), await Deno.readFile(`${whole}/${file}`), file);
    }
  } finally {
    for (const folder of folders) await Deno.remove(folder, { recursive: true });
  }
});
