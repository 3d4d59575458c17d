/**
 * The images of docs/explanation/conventions.md, drawn by our own renderer.
 *
 * @module
 */
import { type FloatImage, floatImage } from "../../lib/core/arrays.ts";
import { sphereTopology } from "../../lib/mesh/sphere_topology.ts";
import { projectVertices } from "../../lib/rendering/cameras.ts";
import { quaternionToMatrix } from "../../lib/rendering/quaternion.ts";
import { rasterize } from "../../lib/rendering/rasterize.ts";
import { renderImage } from "../../lib/rendering/render_image.ts";
import { softSilhouetteReference } from "../../lib/rendering/soft_silhouette_reference.ts";
import { imageGrid } from "../../lib/core/image_grid.ts";
import {
  animal,
  arrow,
  axes,
  type Colour,
  COLOURS,
  onWhite,
  poseOf,
  renderScene,
  viewFrom,
} from "./coloured_scene.ts";

/** Camera axes of the start view at azimuth 0 and elevation 90 degrees, in object coordinates, `[3, 3]`. */
export const SIDE_VIEW = [0, -1, 0, 0, 0, -1, 1, 0, 0] as const;
/** Front, to the object's left, above. */
const OBLIQUE = viewFrom([0.75, -1, 0.55]);
/** Vertices of the triangle in the image of pixels, NDC, `[3, 3]`. */
export const PIXEL_TRIANGLE = [-0.9, -0.7, 0, 0.8, -0.5, 0, -0.1, 0.85, 0] as const;

/** All images by file name, `[H, W, 3]` in [0, 1]. */
export function conventionImages(): Record<string, FloatImage> {
  return {
    "conventions_object_frame.png": row(
      renderScene([...animal(), ...axes([0, 0, 0.05], 1.2)], poseOf(OBLIQUE)),
      renderScene(animal(), poseOf(viewFrom([0, -1, 0]))),
    ),
    "conventions_camera.png": cameraImage(),
    "conventions_pixels.png": row(pixelImage(), renderTriangle()),
    "conventions_uv.png": uvImage(),
    "conventions_winding.png": windingImage(),
    "conventions_colours.png": colourImage(),
    "conventions_quaternions.png": quaternionImage(),
  };
}

function row(...images: FloatImage[]): FloatImage {
  return imageGrid(images, { columns: images.length, gap: 4, background: 0.6 });
}

/** The side view, with the camera's axes in front of the animal; z points into the scene. */
function cameraImage(): FloatImage {
  const [right, down, forward] = [0, 1, 2].map((r) => SIDE_VIEW.slice(3 * r, 3 * r + 3));
  const origin = [-0.9, 0.55, 0.5] as const;
  const to = (direction: readonly number[]) =>
    origin.map((value, axis) => value + 0.55 * direction[axis]) as unknown as typeof origin;
  const cameraAxes = [
    arrow(origin, to(right), COLOURS.x),
    arrow(origin, to(down), COLOURS.y),
    arrow(origin, to(forward), COLOURS.z),
  ];
  return row(
    renderScene([...animal(), ...cameraAxes], poseOf(SIDE_VIEW)),
    renderScene([...animal(), ...cameraAxes], poseOf(viewFrom([-1, -0.55, 0.5]))),
  );
}

/** 8 × 8 pixels of a triangle, each drawn 24 wide with its centre; pixel (0, 0) is red. */
function pixelImage(): FloatImage {
  const [size, enlarged] = [8, 24];
  const { faceIndex } = rasterize(Float64Array.from(PIXEL_TRIANGLE), Int32Array.of(0, 1, 2), size, size);
  return paint(size * enlarged, size * enlarged, (i, j) => {
    const [row, column] = [Math.floor(i / enlarged), Math.floor(j / enlarged)];
    const [y, x] = [i % enlarged, j % enlarged];
    const covered = faceIndex[row * size + column] >= 0;
    if (Math.max(Math.abs(x - 11.5), Math.abs(y - 11.5)) < 2) return covered ? [1, 1, 1] : COLOURS.dark;
    if (x === 0 || y === 0) return [0.8, 0.8, 0.8];
    return row === 0 && column === 0 ? COLOURS.x : covered ? COLOURS.z : [1, 1, 1];
  });
}

