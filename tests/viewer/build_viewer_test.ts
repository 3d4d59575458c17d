import { assert, assertEquals, assertRejects } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { parseSafetensors } from "../../lib/io/safetensors_bytes.ts";
import { buildViewer, BUNDLED_FILES } from "../../viewer/server/build_viewer.ts";
import { ONNX_WEB } from "../../lib/vision/onnx_web.ts";
import { parseViewerManifest } from "../../viewer/server/manifest.ts";
import { loadCheckpoint, takePrefix } from "../../lib/training/checkpoint.ts";
import { assertRejectsWith, assertThrowsWith, type Fact } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { CLASSES, formulaRun } from "./_site.ts";

/** A folder that looks like bundled programs. */
async function fakeBundle(folder: string): Promise<string> {
  await Deno.mkdir(`${folder}/bundle`);
  for (const name of BUNDLED_FILES) await Deno.writeTextFile(`${folder}/bundle/${name}`, "//");
  return `${folder}/bundle`;
}

/** Files as an export leaves them. */
async function writeExports(output: string): Promise<void> {
  await Deno.mkdir(`${output}/reconstructions`, { recursive: true });
  for (const name of ["mesh_0", "mesh_1", "mesh_2", "reconstructions/photo #1"]) {
    await Deno.writeTextFile(`${output}/${name}.glb`, `content of ${name}`);
  }
  const samples = [0, 1, 2].map((index) => ({
    name: `mesh_${index}`,
    seed: 3,
    classIndex: index % 2,
    truncation: 0.7,
  }));
  const [{ truncation: _, ...old }, ...others] = samples; // older exports do not say it
  await Deno.writeTextFile(`${output}/samples.json`, JSON.stringify([old, ...others]));
}

Deno.test("a viewer's folder holds pages, programs, meshes, and the generator's weights only", async () => {
  await inFolder(async (folder) => {
    const bundle = await fakeBundle(folder);
    const [run, output, site] = ["run", "output", "site"].map((name) => `${folder}/${name}`);
    await formulaRun(run);
    await writeExports(output);
    const options = { run, output, folder: site, bundle };
    const { manifest } = await buildViewer("toy", options);
    const text = await Deno.readTextFile(`${site}/manifest.json`);
    assertEquals(parseViewerManifest(text, "m"), manifest);
    const sample = (index: number) => ({
      title: `Sample ${index}`,
      kind: "generated",
      file: `meshes/generated/mesh_${index}.glb`,
      sample: {
        seed: 3,
        index,
        truncation: index === 0 ? 1 : 0.7,
        classIndex: index % 2,
      },
    });
    const title = "photo #1";
    const photo = {
      title,
      kind: "reconstruction",
      file: `meshes/reconstructions/${title}.glb`,
      sample: null,
    };
    assertEquals(manifest.items as unknown[], [sample(0), sample(1), sample(2), photo]);
    const { networks, classNames, weights, bytes } = manifest.generator!;
    assertEquals([networks.classes, classNames], [CLASSES, ["class 0", "class 1"]]);
    assertEquals(
      await Deno.readFile(`${site}/${photo.file}`),
      await Deno.readFile(`${output}/reconstructions/${title}.glb`),
    );
    for (
      const name of ["index.html", "mask.html", "style.css", "main.js", "wasm/tfjs-backend-wasm-simd.wasm"]
    ) {
      assert((await Deno.stat(`${site}/${name}`)).isFile, name);
    }
    const stored = await Deno.readFile(`${site}/${weights}`);
    const { arrays } = await loadCheckpoint(`${folder}/run`, "latest");
    assertEquals(stored.length, bytes);
    assertEquals(parseSafetensors(stored, weights).arrays, takePrefix("generator_running_avg", arrays));

    await Deno.remove(`${folder}/output/mesh_2.glb`);
    const again = await buildViewer("toy", { ...options, half: true });
    assertEquals(again.manifest.items.length, 3);
    await assertRejects(() => Deno.stat(`${site}/meshes/generated/mesh_2.glb`), Deno.errors.NotFound);
    const ratio = again.manifest.generator!.bytes / bytes;
    assert(ratio > 0.48 && ratio < 0.55, `${ratio}`);
  });
});

