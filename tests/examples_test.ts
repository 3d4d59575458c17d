import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { floatImage } from "../lib/core/arrays.ts";
import { writeObj } from "../lib/io/obj.ts";
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

/** What each file of examples/ is run with, and how its output is judged. */
const RUNS: Readonly<Record<string, () => Promise<void>>> = {
  "fit_texture.ts": async () => {
    const texture = floatImage(24, 48, 3);
    texture.data.forEach((_, i) => texture.data[i] = 0.5 + 0.4 * Math.sin(i * i));
    const mesh = sphereTopology();
    await writeObj("sphere.obj", { ...mesh, vertices: mesh.vertices.map((value) => 0.8 * value) }, texture);
    const output = await runExample("fit_texture.ts", "sphere.obj", "sphere.png");
    const decibels = Number(output.match(/PSNR on held-out views: ([0-9.]+) dB/)?.[1]);
    assert(decibels >= 28, output);
    assert((await Deno.stat("fitted_texture.png")).isFile);
  },
};

for (const { name } of Deno.readDirSync(EXAMPLES)) {
  Deno.test(`examples/${name} has at most 40 lines and does what it says`, () =>
    inProject(async () => {
      const text = await Deno.readTextFile(new URL(name, EXAMPLES));
      assert(text.trimEnd().split("\n").length <= 40);
      await RUNS[name]();
    }));
}
