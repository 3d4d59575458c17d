import { assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { slowTest } from "../helpers/slow_test.ts";

slowTest(
  "two stages survive a sample of faults (deno task test:faults does 50 to every stage)",
  async () => {
    const root = fromFileUrl(new URL("../../", import.meta.url));
    const args = [
      "task",
      "test:faults",
      "--kills",
      "2",
      "--seed",
      "7",
      "--stages",
      "pose_step1,train_gan",
    ];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args, cwd: root }).output();
    const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    assertEquals(code, 0, decode(stderr).slice(-3000));
    assertStringIncludes(decode(stdout), "train_gan: faults survived of 2");
  },
);
