/** A drawn photograph of a template in a known pose, for tests. */
import type { ByteImage } from "../../lib/io/byte_image.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { poseOfDirection } from "../../lib/photo/photo_pose.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import type { Template } from "../../lib/templates/template_file.ts";

/** A photograph and its mask. */
export interface DrawnPhoto {
  /** Colours, `[S, S, 3]`. */
  readonly image: ByteImage;
  /** 1 where the object is, `[S, S]`. */
  readonly mask: Uint8Array;
}

/** Draws a template, its front red and its tail blue, on a green background. */
export function drawPhoto({ vertices }: Template, azimuth: number, size = 256): DrawnPhoto {
  const topology = sphereTopology(), rows = 64;
  const texture = { data: new Float32Array(rows * rows * 3), height: rows, width: rows, channels: 3 };
  for (let p = 0; p < rows * rows; p++) {
    const tail = Math.floor(p / rows) / rows; // row 0 is v = 1, the tail
    texture.data.set([0.2 + 0.7 * tail, 0.3, 0.9 - 0.7 * tail], 3 * p);
  }
  const screen = projectVertices(vertices, poseOfDirection({ azimuth, elevation: 10 }, vertices));
  const { data } = renderImage({ ...topology, vertices: screen }, texture, { size });
  const mask = Uint8Array.from({ length: size * size }, (_, p) => data[4 * p + 3] >= 0.5 ? 1 : 0);
  const colours = Uint8Array.from({ length: 3 * size * size }, (_, k) => {
    return mask[Math.floor(k / 3)]
      ? Math.round(255 * data[4 * Math.floor(k / 3) + k % 3])
      : [60, 160, 70][k % 3];
  });
  return { image: { data: colours, height: size, width: size, channels: 3 }, mask };
}
