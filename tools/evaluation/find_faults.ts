/**
 * Faults of generated objects: values that are NaN or infinite, and faces folded over.
 *
 * @module
 */
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { foldedFaces } from "../../lib/mesh/folded_faces.ts";
import { truncatedLatent } from "../../lib/gan/latent.ts";
import type { GeneratorModel } from "../../lib/gan/own_parts.ts";
import {
  type GeneratedSample,
  generateSamples,
  needsReals,
  sampleVertices,
} from "../../lib/gan/generate_samples.ts";
import type { UvDataset } from "../../lib/gan/uv_dataset.ts";

/** Generates objects, and searches them for faults. */
export async function findFaults(generator: GeneratorModel, dataset: UvDataset, count: number, seed: number) {
  const { latentLength, symmetric } = generator.options;
  const { faces, faceNeighbours } = sphereTopology();
  const generated: GeneratedSample[] = [];
  let faulty = 0, worstFolded = 0;
  for (let i = 0; i < count; i++) {
    const latent = truncatedLatent(seed, i, latentLength, 1);
    const row = i % dataset.length;
    const reals = needsReals(generator.options) ? [await dataset.sample(row)] : null;
    const [sample] = await generateSamples(generator, [latent], [dataset.poses.classIndex[row]], reals);
    const { map, texture } = sample;
    const isFinite = map.every(Number.isFinite) && (texture.data as Float32Array).every(Number.isFinite);
    if (!isFinite) {
      faulty++;
      continue;
    }
    generated.push(sample);
    const folded = foldedFaces(sampleVertices(map, symmetric), faces, faceNeighbours).length /
      (faces.length / 3);
    worstFolded = Math.max(worstFolded, folded);
  }
  return { faulty, worstFolded, generated };
}
