/**
 * Inference on one photograph.
 *
 * @module
 */
import type { Sample } from "../datasets/dataset.ts";
import { reconstructImages, type Reconstruction } from "../networks/reconstruct_images.ts";
import { type Pose, projectVertices } from "../rendering/cameras.ts";
import { partPresence, type TrainedReconstruction } from "./files.ts";

/** A reconstruction in its photograph. */
export interface PosedReconstruction extends Reconstruction {
  /** Positions on the screen of the photograph's crop (x right, y up, larger z nearer), `[V, 3]`. */
  screen: Float32Array;
}

/**
 * Reconstructs the object of one photograph.
 *
 * @param trained Network of a run
 * @param sample Photograph at the network's resolution
 * @param pose Its pose
 * @throws {TypeError} If the photograph has another resolution
 */
export async function reconstructImage(
  trained: TrainedReconstruction,
  sample: Sample,
  pose: Pose,
): Promise<PosedReconstruction> {
  const { network, state } = trained;
  const [reconstruction] = await reconstructImages(network, [sample], partPresence(state));
  const screen = Float32Array.from(projectVertices(reconstruction.vertices, pose));
  return { ...reconstruction, screen };
}
