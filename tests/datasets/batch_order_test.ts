import { assert, assertEquals } from "@std/assert";
import { BatchOrder } from "../../lib/datasets/batch_order.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("with balance every class is drawn equally often, whatever its size", () => {
  const classes = [...Array(90).fill(0), ...Array(9).fill(1), ...Array(1).fill(2)];
  const order = new BatchOrder(classes.length, { batch: 10, seed: 3, balance: classes });
  const counts = [0, 0, 0], draws = 3000;
  for (let i = 0; i < draws / 10; i++) {
    for (const index of order.batch(Math.floor(i / 10), i % 10)) counts[classes[index]]++;
  }
  const deviation = Math.sqrt(draws * (1 / 3) * (2 / 3));
  for (const count of counts) assert(Math.abs(count - draws / 3) < 3 * deviation, `${counts}`);
});

Deno.test("balance needs a class for each sample", () => {
  assertThrowsWith(
    () => new BatchOrder(3, { batch: 1, seed: 1, balance: [0, 1] }),
    TypeError,
    3,
    "2 classes",
  );
  const plain = new BatchOrder(5, { batch: 2, seed: 1 });
  const first = [...plain.batch(0, 0), ...plain.batch(0, 1)];
  assertEquals(new Set(first).size, 4); // without balance no sample comes twice in an epoch
});
