import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { inFolder } from "../helpers/temporary_folder.ts";
import { slowTest } from "../helpers/slow_test.ts";
import config from "../../deno.json" with { type: "json" };

const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const EXPORTS = Object.values(config.exports);

/** Most names of the main entry: what a scientist calls, not everything. */
const MOST_NAMES = 67;

Deno.test("the docs of every export are linted", () => {
  const { command } = config.tasks["lint:docs"];
  assertEquals(command.split(" ").slice(3), EXPORTS);
  assert(config.tasks.ok.command.includes("deno task lint:docs"));
});

Deno.test("the main entry has few names, and none of an internal folder", async () => {
  const main = await Deno.readTextFile(join(ROOT, "mod.ts"));
  assert(!/export \*/.test(main));
  const names = [...main.matchAll(/^export (?:type )?\{([^}]+)\}/gms)].flatMap(([, list]) =>
    list.split(",").map((name) => name.trim()).filter((name) => name !== "")
  );
  assertEquals(new Set(names).size, names.length);
  assert(names.length <= MOST_NAMES, `${names.length} names`);
});

/** A program of another project that uses the package under a name of its own. */
const PROGRAM = `
import { loadTemplates, sphereTopology } from "texmesh";
import { useBackend } from "texmesh/backend";
import { lookAtCamera, projectToScreen, rasterizeMesh } from "texmesh/rendering";
const { vertices, faces } = sphereTopology();
const camera = lookAtCamera({ eye: [0, -4, 0], target: [0, 0, 0] }, 0.6);
const screen = projectToScreen(Float64Array.from(vertices), camera);
const { faceIndex } = rasterizeMesh(screen, faces, { height: 16, width: 16 });
const [{ vertices: car }] = await loadTemplates("car", "singletpl"), { name } = await useBackend({ backend: "wasm" });
console.log(faceIndex.filter((face) => face >= 0).length, car.length / 3, name);
`;

/** Runs the program in a project beside this one that links it, with the packages that are installed here. */
async function runLinked(flag: string, program = PROGRAM): Promise<string> {
  let text = "";
  await inFolder(async (folder) => {
    await Deno.symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
    await Deno.writeTextFile(join(folder, "main.ts"), program);
    const links = [ROOT, ...config.links.map((link) => join(ROOT, link))];
    const imports = { texmesh: `jsr:${config.name}@^${config.version}` };
    const project = { links, nodeModulesDir: "manual", imports };
    await Deno.writeTextFile(join(folder, "deno.json"), JSON.stringify(project));
    text = await run(folder, Deno.execPath(), ["run", flag, "--allow-all", "main.ts"]);
  });
  return text;
}

async function run(cwd: string, command: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { cwd, args: [...args] }).output();
  const decoder = new TextDecoder();
  assert(success, `${command} ${args.join(" ")}: ${decoder.decode(stderr).slice(-3000)}`);
  return decoder.decode(stdout);
}

Deno.test("another project links the package and calls it", async () => {
  assertEquals(await runLinked("--no-check"), "140 962 wasm\n");
});

Deno.test("a program in another folder runs by the path of the package's configuration", () =>
  inFolder(async (folder) => {
    await Deno.writeTextFile(join(folder, "main.ts"), PROGRAM.replaceAll('"texmesh', `"${config.name}`));
    const flags = ["--no-check", "--allow-all", "--config", join(ROOT, "deno.json")];
    assertEquals(await run(folder, Deno.execPath(), ["run", ...flags, "main.ts"]), "140 962 wasm\n");
  }));

/** Every entry, and the number of names that it has. */
const ENTRIES = Object.keys(config.exports).map((entry, i) =>
  `import * as m${i} from "texmesh${entry.slice(1)}"; if (Object.keys(m${i}).length === 0) throw "${entry}";`
).join("\n");

Deno.test("another project imports every entry", async () => {
  assertEquals(await runLinked("--no-check", ENTRIES + PROGRAM), "140 962 wasm\n");
});

slowTest("another project that links the package is type-checked", async () => {
  assertEquals(await runLinked("--check"), "140 962 wasm\n");
});

// Types of options are inferred from their schemas, where each option is written once; publishing calls them slow
// (CONTRIBUTING.md says what the alternative would cost). Everything else about the package is checked as before.
slowTest(
  "the package could be published: no file left out, types inferred from schemas allowed",
  async () => {
    await run(ROOT, Deno.execPath(), [
      "publish",
      "--dry-run",
      "--allow-dirty",
      "--allow-slow-types",
      "--quiet",
    ]);
  },
);

/** What runs under Node too: rendering on arrays and tensors, meshes, and one photograph to a mesh. */
const NODE_PROGRAM = `
import { readFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import { sphereTopology } from "${config.name}/mesh";
import { parseTemplates, photoToMesh } from "${config.name}/photo";
import { lookAtCamera, projectToScreen, rasterizeMesh, stackCameras } from "${config.name}/rendering";
import { project, silhouette } from "${config.name}/rendering/tensor";
await tf.setBackend("cpu");
const { vertices, faces } = sphereTopology(), size = { height: 16, width: 16 };
const camera = lookAtCamera({ eye: [0, -4, 0], target: [0, 0, 0] }, 0.6);
const { faceIndex } = rasterizeMesh(projectToScreen(Float64Array.from(vertices), camera), faces, size);
const points = tf.tensor2d(Float32Array.from(vertices), [962, 3]);
const soft = silhouette(project(points, tf.tensor2d(stackCameras([camera])), "lookAt"), faces, size);
const entry = import.meta.resolve("${config.name}/photo");
const file = await readFile(new URL("../templates/data/bus.safetensors", entry));
const width = 160, height = 100, data = new Uint8Array(3 * width * height).fill(200);
const mask = new Uint8Array(width * height);
for (let y = 30; y < 70; y++) mask.fill(1, y * width + 20, y * width + 140);
const image = { data, width, height, channels: 3 };
const { candidates } = await photoToMesh(image, mask, parseTemplates(file, "bus"), { textureResolution: 256 });
console.log(faceIndex.filter((face) => face >= 0).length, Math.round(tf.sum(soft).dataSync()[0]),
  candidates[0].iou > 0.8);
`;

const hasNode = await new Deno.Command("node", { args: ["--version"] }).output().then(
  ({ success }) => success,
  () => false,
);

slowTest(
  "the form for npm renders, and makes a mesh of a photograph, under Node",
  () =>
    inFolder(async (folder) => {
      const tarball = join(folder, "package.tgz"), home = join(folder, "node_modules", "@texmesh");
      await run(ROOT, Deno.execPath(), ["pack", "--allow-dirty", "--quiet", "--output", tarball]);
      await Deno.mkdir(home, { recursive: true });
      await run(folder, "tar", ["xzf", tarball]);
      await Deno.rename(join(folder, "package"), join(home, "texmesh"));
      for (const { name } of Deno.readDirSync(join(ROOT, "node_modules"))) {
        await Deno.symlink(join(ROOT, "node_modules", name), join(folder, "node_modules", name));
      }
      await Deno.writeTextFile(join(folder, "main.mjs"), NODE_PROGRAM);
      const output = await run(folder, "node", ["main.mjs"]);
      assertEquals(output.trimEnd().split("\n").at(-1), "140 148 true");
    }),
  hasNode ? null : "there is no node",
);
