import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { chunkWriter } from "../../lib/io/atomic_file.ts";
import { RowFile, type Rows } from "../../lib/io/row_file.ts";
import { readSafetensors, writeSafetensors } from "../../lib/io/safetensors.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

const SHAPE = { count: 600, length: 3 };
const row = (i: number) => Float32Array.of(i, 0.5, -i);
const rows = (...numbers: number[]): Rows => new Map(numbers.map((i) => [i, row(i)]));
const doneIn = (file: RowFile) => Array.from(file.done.keys()).filter((i) => file.done[i] === 1);

/** Runs with the path of a file that is not there yet. */
async function withPath(use: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(`${folder}/some.partial.safetensors`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("rows are added in place and are there when the file is opened again", () =>
  withPath(async (path) => {
    assertEquals(await RowFile.open(path), null);
    const made = await RowFile.create(path, SHAPE, { settings: "a" }, rows(299, 2));
    await made.write(rows(599, 0));
    made.close();
    const opened = (await RowFile.open(path))!;
    assertEquals([opened.shape, { ...opened.metadata }], [SHAPE, { settings: "a" }]);
    assertEquals(doneIn(opened), [0, 2, 299, 599]);
    for (const i of doneIn(opened)) assertEquals(opened.read(i), row(i));
    assertEquals(opened.read(1), new Float32Array(3));
    opened.close();
    const { arrays } = await readSafetensors(path); // whole at any moment, for every reader
    assertEquals([arrays.rows.shape, arrays.done.shape], [[600, 3], [600]]);
  }));

Deno.test("rows that did not come to the disk do not count as there", () =>
  withPath(async (path) => {
    const file = await RowFile.create(path, SHAPE, {}, rows(1));
    const { write } = chunkWriter;
    let room = 1;
    chunkWriter.write = async (target, chunk) => {
      if (room-- <= 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
      await write(target, chunk);
    };
    try {
      const { cause } = await assertRejectsWith(() => file.write(rows(4, 5)), UserError, path);
      assertEquals((cause as { code?: string }).code, "ENOSPC");
    } finally {
      chunkWriter.write = write;
      file.close();
    }
    const opened = (await RowFile.open(path))!;
    assertEquals(doneIn(opened), [1]);
    await opened.write(rows(4, 5));
    assertEquals(doneIn(opened), [1, 4, 5]);
    opened.close();
  }));

Deno.test("a truncated file and one of other content are refused by name", () =>
  withPath(async (path) => {
    (await RowFile.create(path, SHAPE, {}, rows(1))).close();
    await Deno.truncate(path, 5000);
    await assertRejectsWith(() => RowFile.open(path), UserError, path, "rows", 7200, 4864);
    await writeSafetensors(path, { rows: { data: new Float32Array(4), shape: [4] } });
    await assertRejectsWith(() => RowFile.open(path), UserError, path, '"rows"', '"done"');
  }));
