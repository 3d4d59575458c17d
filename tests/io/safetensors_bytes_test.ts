import { assertEquals } from "@std/assert";
import { Buffer } from "node:buffer";
import { UserError } from "../../lib/core/errors.ts";
import { parseSafetensors } from "../../lib/io/safetensors_bytes.ts";
import { readSafetensors, writeSafetensors } from "../../lib/io/safetensors.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("parseSafetensors gives what readSafetensors gives, and refuses bytes cut anywhere", async () => {
  const path = await Deno.makeTempFile({ suffix: ".safetensors" });
  const arrays = {
    a: { data: new Float32Array([1.5, -2, 1e-3]), shape: [3, 1] },
    b: { data: new Uint8Array([1, 2]), shape: [2] },
    half: { data: new Float32Array([0.1, 7]), shape: [2] },
  };
  await writeSafetensors(path, arrays, { note: "x" }, { half: ["half"] });
  const bytes = await Deno.readFile(path);
  const padded = new Uint8Array(bytes.length + 3);
  padded.set(bytes, 3); // not at the start of its buffer
  assertEquals(parseSafetensors(padded.subarray(3), path), await readSafetensors(path));
  assertEquals(parseSafetensors(Buffer.from(bytes), path), await readSafetensors(path)); // as Node reads files
  for (let length = 0; length < bytes.length; length++) {
    assertThrowsWith(
      () => parseSafetensors(bytes.subarray(0, length), "the weights"),
      UserError,
      "the weights",
    );
  }
  await Deno.remove(path);
});
