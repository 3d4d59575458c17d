import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { truncatedLatent } from "../../lib/gan/latent.ts";
import { interpolateLatents } from "../../lib/gan/interpolate_latents.ts";
import { pageNames, readPage } from "../../viewer/server/pages.ts";
import { latentAt } from "../../viewer/latent_path.ts";
import { PaintedMask } from "../../viewer/painted_mask.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

const lengthOf = (code: Float32Array) => Math.hypot(...code);

Deno.test("at integers a latent interpolation through the samples has the codes of the export", () => {
  const source = { seed: 7, truncation: 0.8, length: 16 };
  for (const index of [0, 1, 5]) assertEquals(latentAt(source, index), truncatedLatent(7, index, 16, 0.8));
  const [from, to] = [latentAt(source, 2), latentAt(source, 3)];
  assertEquals(latentAt(source, 2.25), interpolateLatents(from, to, 0.25));
  assert(latentAt(source, 2.999).every((value, i) => Math.abs(value - to[i]) < 0.01));
});

Deno.test("between two codes the length changes evenly, and the angle too", () => {
  const from = Float32Array.of(3, 0, 0), to = Float32Array.of(0, 5, 0);
  const middle = interpolateLatents(from, to, 0.5);
  assertAlmostEquals(lengthOf(middle), 4, 1e-5);
  assertAlmostEquals(middle[0], middle[1], 1e-5);
  assertEquals(interpolateLatents(from, from, 0.3), from);
});

Deno.test("a stroke paints all pixels whose centres lie under the brush, and no others", () => {
  const mask = new PaintedMask(20, 30);
  mask.startStroke();
  mask.paint([5, 10], [20, 10], 3, 1);
  mask.endStroke();
  mask.values.forEach((value, i) => {
    const x = i % 30 + 0.5, y = Math.floor(i / 30) + 0.5;
    const distance = Math.hypot(x - Math.min(20, Math.max(5, x)), y - 10);
    assertEquals(value, distance <= 3 ? 1 : 0, `${x}, ${y}`);
  });
  assertAlmostEquals(mask.share, mask.values.filter(Boolean).length / 600, 1e-12);
});

Deno.test("strokes are undone and done again in their order; a new stroke forgets what was undone", () => {
  const mask = new PaintedMask(12, 12), states = [mask.values.slice()];
  for (const [x, value] of [[3, 1], [6, 1], [4, 0]] as const) {
    mask.startStroke();
    mask.paint([x, 5], [x, 5], 2.5, value);
    mask.paint([x, 5], [x, 9], 2.5, value);
    mask.endStroke();
    states.push(mask.values.slice());
  }
  mask.replace(mask.values.map((value) => 1 - value));
  states.push(mask.values.slice());
  for (let i = states.length - 1; i > 0; i--) {
    assertEquals(mask.values, states[i]);
    assert(mask.undo() !== null);
  }
  assertEquals([mask.values, mask.canUndo, mask.undo()], [states[0], false, null]);
  for (const state of states.slice(1)) {
    assert(mask.redo() !== null);
    assertEquals(mask.values, state);
  }
  assertEquals(mask.redo(), null);
  mask.undo();
  mask.startStroke();
  mask.paint([-50, -50], [-49, -50], 2, 1); // wholly outside
  mask.endStroke();
  assertEquals([mask.values, mask.canRedo], [states.at(-2), false]);
  assertThrowsWith(() => new PaintedMask(2, 2, new Uint8Array(3)), TypeError, "3 values");
});

Deno.test("each page says why it shows nothing where its program does not start, and only there", async () => {
  for (const page of (await pageNames()).filter((name) => name.endsWith(".html"))) {
    const html = new TextDecoder().decode(await readPage(page));
    assertEquals(html.match(/<!-- part|aria-current="page"/g), ['aria-current="page"'], page);
    assert(/id="needs-host"[^]*opened as a file[^]*deno task view/.test(html), page);
    const program = /<script type="module" src="(\w+).js">/.exec(html)![1];
    assert(/^tellStarted\(\);$/m.test(await Deno.readTextFile(`viewer/${program}.ts`)), program);
  }
});
