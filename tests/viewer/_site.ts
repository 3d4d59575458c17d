/** A viewer of a small run with formula weights, for tests. */
import { join } from "@std/path";
import { Prng } from "../../lib/core/prng.ts";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { dataStart } from "../../lib/gan/data_start.ts";
import { exemplarArrays } from "../../lib/gan/exemplars/exemplars.ts";
import { exportSamples } from "../../lib/pipeline/export_samples.ts";
import { GanModel } from "../../lib/gan/gan_model.ts";
import { resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { makeGenerator } from "../../lib/gan/make_generator.ts";
import { buildViewer, type BuildViewerOptions, type Viewer } from "../../viewer/server/build_viewer.ts";
import { saveCheckpoint, withPrefix } from "../../lib/training/checkpoint.ts";
import { runFolder } from "../../lib/training/run_folder.ts";
import { writeRunSettings } from "../../lib/training/run_settings.ts";
import { stripedDataset, toyDataset } from "../gan/_dataset.ts";

/** Classes of the run. */
export const CLASSES = 2;
/** How its samples were exported. */
export const EXPORTED = { seed: 3, truncationSigma: 0.7, howMany: 3 } as const;

/** Writes a run whose shapes and colours differ from sample to sample, as those of a trained one do. */
export async function formulaRun(folder: string): Promise<void> {
  await useBackend({ backend: "wasm" });
  const options = resolveGanOptions({ preset: "demo", textureResolution: 64, conditionalClass: true });
  const networks = ganNetworks(options, CLASSES), prng = new Prng(5, "formula weights");
  const generator = makeGenerator(networks, prng);
  const arrays = await generator.parameters.toArrays();
  generator.dispose();
  const ranges: [RegExp, number, number][] = [
    [/^conv_mesh\.weight$/, -0.02, 0.02],
    [/^conv_final\.weight$/, -0.2, 0.2],
    [/running_var$/, 0.05, 0.2],
  ];
  for (const [name, { data }] of Object.entries(arrays)) {
    const [, low, high] = ranges.find(([pattern]) => pattern.test(name)) ?? [];
    if (low !== undefined) data.forEach((_, i) => data[i] = prng.uniform(low, high!));
  }
  await writeRunSettings(folder, { stage: "gan", dataset: "toy", mode: "singletpl", ...options, networks });
  await saveCheckpoint(folder, "latest", withPrefix("generator_running_avg", arrays), { networks, epoch: 4 });
}

/** Exports samples of the run, with one of them as a reconstruction, and writes the viewer to `site`. */
export async function formulaSite(folder: string, options: BuildViewerOptions = {}): Promise<Viewer> {
  const run = join(folder, "run"), output = join(folder, "output");
  await formulaRun(run);
  await exportSamples({ name: "toy", folder: run, output, poses: toyDataset(4, 16, CLASSES).poses }, {
    ...EXPORTED,
    formats: ["glb"],
  });
  await Deno.mkdir(join(output, "reconstructions"));
  await Deno.copyFile(join(output, "mesh_1.glb"), join(output, "reconstructions", "photo #1.glb"));
  return await buildViewer("toy", { run, output, folder: join(folder, "site"), ...options });
}

/** Writes the viewer of a run whose textures take their detail from exemplars. */
export async function exemplarSite(folder: string): Promise<Viewer> {
  await useBackend({ backend: "wasm" });
  const run = join(folder, "run"), output = join(folder, "output"), dataset = stripedDataset(8, 256);
  const options = resolveGanOptions({ preset: "demo", exemplars: 4, components: 3 });
  const networks = ganNetworks(options, 1, 0, dataset.length), model = new GanModel(networks, 1);
  try {
    const start = await dataStart(dataset, networks, 1);
    await model.setStart(start);
    await writeRunSettings(run, { stage: "gan", dataset: "toy", mode: "singletpl", ...options, networks });
    await runFolder(run).writeArrays("exemplars", exemplarArrays(start.exemplars!));
    await saveCheckpoint(run, "latest", await model.toArrays(), { networks, epoch: 1 });
  } finally {
    model.dispose();
  }
  await exportSamples({ name: "toy", folder: run, output, poses: dataset.poses }, {
    ...EXPORTED,
    formats: ["glb"],
  });
  return await buildViewer("toy", { run, output, folder: join(folder, "site") });
}
