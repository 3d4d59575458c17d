/**
 * Export of what the reconstruction network sees in each photograph.
 *
 * @module
 */
import { join } from "@std/path";
import { outputFolder, reconstructionFolder } from "../core/paths.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { openDataset } from "../datasets/open_dataset.ts";
import { exportMesh, type MeshFormat } from "../io/export_mesh.ts";
import { smoothPoles } from "../mesh/smooth_poles.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import { reconstructImages } from "../networks/reconstruct_images.ts";
import { loadReconstruction, partPresence } from "../reconstruction/files.ts";

/** Which photographs are reconstructed. */
export interface ExportReconstructionsRequest {
  /** Name of the reconstruction run. */
  name: string;
  /** Name of the data set. */
  dataset: string;
  /** Checkpoint. */
  whichEpoch?: string;
  /** Files to write. */
  formats?: readonly MeshFormat[];
}

/**
 * Writes a textured mesh for each photograph of a data set to `output/<name>/reconstructions/<id>.glb`.
 *
 * @returns Paths of the files; none if the network predicts no texture
 * @throws {UserError} If the run or the data set is missing
 */
export async function runExportReconstructions(
  request: ExportReconstructionsRequest,
  callbacks: StageCallbacks = {},
): Promise<string[]> {
  const { name, whichEpoch = "latest", formats = ["glb"] } = request;
  const dataset = await openDataset(request.dataset);
  const trained = await loadReconstruction(reconstructionFolder(name), whichEpoch);
  const folder = join(outputFolder(name), "reconstructions");
  const { faces, uvs, faceUvs } = sphereTopology();
  const { network } = trained, { imageResolution, symmetric } = network.config;
  const paths: string[] = [];
  try {
    await Deno.mkdir(folder, { recursive: true });
    for (let i = 0; i < dataset.length; i++) {
      throwIfStopped(callbacks.signal, "The export of reconstructions");
      const sample = await dataset.sample(i, imageResolution);
      const [{ vertices, texture }] = await reconstructImages(network, [sample], partPresence(trained.state));
      if (texture) {
        const mesh = { vertices, faces, uvs, faceUvs };
        paths.push(
          ...await exportMesh(mesh, smoothPoles(texture), join(folder, sample.id), { formats, symmetric }),
        );
      }
      callbacks.onProgress?.({ done: i + 1, total: dataset.length });
    }
    return paths;
  } finally {
    network.dispose();
  }
}
