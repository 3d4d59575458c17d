/**
 * Cameras of synthetic images: true perspective, as annotated in COCO-like files, and the nearest camera of the form
 * that poses have.
 *
 * The frame of files is y up, z to the front, x to the object's left; a point (x, y, z) of the object frame is
 * (x, z, −y) there.
 *
 * @module
 */
import type { FloatArray } from "../../lib/core/arrays.ts";
import type { Prng } from "../../lib/core/prng.ts";
import { matrixToQuaternion } from "../../lib/rendering/quaternion.ts";

/**
 * A perspective camera: X_cam = scale · R X + (tx, ty, distance), image = distance · (X_cam.x, X_cam.y) / X_cam.z in
 * [−1, 1], x right, y down, z away from the viewer.
 */
export interface PerspectiveCamera {
  /** Rotation from the frame of files, rows first, `[3, 3]`. */
  readonly matrix: readonly number[];
  /** Turn about the vertical axis in degrees; 0 shows the front. */
  readonly azimuth: number;
  /** Height of the viewer in degrees; positive looks from above. */
  readonly elevation: number;
  /** Scale. */
  readonly scale: number;
  /** Shift (tx, ty). */
  readonly translation: readonly [number, number];
  /** Distance from the viewer to the object's centre. */
  readonly distance: number;
}

/**
 * Rotation of a view: `diag(1, −1, −1) · Rx(elevation) · Ry(azimuth)`.
 *
 * @param azimuth Degrees; 0 shows the front
 * @param elevation Degrees; positive looks from above
 * @returns Rows first, `[3, 3]`
 */
export function viewMatrix(azimuth: number, elevation: number): number[] {
  const a = azimuth * Math.PI / 180, e = elevation * Math.PI / 180;
  const ca = Math.cos(a), sa = Math.sin(a), ce = Math.cos(e), se = Math.sin(e);
  return [ca, 0, sa, -se * sa, -ce, se * ca, ce * sa, -se, -ce * ca];
}

/**
 * Draws a camera that sees the whole object: its box takes 62 to 90 % of the image, somewhere within it.
 *
 * @param prng Random numbers
 * @param vertices Object in the frame of files, centred, `[V, 3]`
 * @param azimuth Degrees
 * @returns A camera with elevation 0 to 30° and distance 2.6 to 8
 */
export function drawCamera(prng: Prng, vertices: FloatArray, azimuth: number): PerspectiveCamera {
  const elevation = prng.uniform(0, 30);
  const distance = Math.exp(prng.uniform(Math.log(2.6), Math.log(8)));
  const wanted = 2 * prng.uniform(0.62, 0.9); // longest side of the box, image = 2
  const placeX = prng.uniform(-1, 1), placeY = prng.uniform(-1, 1);
  let camera: PerspectiveCamera = {
    matrix: viewMatrix(azimuth, elevation),
    azimuth,
    elevation,
    scale: 0.7,
    translation: [0, 0],
    distance,
  };
  for (let repeat = 0; repeat < 6; repeat++) {
    const [x1, y1, x2, y2] = imageBox(projectPerspective(vertices, camera));
    const roomX = Math.max(0, 1.96 - (x2 - x1)) / 2, roomY = Math.max(0, 1.96 - (y2 - y1)) / 2;
    const [tx, ty] = camera.translation;
    camera = {
      ...camera,
      scale: camera.scale * wanted / Math.max(x2 - x1, y2 - y1),
      translation: [tx + placeX * roomX - (x1 + x2) / 2, ty + placeY * roomY - (y1 + y2) / 2],
    };
  }
  return camera;
}

/**
 * Projects points with a perspective camera.
 *
 * @param vertices Points in the frame of files, `[V, 3]`
 * @param camera The camera
 * @returns Screen positions: x right, y up, larger z nearer, `[V, 3]`
 */
export function projectPerspective(vertices: FloatArray, camera: PerspectiveCamera): Float64Array {
  const { matrix: m, scale, translation: [tx, ty], distance } = camera;
  const screen = new Float64Array(vertices.length); // [V, 3]
  for (let i = 0; i < vertices.length; i += 3) {
    const x = vertices[i], y = vertices[i + 1], z = vertices[i + 2];
    const depth = scale * (m[6] * x + m[7] * y + m[8] * z) + distance;
    screen[i] = distance * (scale * (m[0] * x + m[1] * y + m[2] * z) + tx) / depth;
    screen[i + 1] = -distance * (scale * (m[3] * x + m[4] * y + m[5] * z) + ty) / depth;
    screen[i + 2] = -depth;
  }
  return screen;
}

function imageBox(screen: FloatArray): [x1: number, y1: number, x2: number, y2: number] {
  let x1 = Infinity, y1 = Infinity, x2 = -Infinity, y2 = -Infinity;
  for (let i = 0; i < screen.length; i += 3) {
    x1 = Math.min(x1, screen[i]);
    x2 = Math.max(x2, screen[i]);
    y1 = Math.min(y1, -screen[i + 1]);
    y2 = Math.max(y2, -screen[i + 1]);
  }
  return [x1, y1, x2, y2];
}

/** A camera of the form of poses, z0 = 1 + exp(ζ), and how far its image is from the true one. */
export interface RationalCamera {
  /** Scale s. */
  readonly scale: number;
  /** Shift t. */
  readonly translation: readonly [number, number];
  /** Distance z0 = 1 + exp(ζ). */
  readonly z0: number;
  /** Root mean square distance of the points, image = 2. */
  readonly residual: number;
}

