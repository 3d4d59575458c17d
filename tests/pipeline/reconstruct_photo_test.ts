import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import sharp from "sharp";
import { useBackend } from "../../lib/backend/select_backend.ts";
import { UserError } from "../../lib/core/errors.ts";
import { Prng } from "../../lib/core/prng.ts";
import { readGltf } from "../../lib/io/gltf_reader.ts";
import { encodeBytesPng, readByteImage } from "../../lib/io/image_file.ts";
import { reconstructionConfig } from "../../lib/networks/reconstruction_config.ts";
import { ReconstructionNetwork } from "../../lib/networks/reconstruction_network.ts";
import { reconstructPhoto, type ReconstructPhotoRequest } from "../../lib/pipeline/reconstruct_photo.ts";
import { foundObjects } from "../../original/detect/found_objects.ts";
import type { ReconstructionState, TrainedReconstruction } from "../../lib/reconstruction/files.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

await useBackend({ backend: "auto", threads: 1 });

const WIDTH = 40, HEIGHT = 30;

/** A network that was not trained, which is all that files need. */
function freshNetwork(predictionType: "texture" | "semantics"): TrainedReconstruction {
  const config = reconstructionConfig("demo", {
    imageResolution: 32,
    width: 1 / 16,
    predictionType,
    partChannels: 1,
  });
  const network = new ReconstructionNetwork(config, new Prng(1, "test"));
  const state = {
    classParts: [[]] as number[][],
    partNames: [] as string[],
  } as unknown as ReconstructionState;
  return { network, state };
}

/** Images of a disc: a cut-out, the same without alpha, its mask, and what a detector would tell. */
async function writeImages(
  folder: string,
): Promise<Record<"cutOut" | "plain" | "mask" | "results", string>> {
  const inside = Array.from(
    { length: WIDTH * HEIGHT },
    (_, p) => Math.hypot(p % WIDTH - 18, Math.floor(p / WIDTH) - 15) < 10,
  );
  const raw = (channels: 1 | 3 | 4) => ({ raw: { width: WIDTH, height: HEIGHT, channels } });
  const names = {
    cutOut: join(folder, "disc.png"),
    plain: join(folder, "plain.png"),
    mask: join(folder, "mask.png"),
    results: join(folder, "results.json"),
  };
  const colours = inside.flatMap((isIn) => isIn ? [200, 40, 40] : [90, 120, 90]);
  const cutOut = inside.flatMap((isIn) => [200, 40, 40, isIn ? 255 : 0]);
  await sharp(Uint8Array.from(cutOut), raw(4)).png().toFile(names.cutOut);
  await sharp(Uint8Array.from(colours), raw(3)).png().toFile(names.plain);
  await sharp(Uint8Array.from(inside, (isIn) => isIn ? 255 : 0), raw(1)).png().toFile(names.mask);
  const corners = [8, 5, 28, 5, 28, 25, 8, 25];
  const annotation = { image_id: 1, category_id: 3, segmentation: [corners] };
  await Deno.writeTextFile(
    names.results,
    JSON.stringify({
      images: [{ id: 1, file_name: "plain.png" }],
      categories: [{ id: 3, name: "car" }],
      annotations: [{ ...annotation, score: 0.8 }, { ...annotation, score: 0.3 }],
    }),
  );
  return names;
}

/** What a GLB tells about itself. */
function extrasOf(bytes: Uint8Array): Record<string, unknown> {
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(12, true);
  const json = JSON.parse(new TextDecoder().decode(bytes.subarray(20, 20 + length)));
  return json.asset.extras;
}

Deno.test("a photograph with a mask from anywhere becomes a textured GLB", () =>
  inFolder(async (folder) => {
    const { cutOut, plain, mask, results } = await writeImages(folder);
    const trained = freshNetwork("texture");
    const make = (photo: string, changes: Partial<ReconstructPhotoRequest>) =>
      reconstructPhoto(trained, {
        ...{ name: "run", photo, output: join(folder, "out", "mesh.glb") },
        ...changes,
      });
    const find = await foundObjects(results);
    for (
      const [photo, changes] of [
        [cutOut, { refine: "none" }],
        [plain, { mask, refine: "texture" }],
        [plain, { find, category: "car" }], // refined in full
      ] as const
    ) {
      const { refine = "full" }: Partial<ReconstructPhotoRequest> = changes;
      const { paths, seconds } = await make(photo, changes);
      assertEquals(paths, [join(folder, "out", "mesh.glb")]);
      assert(seconds > 0 && (refine !== "none" || seconds < 2), `${seconds} s`);
      const { faces } = await readGltf(await Deno.readFile(paths[0]));
      assertEquals(faces.length, 3 * 1920);
      assertEquals(extrasOf(await Deno.readFile(paths[0])).refine, refine);
      await Deno.remove(paths[0]);
    }
    const { paths } = await make(cutOut, { formats: ["glb", "obj"], refine: "none" });
    assertEquals(paths.length, 2);
    const image = await readByteImage(mask), { height, width, channels } = image;
    const data = Uint8Array.from({ length: height * width }, (_, p) => 255 - image.data[p * channels]);
    const inverted = join(folder, "inverted.png");
    await Deno.writeFile(inverted, await encodeBytesPng({ data, height, width, channels: 1 }));
    const { notes } = await make(plain, { mask: inverted, refine: "none" });
    assertFacts(notes[0], plain, "inverted");
    await assertRejectsWith(() => make(plain, {}), UserError, plain, "'mask: FILE'", "'detections: FILE'");
    await assertRejectsWith(
      () => make(plain, { mask: cutOut.replace("disc", "none") }),
      UserError,
      plain,
      cutOut.replace("disc", "none"),
    );
    await assertRejectsWith(
      () => make(plain, { find, category: "bird" }),
      UserError,
      plain,
      "bird",
      "car",
      "'threshold'",
    );
    await assertRejectsWith(
      () => make(plain, { find, threshold: 0.9 }),
      UserError,
      plain,
      0.9,
      "'threshold'",
    );
    await assertRejectsWith(() => make(cutOut, { find }), UserError, cutOut, "'threshold'", "'mask'");
    await assertRejectsWith(
      () => make(cutOut, { classIndex: 1 }),
      UserError,
      cutOut,
      "class 1",
      "1 classes",
      "run",
    );
    await assertRejectsWith(() => make(join(folder, "no.png"), {}), UserError, join(folder, "no.png"));
    await assertRejectsWith(
      () => foundObjects(join(folder, "a.txt")),
      UserError,
      join(folder, "a.txt"),
      ".npy",
      ".json",
    );
    trained.network.dispose();
  }));

Deno.test("a network without a texture serves refined objects, and is refused without refinement", () =>
  inFolder(async (folder) => {
    const { cutOut } = await writeImages(folder);
    const trained = freshNetwork("semantics");
    const request = { name: "run", photo: cutOut, output: join(folder, "a") };
    assertEquals((await reconstructPhoto(trained, request)).paths, [join(folder, "a.glb")]);
    await assertRejectsWith(
      () => reconstructPhoto(trained, { ...request, refine: "none" }),
      UserError,
      cutOut,
      "'refine: none'",
      "'predictionType: semantics'",
    );
    trained.network.dispose();
  }));
