import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { assertFacts } from "../helpers/assert_facts.ts";
import { browserTest, stopBrowser, withPage } from "./_browser.ts";
import { encodeGlb } from "../../lib/io/glb.ts";
import { floatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const NAME = `viewer_test_${Deno.pid}`;

/** The command of a task, with its own permissions, and more arguments. */
function taskCommand(task: string, more: readonly string[]): Deno.Command {
  const { tasks } = JSON.parse(Deno.readTextFileSync(`${ROOT}/deno.json`));
  const [program, ...args] = tasks[task].command.split(" ");
  assertEquals(program, "deno");
  return new Deno.Command(Deno.execPath(), {
    args: [...args, ...more],
    cwd: ROOT,
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  });
}

/** Reads a stream until a text matches. */
async function readUntil(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<RegExpExecArray> {
  const reader = stream.getReader(), decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The program ended after: ${text}`);
    text += decoder.decode(value, { stream: true });
    const found = pattern.exec(text);
    if (found) {
      reader.releaseLock();
      return found;
    }
  }
}

browserTest("deno task view serves a run with the permissions that it has, and ends when asked", async () => {
  const output = `${ROOT}/output/${NAME}`;
  try {
    const mesh = await encodeGlb(sphereTopology(), floatImage(4, 4, 3));
    await Deno.mkdir(output, { recursive: true });
    await Deno.writeFile(`${output}/mesh_0.glb`, mesh);
    const outside = taskCommand("view", ["--name", NAME, "--export", "/nowhere/site"]);
    const refused = await outside.output();
    assertEquals(refused.code, 1);
    assertFacts(new TextDecoder().decode(refused.stderr), "/nowhere/site");

    const server = taskCommand("view", ["--name", NAME, "--port", "0"]).spawn();
    const [, address] = await readUntil(server.stdout, /Open (http:\/\/127\.0\.0\.1:\d+\/) /);
    await withPage(address, {}, async (page) => {
      await page.waitForFunction(() => document.querySelector("#title")?.textContent === "Sample 0");
      await page.click("#tab-generator");
      assert(await page.isVisible("#no-generator"));
    });
    server.kill("SIGINT");
    await server.stdout.cancel();
    await server.stderr.cancel();
    const { code } = await server.status;
    assertEquals(code, 0);
  } finally {
    await Deno.remove(output, { recursive: true });
  }
});

Deno.test.afterAll(stopBrowser);