/**
 * The camera (s R X + t) · (z0 − z/2) / (z0 + z/2) with the same rotation that is nearest to a perspective one, by
 * Gauss and Newton's steps from the true values.
 *
 * @param vertices Points in the frame of files, `[V, 3]`; at most about 500 of them are used
 * @param camera The true camera
 */
export function fitRationalCamera(vertices: FloatArray, camera: PerspectiveCamera): RationalCamera {
  const m = camera.matrix;
  const stride = Math.max(1, Math.floor(vertices.length / 3 / 500));
  const points = Array.from({ length: Math.ceil(vertices.length / 3 / stride) }, (_, i) => {
    const [x, y, z] = vertices.subarray(3 * i * stride, 3 * i * stride + 3);
    return [0, 3, 6].map((row) => m[row] * x + m[row + 1] * y + m[row + 2] * z); // turned, not scaled
  });
  const target = points.map(([x, y, z]) => {
    const factor = camera.distance / (camera.scale * z + camera.distance);
    return [
      (camera.scale * x + camera.translation[0]) * factor,
      (camera.scale * y + camera.translation[1]) * factor,
    ];
  });
  let [s, tx, ty, d] = [camera.scale, ...camera.translation, camera.distance];
  const squares = () => {
    let sum = 0;
    points.forEach(([x, y, z], i) => {
      const factor = (d - s * z / 2) / (d + s * z / 2);
      sum += ((s * x + tx) * factor - target[i][0]) ** 2 + ((s * y + ty) * factor - target[i][1]) ** 2;
    });
    return sum;
  };
  for (let repeat = 0; repeat < 8; repeat++) {
    const normal = new Float64Array(20); // [4, 5]: JᵀJ and Jᵀr
    points.forEach(([x, y, z], i) => {
      const half = s * z / 2, below = d + half, factor = (d - half) / below;
      const bySize = -d * z / (below * below), byDepth = 2 * half / (below * below);
      [[s * x + tx, x, factor, 0], [s * y + ty, y, 0, factor]].forEach(
        ([place, coordinate, jx, jy], axis) => {
          const row = [coordinate * factor + place * bySize, jx, jy, place * byDepth];
          const residual = target[i][axis] - place * factor;
          for (let r = 0; r < 4; r++) {
            for (let c = 0; c < 4; c++) normal[5 * r + c] += row[r] * row[c];
            normal[5 * r + 4] += row[r] * residual;
          }
        },
      );
    });
    const step = solveFour(normal);
    s += step[0];
    tx += step[1];
    ty += step[2];
    d = Math.max(1.02, d + step[3]);
  }
  return { scale: s, translation: [tx, ty], z0: d, residual: Math.sqrt(squares() / points.length) };
}

/** Solves four linear equations `[4, 5]` (matrix and right side) by elimination; the matrix is positive definite. */
function solveFour(rows: Float64Array): number[] {
  for (let p = 0; p < 4; p++) {
    rows[6 * p] += 1e-12;
    for (let r = 0; r < 4; r++) {
      if (r === p) continue;
      const factor = rows[5 * r + p] / rows[6 * p];
      for (let c = p; c < 5; c++) rows[5 * r + c] -= factor * rows[5 * p + c];
    }
  }
  return [0, 1, 2, 3].map((p) => rows[5 * p + 4] / rows[6 * p]);
}

/** A camera in a file of annotations; see `PerspectiveCamera` and `RationalCamera`. */
export interface CameraAnnotation {
  /** Rotation from the frame of files, `[3, 3]`. */
  readonly R: number[][];
  /** The same as a unit quaternion, `[4]`. */
  readonly quaternion_wxyz: number[];
  /** Scale. */
  readonly scale: number;
  /** Shift, `[2]`. */
  readonly translation: number[];
  /** Distance from the viewer. */
  readonly distance: number;
  /** Focal length in pixels. */
  readonly focal_px: number;
  /** Turn in degrees. */
  readonly azimuth_deg: number;
  /** Height in degrees. */
  readonly elevation_deg: number;
  /** The nearest camera of the form of poses. */
  readonly rational: {
    readonly scale: number;
    readonly translation: number[];
    readonly z0: number;
    readonly rms_px: number;
  };
}

/** The camera as annotation files hold it, for an image of `size` pixels. */
export function cameraAnnotation(
  camera: PerspectiveCamera,
  rational: RationalCamera,
  size: number,
): CameraAnnotation {
  const rows = [camera.matrix.slice(0, 3), camera.matrix.slice(3, 6), camera.matrix.slice(6, 9)];
  return {
    R: rows.map((row) => row.map(rounded)),
    quaternion_wxyz: matrixToQuaternion(camera.matrix).map(rounded),
    scale: rounded(camera.scale),
    translation: camera.translation.map(rounded),
    distance: rounded(camera.distance),
    focal_px: rounded(camera.distance * size / 2),
    azimuth_deg: rounded(camera.azimuth),
    elevation_deg: rounded(camera.elevation),
    rational: {
      scale: rounded(rational.scale),
      translation: rational.translation.map(rounded),
      z0: rounded(rational.z0),
      rms_px: rounded(rational.residual * size / 2),
    },
  };
}

/** Nine decimals: enough for any use, and free of a machine's last bits. */
function rounded(value: number): number {
  return Math.round(value * 1e9) / 1e9;
}
