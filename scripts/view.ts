/** `deno task view`: shows a run's meshes and its generator in the browser. */
import { resolve } from "@std/path";
import { defineCommand, runCommand } from "../cli/command.ts";
import { masksOf } from "../cli/mask_source.ts";
import { requestWrite } from "../cli/request_write.ts";
import { UserError } from "../lib/core/errors.ts";
import { backgroundRemoverOnDemand } from "../lib/datasets/background_removal/background_remover.ts";
import { newestRun } from "../lib/pipeline/newest_run.ts";
import { buildViewer, VIEW_OPTIONS } from "../viewer/server/build_viewer.ts";
import { correctionsFile } from "../lib/core/paths.ts";
import { openViewerPoses } from "../viewer/server/poses.ts";
import type { ViewerManifest } from "../viewer/server/manifest.ts";
import { findVisionSource } from "../viewer/server/vision.ts";
import { viewerHandler } from "../viewer/server/server.ts";
import { REFINEMENT_WORDS } from "../lib/refinement/refinement.ts";

/** What makes masks in the pages, for a person. */
function visionParts(vision: ViewerManifest["vision"]): string[] {
  if (vision === null) return [];
  const { model, bytes } = vision, size = `${((bytes + (model?.bytes ?? 0)) / 1e6).toFixed(0)} MB`;
  return [`${model ? `the model ${model.title} for masks` : "what runs models for masks"} (${size})`];
}

export const view = defineCommand({
  name: "view",
  doc:
    "Shows a run in the browser: its meshes, its generator, and a brush for masks; or writes that as a folder.",
  options: VIEW_OPTIONS,
  async run({ export: target, images, port, create, ...values }, { callbacks, print }) {
    const { whichEpoch, half, refine } = values;
    const name = values.name ?? (create ? "" : await newestRun()), work = callbacks("view");
    if (target !== undefined) await requestWrite(target, "write the viewer there");
    if (images !== undefined) await requestWrite(images, "save masks there");
    const vision = values.maskModel === "none" ? null : await findVisionSource();
    const options = { folder: target, whichEpoch, half, refine, vision };
    const { folder, manifest } = await buildViewer(name, options, work);
    const reconstructions = manifest.items.filter(({ kind }) => kind === "reconstruction").length;
    const parts = [
      `${manifest.items.length} meshes`,
      ...(reconstructions > 0
        ? [`${reconstructions} of them reconstructions: ${REFINEMENT_WORDS[refine]}`]
        : []),
      manifest.generator ? "a live generator" : "no generator",
      ...visionParts(manifest.vision),
    ];
    print(`${name || "No run"}: ${parts.join(", ")}, in ${folder}`);
    if (target !== undefined) return;
    const dataset = values.dataset ?? name, isWanted = values.dataset !== undefined;
    const poses = await openViewerPoses(dataset, isWanted, work.onMessage);
    const { maskModel } = masksOf({ ...values, masks: "auto" }),
      remover = backgroundRemoverOnDemand(maskModel, print);
    const handler = await viewerHandler(folder, { images, poses, remove: remover.remove });
    try {
      const server = Deno.serve(
        { hostname: "127.0.0.1", port, signal: work.signal, onListen: () => {} },
        handler,
      );
      print(
        `Open http://127.0.0.1:${server.addr.port}/${
          create ? "create.html" : ""
        } in a browser; Ctrl-C ends it.`,
      );
      if (poses) print(`The page Poses keeps what you say about poses in ${correctionsFile(dataset)}.`);
      if (images !== undefined) print(`The mask brush saves to ${resolve(images)}.`);
      await server.finished;
    } catch (error) {
      if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      throw new UserError(`Port ${port} is taken: name another one, or --port 0 for any that is free.`);
    }
  },
});

if (import.meta.main) await runCommand(view);
