import { assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { UserError } from "../../lib/core/errors.ts";
import { crc32c, maskedCrc32c } from "../../lib/io/crc32c.ts";
import { EventWriter } from "../../lib/io/event_file.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

type Field = number | Uint8Array;

/** Fields of a message by number; texts and messages as bytes, fixed-size numbers as bytes too. */
function parseMessage(bytes: Uint8Array): Map<number, Field[]> {
  const fields = new Map<number, Field[]>();
  let place = 0;
  const varint = () => {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = bytes[place++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (place < bytes.length) {
    const key = varint();
    const kind = key & 7;
    const length = kind === 1 ? 8 : kind === 5 ? 4 : varint();
    const value = kind === 0 ? length : bytes.slice(place, place += length);
    fields.set(key >> 3, [...fields.get(key >> 3) ?? [], value]);
  }
  return fields;
}

function readEvents(path: string): Map<number, Field[]>[] {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const events = [];
  for (let place = 0; place < bytes.length;) {
    const length = Number(view.getBigUint64(place, true));
    assertEquals(view.getUint32(place + 8, true), maskedCrc32c(bytes.subarray(place, place + 8)));
    const content = bytes.slice(place + 12, place + 12 + length);
    assertEquals(view.getUint32(place + 12 + length, true), maskedCrc32c(content));
    events.push(parseMessage(content));
    place += 16 + length;
  }
  return events;
}

const bytesOf = (field: Field) => field as Uint8Array<ArrayBuffer>;
const textOf = (field: Field) => new TextDecoder().decode(bytesOf(field));

Deno.test("CRC-32C of the standard check text and of zeros", () => {
  assertEquals(crc32c(new TextEncoder().encode("123456789")), 0xe3069283);
  assertEquals(crc32c(new Uint8Array(32)), 0x8a9136aa);
  assertEquals(crc32c(new Uint8Array(0)), 0);
});

Deno.test("scalars and images are read back", async () => {
  const folder = await Deno.makeTempDir();
  const writer = new EventWriter(join(folder, "run"), { now: () => 1234.5, startStep: 7 });
  writer.writeScalars(300, { "loss/total": 0.25, iou: NaN });
  const data = new Float32Array([0, 1, 1, 0, 0, 0]);
  await writer.writeImage(2 ** 40, "grid", { data, height: 1, width: 2, channels: 3 });
  writer[Symbol.dispose]();
  using second = new EventWriter(join(folder, "run"), { now: () => 1234.5 });
  assertEquals(second.path === writer.path, false);

  const [version, start, scalars, imageEvent] = readEvents(writer.path);
  assertEquals(textOf(version.get(3)![0]), "brain.Event:2");
  assertEquals([start.get(2), parseMessage(bytesOf(start.get(7)![0])).get(1)], [[7], [1]]);
  assertEquals(new Float64Array(bytesOf(scalars.get(1)![0]).buffer)[0], 1234.5);
  assertEquals(scalars.get(2), [300]);
  const values = parseMessage(bytesOf(scalars.get(5)![0])).get(1)!.map((value) =>
    parseMessage(bytesOf(value))
  );
  assertEquals(values.map((value) => textOf(value.get(1)![0])), ["loss/total", "iou"]);
  assertEquals(values.map((value) => new Float32Array(bytesOf(value.get(2)![0]).buffer)[0]), [0.25, NaN]);

  assertEquals(imageEvent.get(2), [2 ** 40]);
  const value = parseMessage(bytesOf(parseMessage(bytesOf(imageEvent.get(5)![0])).get(1)![0]));
  assertEquals(textOf(value.get(1)![0]), "grid");
  const image = parseMessage(bytesOf(value.get(4)![0]));
  assertEquals([image.get(1), image.get(2), image.get(3)], [[1], [2], [3]]);
  const pixels = await sharp(bytesOf(image.get(4)![0])).raw().toBuffer();
  assertEquals([...pixels], [0, 255, 255, 0, 0, 0]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a folder that cannot be made and a step that is none are refused", async () => {
  const file = await Deno.makeTempFile();
  assertThrowsWith(() => new EventWriter(join(file, "run")), UserError, file);
  const folder = await Deno.makeTempDir();
  using writer = new EventWriter(folder);
  assertThrowsWith(() => writer.writeScalars(-1, {}), RangeError, -1);
  const image = { data: new Float32Array(2), height: 1, width: 1, channels: 2 };
  await assertRejects(() => writer.writeImage(1, "x", image), TypeError);
  await Deno.remove(file);
  await Deno.remove(folder, { recursive: true });
});