function renderTriangle(): FloatImage {
  const mesh = {
    vertices: Float64Array.from(PIXEL_TRIANGLE),
    faces: Int32Array.of(0, 1, 2),
    uvs: new Float64Array(6),
    faceUvs: Int32Array.of(0, 1, 2),
  };
  return onWhite(renderImage(mesh, plain(COLOURS.z), { size: 192 }));
}

/** A texture (u to the right in red, v up in green, a blue lower left patch) and the sphere seen with it. */
function uvImage(): FloatImage {
  const texture = paint(96, 192, (i, j) => {
    const [u, v] = [Math.floor(j / 12) / 15, Math.floor((95 - i) / 12) / 7]; // patches
    return u === 0 && v === 0 ? COLOURS.z : [u, v, 0.1];
  });
  const { faces, faceUvs, uvs, vertices } = sphereTopology();
  const see = (matrix: ArrayLike<number>) =>
    onWhite(
      renderImage(
        { vertices: projectVertices(vertices, poseOf(matrix, 0.85)), faces, uvs, faceUvs },
        texture,
        {
          size: 96,
        },
      ),
    );
  const sides = [viewFrom([1, 0, 0]), viewFrom([-1, 0, 0])].map(see);
  const views = imageGrid(sides, { columns: 2, gap: 0 });
  return imageGrid([texture, views], { columns: 1, gap: 4, background: 0.6 });
}

/** Two triangles, counter-clockwise on the left and clockwise on the right: hard image and soft silhouette. */
function windingImage(): FloatImage {
  const size = 128;
  const vertices = Float64Array.of(
    -0.9,
    -0.5,
    0,
    -0.1,
    -0.5,
    0,
    -0.5,
    0.5,
    0,
    0.1,
    -0.5,
    0,
    0.9,
    -0.5,
    0,
    0.5,
    0.5,
    0,
  );
  const faces = Int32Array.of(0, 1, 2, 3, 5, 4);
  const { faceIndex } = rasterize(vertices, faces, size, size);
  const soft = softSilhouetteReference(vertices, faces, size, size, { sharpness: 700, boxMargin: 0.1 }).image;
  return row(
    paint(size, size, (i, j) => faceIndex[i * size + j] >= 0 ? COLOURS.z : [1, 1, 1]),
    paint(size, size, (i, j) => [soft[i * size + j], soft[i * size + j], soft[i * size + j]]),
  );
}

/** Colours −1 to 1 from left to right, and below them the same behind a mask: 0 is mid grey. */
function colourImage(): FloatImage {
  return paint(64, 192, (i, j) => {
    const value = j / 191 * 2 - 1;
    const masked = i < 32 || Math.hypot(i - 48, (j - 96) / 5) < 14 ? value : 0;
    const shown = masked / 2 + 0.5;
    return [shown, shown, shown];
  });
}

/** The animal before and after a quarter turn about z: x turns to where y was. */
function quaternionImage(): FloatImage {
  const quarter = quaternionToMatrix([Math.SQRT1_2, 0, 0, Math.SQRT1_2]);
  const turned = [...animal(), ...axes([0, 0, 0.05], 1.2)].map((solid) => ({
    ...solid,
    vertices: solid.vertices.map((_, i) => {
      const [point, axis] = [i - i % 3, i % 3];
      return [0, 1, 2].reduce((sum, k) => sum + quarter[3 * axis + k] * solid.vertices[point + k], 0);
    }),
  }));
  return row(
    renderScene([...animal(), ...axes([0, 0, 0.05], 1.2)], poseOf(OBLIQUE)),
    renderScene(turned, poseOf(OBLIQUE)),
  );
}

function plain(colour: Colour): FloatImage {
  return paint(2, 1, () => colour);
}

function paint(height: number, width: number, colourAt: (i: number, j: number) => Colour): FloatImage {
  const image = floatImage(height, width, 3); // [H, W, 3]
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) image.data.set(colourAt(i, j), (i * width + j) * 3);
  }
  return image;
}
