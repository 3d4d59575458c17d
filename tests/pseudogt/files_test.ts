import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import {
  isUvSample,
  type PoseMetadata,
  readPoseMetadata,
  readUvSample,
  type UvSample,
  uvSampleFile,
  writePoseMetadata,
  writeUvSample,
} from "../../lib/pseudogt/files.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const prng = new Prng(1, "files");
const image = (side: number, channels: number) => ({
  data: prng.normals(side * side * channels),
  height: side,
  width: side,
  channels,
});

Deno.test("UV maps come back as written, colours rounded to 16 bits", () =>
  inFolder(async (folder) => {
    const sample: UvSample = {
      id: "a/b.jpg",
      classIndex: 3,
      displacementMap: prng.normals(32 * 32 * 3),
      parts: image(4, 2),
      texture: image(8, 3),
      alpha: image(8, 1),
    };
    const path = uvSampleFile(folder, 7);
    await writeUvSample(path, sample);
    const half = (x: typeof sample.texture) => ({ ...x, data: Float32Array.from(new Float16Array(x.data)) });
    assertEquals(await readUvSample(path), {
      ...sample,
      texture: half(sample.texture),
      alpha: half(sample.alpha),
    });
    assert(await isUvSample(path, "a/b.jpg", 8));
    assert(!await isUvSample(path, "other", 8));
    assert(!await isUvSample(path, "a/b.jpg", 16));
    await Deno.writeFile(path, (await Deno.readFile(path)).slice(0, 500));
    assert(!await isUvSample(path, "a/b.jpg", 8));
  }));

Deno.test("the table of poses comes back as written, and a short one is refused", () =>
  inFolder(async (folder) => {
    const poses: PoseMetadata = {
      scale: Float32Array.of(1, 2),
      translation: Float32Array.of(0.1, 0.2, 0.3, 0.4),
      rotation: Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0),
      perspective: Float32Array.of(2, Infinity),
      classIndex: Int32Array.of(0, 1),
      ids: ["x", "y"],
    };
    const path = join(folder, "poses.safetensors");
    await writePoseMetadata(path, poses);
    assertEquals(await readPoseMetadata(path), poses);
    await assertRejects(() => writePoseMetadata(path, { ...poses, ids: ["x"] }), TypeError);
    await writeUvSample(path, {
      id: "x",
      classIndex: 0,
      displacementMap: new Float32Array(32 * 32 * 3),
      parts: null,
      texture: image(4, 3),
      alpha: image(4, 1),
    });
    await assertRejectsWith(() => readPoseMetadata(path), UserError, path, "ids");
  }));
