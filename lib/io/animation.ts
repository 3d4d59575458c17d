/**
 * Animated images in files, written with sharp.
 *
 * @module
 */
import sharp from "sharp";
import type { FloatImage } from "../core/arrays.ts";
import { UserError } from "../core/errors.ts";
import { writeFileAtomic } from "./atomic_file.ts";

/** Kinds of animated images. */
export type AnimationFormat = "webp" | "gif";

/** Options of an animation. */
export interface AnimationOptions {
  /** Frames a second, above 0 and up to 50. */
  framesPerSecond?: number;
  /** How often it plays; 0 is without end. */
  loops?: number;
  /** Quality of WebP, 1 to 100. GIF has none. */
  quality?: number;
}

/**
 * Encodes frames as one animated image. GIF has 256 colours a frame, and pixels are seen or not.
 *
 * @param frames Images of one size, `[H, W, 3]` or `[H, W, 4]` in [0, 1]
 * @param format WebP or GIF
 * @param options Speed, loops and quality
 * @returns Bytes of the file
 * @throws {TypeError} If there is no frame, or the frames differ in size
 * @throws {RangeError} If an option is out of range
 */
export async function encodeAnimation(
  frames: readonly FloatImage[],
  format: AnimationFormat,
  { framesPerSecond = 20, loops = 0, quality = 85 }: AnimationOptions = {},
): Promise<Uint8Array> {
  const action = "encode an animation";
  if (!(framesPerSecond > 0 && framesPerSecond <= 50)) {
    throw new RangeError(
      `Cannot ${action}: framesPerSecond must be above 0 and up to 50, current value is ${framesPerSecond}`,
    );
  }
  for (
    const [name, value, low, high] of [["loops", loops, 0, 65535], ["quality", quality, 1, 100]] as const
  ) {
    if (!(Number.isInteger(value) && value >= low && value <= high)) {
      throw new RangeError(
        `Cannot ${action}: ${name} must be an integer from ${low} to ${high}, current value is ${value}`,
      );
    }
  }
  const { height, width, channels, bytes } = stack(frames, action);
  const raw = { width, height: height * frames.length, channels, pageHeight: height };
  const delay = new Array<number>(frames.length).fill(Math.round(1000 / framesPerSecond));
  const pipeline = sharp(bytes, { raw });
  const encoded = format === "webp"
    ? pipeline.webp({ quality, loop: loops, delay, effort: 4 })
    : pipeline.gif({ loop: loops, delay });
  return new Uint8Array(await encoded.toBuffer());
}

/**
 * Writes frames as one animated image, atomically; the end of the path tells the kind.
 *
 * @param path Target file, `.webp` or `.gif`
 * @param frames Images of one size, `[H, W, 3]` or `[H, W, 4]` in [0, 1]
 * @param options Speed, loops and quality
 * @throws {UserError} If the path has another end or the file cannot be written
 */
export async function writeAnimation(
  path: string,
  frames: readonly FloatImage[],
  options: AnimationOptions = {},
): Promise<void> {
  const [, end] = /\.(webp|gif)$/i.exec(path) ?? [];
  if (end === undefined) {
    throw new UserError(`Cannot write the animation ${path}: the name must end in .webp or .gif`);
  }
  await writeFileAtomic(path, await encodeAnimation(frames, end.toLowerCase() as AnimationFormat, options));
}

/** All frames below each other, as bytes, `[N H, W, C]`. */
function stack(frames: readonly FloatImage[], action: string) {
  if (frames.length === 0) throw new TypeError(`Cannot ${action}: current value is 0 frames`);
  const { height, width, channels } = frames[0], length = height * width * channels;
  if (channels !== 3 && channels !== 4) {
    throw new TypeError(`Cannot ${action} without 3 or 4 channels: current value is ${channels}`);
  }
  const bytes = new Uint8Array(frames.length * length);
  frames.forEach((frame, n) => {
    if (frame.height !== height || frame.width !== width || frame.data.length !== length) {
      throw new TypeError(
        `Cannot ${action} of frames of different sizes: frame ${n} is ${frame.height} x ${frame.width} with ` +
          `${frame.data.length} values, frame 0 is ${height} x ${width} x ${channels}`,
      );
    }
    for (let i = 0, o = n * length; i < length; i++, o++) {
      bytes[o] = Math.min(255, Math.max(0, Math.round(255 * frame.data[i])));
    }
  });
  return { height, width, channels: channels as 3 | 4, bytes };
}
