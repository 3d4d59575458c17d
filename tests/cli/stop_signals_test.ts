import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { SAME_REQUEST_MS } from "../../cli/stop_signals.ts";

const waiting = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Runs the program, sends signals after these pauses in ms, and tells how it ended. */
async function stopped(signals: readonly (readonly [pause: number, signal: Deno.Signal])[]) {
  const script = new URL("./stopped_program.ts", import.meta.url).pathname;
  const program = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--allow-read", "--allow-env", script],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const reader = program.stdout.getReader();
  assertStringIncludes(new TextDecoder().decode((await reader.read()).value), "busy");
  for (const [pause, signal] of signals) {
    await waiting(pause);
    program.kill(signal);
  }
  reader.releaseLock();
  await program.stdout.cancel();
  const errors = await new Response(program.stderr).text();
  return { errors, code: (await program.status).code };
}

Deno.test("Ctrl-C that arrives twice at once, as from a terminal through deno task, saves the state", async () => {
  const { errors, code } = await stopped([[0, "SIGINT"], [20, "SIGINT"]]);
  assertStringIncludes(errors, "The work was stopped.");
  assertEquals([code, errors.trim().split("\n").length], [130, 2]); // told once, and the end
});

Deno.test("a second request ends at once, and SIGTERM has its own code", async () => {
  const again = await stopped([[0, "SIGINT"], [SAME_REQUEST_MS + 200, "SIGINT"]]);
  assert(!again.errors.includes("The work was stopped."), again.errors);
  assertEquals(again.code, 130);
  assertEquals((await stopped([[0, "SIGTERM"]])).code, 143);
});