Deno.test("a viewer without a run is for files of one's own; what cannot be done is said", async () => {
  await inFolder(async (folder) => {
    const bundle = await fakeBundle(folder), nowhere = { run: `${folder}/none`, output: `${folder}/none` };
    const { manifest } = await buildViewer("", { bundle, folder: `${folder}/empty` });
    assertEquals([manifest.items, manifest.generator], [[], null]);
    const refused = (name: string, options: Parameters<typeof buildViewer>[1], ...facts: Fact[]) =>
      assertRejectsWith(() => buildViewer(name, options), UserError, ...facts);
    await refused(
      "toy",
      { ...nowhere, bundle, folder: `${folder}/new` },
      '"toy"',
      `${folder}/none`,
      "'name'",
    );
    await refused(
      "",
      { bundle: `${folder}/none`, folder: `${folder}/new` },
      `${folder}/none/main.js`,
      "deno task build:viewer",
    );
    await Deno.mkdir(`${folder}/mine/meshes`, { recursive: true });
    await Deno.writeTextFile(`${folder}/mine/thesis.txt`, "x");
    await refused("", { bundle, folder: `${folder}/mine` }, `${folder}/mine`, "thesis.txt");
    await refused("", { bundle, folder: `${folder}/mine/thesis.txt` }, `${folder}/mine/thesis.txt`);
    assert((await Deno.stat(`${folder}/mine/meshes`)).isDirectory);
  });
});

Deno.test("what makes masks lies beside the pages with its licences, and goes when it is not wanted any more", async () => {
  await inFolder(async (folder) => {
    const bundle = await fakeBundle(folder), site = `${folder}/site`, runtime = `${folder}/runtime`;
    await Deno.mkdir(runtime);
    for (const { file } of ONNX_WEB.files) {
      await Deno.writeTextFile(`${runtime}/${file}`, `content of ${file}`);
    }
    await Deno.writeTextFile(`${folder}/a.onnx`, "12345");
    const model = { title: "A", path: `${folder}/a.onnx`, licence: "Apache-2.0" };
    const options = { folder: site, bundle };
    const { manifest: { vision } } = await buildViewer("", { ...options, vision: { runtime, model } });
    assertEquals(vision?.model, { title: "A", file: "vision/model.onnx", bytes: 5 });
    for (const file of [vision!.program, vision!.wasm, "vision/model.onnx"]) {
      assert((await Deno.stat(`${site}/${file}`)).isFile, file);
    }
    assertEquals((await Deno.readTextFile(`${site}/vision/NOTICE.txt`)).split("\n"), [
      "onnxruntime.js, ort-wasm-simd-threaded.wasm: onnxruntime-web 1.30.0, licence MIT",
      "model.onnx: A, licence Apache-2.0",
      "",
    ]);
    assertEquals((await buildViewer("", options)).manifest.vision, null);
    await assertRejects(() => Deno.stat(`${site}/vision`), Deno.errors.NotFound);
  });
});

Deno.test("manifests that name files outside of their folder are refused", () => {
  const item = { title: "a", kind: "generated", sample: null };
  for (const file of ["../a.glb", "/a.glb", "a/../../b.glb", "http://host/a.glb"]) {
    const text = JSON.stringify({ version: 1, name: "", generator: null, items: [{ ...item, file }] });
    assertThrowsWith(() => parseViewerManifest(text, "manifest.json"), UserError, "manifest.json", file);
  }
});

Deno.test("reconstructions are those that were exported with the same --refine", async () => {
  await inFolder(async (folder) => {
    const bundle = await fakeBundle(folder), output = `${folder}/output`;
    await writeExports(output);
    const options = { run: `${folder}/run`, output, folder: `${folder}/site`, bundle };
    await assertRejectsWith(
      () => buildViewer("toy", { ...options, refine: "texture" }),
      UserError,
      `${output}/reconstructions_texture`,
      "deno task export_reconstructions --refine texture",
    );
    await Deno.mkdir(`${output}/reconstructions_texture`);
    await Deno.writeTextFile(`${output}/reconstructions_texture/a.glb`, "projected");
    const { manifest } = await buildViewer("toy", { ...options, refine: "texture" });
    assertEquals(manifest.items.filter(({ kind }) => kind === "reconstruction").map(({ title }) => title), [
      "a",
    ]);
    assertEquals(await Deno.readTextFile(`${folder}/site/meshes/reconstructions/a.glb`), "projected");
  });
});
