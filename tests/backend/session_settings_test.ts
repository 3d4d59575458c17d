import { assertEquals } from "@std/assert";
import { bf16Message, configMessage } from "../../lib/backend/native/protobuf.ts";

/** Splits a message into its fields; texts stay bytes. */
function fieldsOf(message: Uint8Array): Map<number, number | Uint8Array> {
  const fields = new Map<number, number | Uint8Array>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0;; shift += 7) {
      const byte = message[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint(), field = Math.floor(tag / 8);
    if (tag % 8 === 0) {
      fields.set(field, varint());
      continue;
    }
    const length = varint();
    fields.set(field, message.slice(at, at + length));
    at += length;
  }
  return fields;
}

const text = (bytes: unknown) => new TextDecoder().decode(bytes as Uint8Array);

Deno.test("a context is told its threads, that GPU memory grows, and which GPUs it sees", () => {
  for (const [gpuIds, visible] of [[undefined, undefined], [[2, 3], "2,3"], [[], "-1"]] as const) {
    const config = fieldsOf(configMessage({ intraThreads: 3, interThreads: 200, gpuIds }));
    assertEquals([config.get(2), config.get(5)], [3, 200]);
    const gpu = fieldsOf(config.get(6) as Uint8Array);
    assertEquals(gpu.get(4), 1);
    assertEquals(gpu.has(5) ? text(gpu.get(5)) : undefined, visible);
  }
});

Deno.test("bf16 is asked for by its pass alone, without the remapper", () => {
  const graph = fieldsOf(fieldsOf(bf16Message()).get(10) as Uint8Array);
  assertEquals([...fieldsOf(graph.get(10) as Uint8Array)], [[14, 2], [31, 1]]);
});
