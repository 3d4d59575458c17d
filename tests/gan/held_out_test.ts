import { assert, assertEquals } from "@std/assert";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { type Tensor4D, tf } from "../../lib/core/tensor.ts";
import type { DiscriminatorInput } from "../../lib/gan/discriminators.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { discriminatorAccuracy, heldOutRows, takeRows } from "../../lib/gan/held_out.ts";
import { Parameters } from "../../lib/networks/parameters.ts";
import { toyDataset } from "./_dataset.ts";
import { inFolderOnWasm, runIn, trainIn } from "./_run.ts";

Deno.test("a tenth is held out from 200 objects on, 64 at most, none for the original's networks", () => {
  const small = resolveGanOptions({ preset: "small" });
  assertEquals([199, 200, 430, 5000].map((objects) => heldOutRows(small, objects).length), [0, 20, 43, 64]);
  const rows = heldOutRows(small, 430);
  assertEquals(rows, [...new Set(rows)].sort((a, b) => a - b));
  assert(rows[0] < 60 && rows.at(-1)! > 370, "spread over the data");
  assertEquals(heldOutRows(small, 430), rows);
  assertEquals(heldOutRows(resolveGanOptions({ preset: "paper" }), 430), []);
  assertEquals(heldOutRows(resolveGanOptions({ preset: "paper", heldOut: 0.5 }), 6).length, 3);
  assertEquals(heldOutRows(resolveGanOptions({ preset: "small", heldOut: 0 }), 430), []);
});

Deno.test("takeRows has samples and poses of its rows", async () => {
  const dataset = toyDataset(5, 64), taken = takeRows(dataset, [3, 1]);
  assertEquals([taken.length, taken.poses.ids], [2, [dataset.poses.ids[3], dataset.poses.ids[1]]]);
  assertEquals(await taken.sample(0), await dataset.sample(3));
  assertEquals([...taken.poses.rotation.slice(4)], [...dataset.poses.rotation.slice(4, 8)]);
});

Deno.test("discriminators that memorised their objects are more accurate on these than on others", async () => {
  await useBackend({ backend: "wasm" });
  const options = resolveGanOptions({ preset: "demo", textureResolution: 64 });
  const dataset = toyDataset(6, 64),
    training = takeRows(dataset, [0, 1, 2]),
    heldOut = takeRows(dataset, [3, 4, 5]);
  const known = (await Promise.all([0, 1, 2].map((row) => dataset.sample(row)))).map(({ texture }) =>
    tf.tensor4d(Float32Array.from(texture.data), [1, 64, 64, 3])
  );
  /** Scores 1 where a texture is one of those that are known, else 0. */
  const discriminate = ({ texture, alpha }: DiscriminatorInput) => {
    const nearest = known.map((other) => tf.max(tf.abs(tf.sub(texture, other)), [1, 2, 3]));
    const score = tf.cast(tf.less(tf.min(tf.stack(nearest), 0), 1e-3), "float32");
    return [{
      prediction: tf.mul(tf.reshape(score, [-1, 1, 1, 1]), tf.onesLike(alpha)) as Tensor4D,
      mask: alpha,
    }];
  };
  const model = new GanModel(ganNetworks(options, 1), 1, {
    makeDiscriminators: (_, prng) => ({ parameters: new Parameters(prng), discriminate, dispose: () => {} }),
  });
  const before = tf.memory().numTensors;
  assertEquals(await discriminatorAccuracy(model, training, heldOut, 1), { training: 1, heldOut: 0.5 });
  assertEquals(tf.memory().numTensors, before);
  tf.dispose(known);
  model.dispose();
});

Deno.test("what is held out is told, not learned from, and watched", () =>
  inFolderOnWasm(async (folder) => {
    const dataset = toyDataset(6, 64), read = new Set<number>(), messages: string[] = [];
    const scalars: Record<string, number> = {};
    let held: readonly string[] = [], isLearning = true;
    await trainIn(
      { ...dataset, sample: (index) => (isLearning && read.add(index), dataset.sample(index)) },
      runIn(folder),
      { preset: "demo", textureResolution: 64, batchSize: 2, epochs: 1, heldOut: 0.34 },
      {
        onMessage: (message) => messages.push(message),
        onScalars: (_, values) => Object.assign(scalars, values),
        onEvaluate: ({ heldOut }) => {
          [held, isLearning] = [heldOut, false];
          return Promise.resolve({ distance: 1 });
        },
      },
    );
    assertEquals(
      messages[0],
      "2 of 6 photographs are held out of the training ('heldOut'), to see over-fitting.",
    );
    const rows = held.map((id) => dataset.poses.ids.indexOf(id));
    assertEquals(rows.length, 2);
    assertEquals(rows.filter((row) => read.has(row)), []);
    assert(read.size > 0, "others were read");
    for (const name of ["accuracy/training", "accuracy/held_out"]) {
      assert(scalars[name] >= 0 && scalars[name] <= 1, `${name} ${scalars[name]}`);
    }
  }));
