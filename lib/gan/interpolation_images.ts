/**
 * Images of the interpolation between generated objects: frames of an animation, and a grid of its steps.
 *
 * @module
 */
import type { FloatImage } from "../core/arrays.ts";
import { type StageCallbacks, throwIfStopped } from "../core/progress.ts";
import { shownTexture } from "./shown_texture.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";
import type { UvSample } from "../pseudogt/files.ts";
import { renderTurntable } from "../rendering/turntable.ts";
import type { GeneratorModel } from "./own_parts.ts";
import { closedLatentPath } from "./interpolate_latents.ts";
import { imageGrid } from "../core/image_grid.ts";
import { toUnitColours } from "../core/unit_colours.ts";
import { generateSamples, sampleVertices } from "./generate_samples.ts";

/** Images from one object to the next; the image grid shows as many in a row as it has columns. */
const STEPS = 16, STEPS_IN_GRID = 8;
const SIZE = 256;
/** Azimuth at the start, and degrees that the viewer goes round while one object becomes the next. */
const START = 40, TURN = 45;
const BATCH = 8;
/** Steps stand close, on a transparent background. */
const GRID = { gap: 0, background: 0 } as const;

/** An interpolation in images. */
export interface InterpolationImages {
  /** Through the objects and back to the first, while the viewer goes round them. */
  readonly frames: readonly FloatImage[];
  /** One row of steps from each object to the next. */
  readonly grid: FloatImage;
}

/**
 * Renders the interpolation between objects.
 *
 * @param inputs `generator`: generator in evaluation mode; `latents`: latent codes of the objects, each `[Z]`;
 *   `classIndex`: class of all of them; used with class conditioning only; `real`: UV maps of a photograph, for
 *   runs on part maps or with textures only
 * @param callbacks Progress and stop
 */
export async function interpolationImages(
  { generator, latents, classIndex, real }: {
    readonly generator: GeneratorModel;
    readonly latents: readonly Float32Array[];
    readonly classIndex: number;
    readonly real: UvSample | null;
  },
  callbacks: StageCallbacks = {},
): Promise<InterpolationImages> {
  const path = closedLatentPath(latents, STEPS), { symmetric } = generator.options;
  const frames: FloatImage[] = [], tiles: FloatImage[] = [];
  for (let start = 0; start < path.length; start += BATCH) {
    const part = path.slice(start, start + BATCH);
    const samples = await generateSamples(
      generator,
      part,
      part.map(() => classIndex),
      real ? part.map(() => real) : null,
    );
    samples.forEach(({ map, texture }, i) => {
      const step = start + i;
      const mesh = { ...sphereTopology(), vertices: sampleVertices(map, symmetric) };
      const colours = toUnitColours(shownTexture(texture, generator.options));
      const render = (azimuth: number) =>
        renderTurntable(mesh, colours, { azimuths: [azimuth], size: SIZE, symmetric }).next()
          .value as FloatImage;
      frames.push(render(START + TURN * step / STEPS));
      if (step % (STEPS / STEPS_IN_GRID) === 0) tiles.push(render(START));
    });
    callbacks.onProgress?.({ done: frames.length, total: path.length });
    throwIfStopped(callbacks.signal, "The export");
  }
  return { frames, grid: imageGrid(tiles, { ...GRID, columns: STEPS_IN_GRID }) };
}
