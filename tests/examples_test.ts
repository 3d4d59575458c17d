import { assertFacts } from "./helpers/assert_facts.ts";
import { bundleForBrowser } from "./helpers/bundle_for_browser.ts";
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { floatImage } from "../lib/core/arrays.ts";
import { readImage } from "../lib/io/image_file.ts";
import { readTexturedMesh, writeTexturedMesh } from "../lib/io/mod.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import { slowTest } from "./helpers/slow_test.ts";
import { inProject } from "./helpers/temporary_folder.ts";

const MODULE = new URL("../mod.ts", import.meta.url);

slowTest("the examples of mod.ts are type-checked and run", () =>
  inProject(async () => {
    const text = await Deno.readTextFile(MODULE);
    const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) =>
      code.replaceAll(/^ \* ?/gm, "").replaceAll('"@texmesh/texmesh"', JSON.stringify(MODULE.href))
    );
    assertEquals(examples.length, 2);
    for (const [i, example] of examples.entries()) await Deno.writeTextFile(`example_${i}.ts`, example);
    await Deno.writeTextFile("all.ts", examples.map((_, i) => `import "./example_${i}.ts";\n`).join(""));
    const config = fromFileUrl(new URL("../deno.json", import.meta.url));
    const permissions = ["read", "env", "sys", "ffi", "write=cache,output"].map((name) => `--allow-${name}`);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "--config", config, ...permissions, "all.ts"],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    assertEquals(decoder.decode(stdout), "256 4\n4 photographs have a pose\n");
    assertEquals((await Deno.stat("output/bird.glb")).isFile, true);
  }));

const EXAMPLES = new URL("../examples/", import.meta.url);

/** Runs an example in the current folder, and returns what it prints. */
async function runExample(name: string, ...args: string[]): Promise<string> {
  const config = fromFileUrl(new URL("../deno.json", import.meta.url));
  const permissions = ["read", "env", "sys", "ffi", "write=."].map((permission) => `--allow-${permission}`);
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--config", config, ...permissions, new URL(name, EXAMPLES).href, ...args],
    env: { NO_COLOR: "1" },
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** Fails unless an image shows something. */
async function checkImage(path: string): Promise<void> {
  const { data } = await readImage(path);
  assert(new Set(data).size > 1, `${path} is blank`);
}

/** The number behind a text. */
const numberAfter = (output: string, text: string) => Number(output.split(text)[1]?.match(/[0-9.]+/)?.[0]);

/** What each file of examples/ is run with, and how its output is judged. */
const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  "triangle.ts": async () => {
    assertEquals(await runExample("triangle.ts"), "11259 pixels\n");
    await checkImage("triangle.png");
  },
  "fit_camera.ts": async () => {
    const output = await runExample("fit_camera.ts");
    assert(numberAfter(output, "IoU ") > 0.95, output);
    await checkImage("fit_camera.png");
  },
  "fit_mesh.ts": async () => {
    const output = await runExample("fit_mesh.ts");
    assert(numberAfter(output, "before, ") > 0.96, output);
    await checkImage("fit_mesh.png");
    assert((await Deno.stat("fit_mesh.glb")).isFile);
  },
  "pose_loss.ts": async () => {
    const output = await runExample("pose_loss.ts");
    assert(numberAfter(output, "own loss: IoU ") > 0.8, output);
    await checkImage("pose_loss.png");
  },
  "reconstruction_objective.ts": async () => {
    assertFacts(await runExample("reconstruction_objective.ts", "1"), "1 epochs", "8 photographs");
    await checkImage("reconstruction_objective.png");
  },
  "own_generator.ts": async () => {
    const output = await runExample("own_generator.ts", "1");
    assert(output.endsWith("4 steps of a generator with 24576 parameters\n"), output);
    await checkImage("own_generator.png");
  },
  // tests/viewer/live_browser_test.ts watches it in a browser
  "live.ts": async () => {
    await bundleForBrowser("examples/live.ts", `${Deno.cwd()}/live.js`);
    assert(!/Deno\b/.test(await Deno.readTextFile("live.js")));
  },
  "fit_texture.ts": async () => {
    const texture = floatImage(24, 48, 3);
    texture.data.forEach((_, i) => texture.data[i] = 0.5 + 0.4 * Math.sin(i * i));
    const mesh = sphereTopology();
    await writeTexturedMesh(
      "sphere.glb",
      { ...mesh, vertices: mesh.vertices.map((x) => 30 * x + 5) },
      texture,
    );
    const output = await runExample("fit_texture.ts", "sphere.glb");
    assert(numberAfter(output, "PSNR on held-out views: ") >= 28, output);
    await checkImage("fit_texture.png");
    assertEquals((await readTexturedMesh("fit_texture.glb")).mesh.faces.length, mesh.faces.length);
  },
};

const NAMES = Array.from(Deno.readDirSync(EXAMPLES), ({ name }) => name);

Deno.test("each example has at most 40 lines, and is run with the slow tests", async () => {
  assertEquals(NAMES.sort(), Object.keys(RUNS).sort());
  for (const name of NAMES) {
    const text = await Deno.readTextFile(new URL(name, EXAMPLES));
    assert(text.trimEnd().split("\n").length <= 40, name);
  }
});

for (const name of NAMES) slowTest(`examples/${name} does what it says`, () => inProject(RUNS[name]));
