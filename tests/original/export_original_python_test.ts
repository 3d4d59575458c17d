import { assertEquals } from "@std/assert";
import { poseMetadataFile, posesFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { Prng } from "../../lib/core/prng.ts";
import { writeDetections } from "../../original/datasets/detections_file.ts";
import { writeSafetensors } from "../../lib/io/safetensors.ts";
import { inceptionStatisticsFile } from "../../original/import/import_original.ts";
import { exportOriginal } from "../../original/import/export_original.ts";
import { writePoseEstimates } from "../../lib/pose/files.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { detection, writeImage } from "./datasets/project.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { slowTest } from "../helpers/slow_test.ts";

/** Reads what was given back as the original does, and prints its values as JSON. */
const READER = `
import json, sys, numpy, torch
def plain(value):
    if isinstance(value, torch.Tensor):
        return [str(value.dtype), list(value.shape), value.double().flatten().tolist()]
    if isinstance(value, numpy.ndarray):
        return [str(value.dtype), list(value.shape), value.astype("float64").flatten().tolist()]
    if isinstance(value, dict): return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)): return [plain(item) for item in value]
    return value.item() if hasattr(value, "item") else value
folder = sys.argv[1]
load = lambda name: numpy.load(folder + "/" + name, allow_pickle=True)
fid = load("precomputed_fid_299x299.npz")
print(json.dumps({
    "poses": plain(torch.load(folder + "/poses_estimated_singletpl.bin", weights_only=False)),
    "metadata": plain(load("poses_metadata_singletpl.npz")["data"].item()),
    "sample": plain(load("pseudogt_64x64_singletpl/0.npz")["data"].item()),
    "fid": {name: plain(fid[name]) for name in fid.files},
}))
`;

/** A tensor as the reader prints it. */
type Printed = [type: string, shape: number[], values: number[]];

async function hasTorch(): Promise<boolean> {
  const command = new Deno.Command("python3", { args: ["-c", "import torch, numpy"], stderr: "null" });
  return await command.output().then(({ success }) => success, () => false);
}

const image = (height: number, channels: number, prng: Prng) => ({
  data: Float32Array.from({ length: height * height * channels }, () => prng.uniform(-1, 1)),
  ...{ height, width: height, channels },
});

const PRNG = new Prng(5, "export");
const POSES = {
  indices: Int32Array.of(0, 1),
  rotation: PRNG.normals(8),
  scale: PRNG.normals(2),
  translation: PRNG.normals(4),
  perspective: PRNG.normals(2),
  weights: Float32Array.of(1, 1),
  iou: PRNG.normals(2),
  miou: PRNG.normals(2),
  ids: ["a", "b"],
};
const SAMPLE = {
  ...{ id: "a", classIndex: 0 },
  displacementMap: image(32, 3, PRNG).data,
  parts: image(8, 2, PRNG),
  texture: image(64, 3, PRNG),
  alpha: image(64, 1, PRNG),
};

/** Our files of a data set of two birds. */
async function writeOurs(): Promise<void> {
  for (const name of ["a", "b"]) await writeImage(`datasets/x/${name}.png`);
  await writeDetections("cache/birds/detections.npy", [
    detection({ imagePath: "datasets/x/a.png" }),
    detection({ id: 1, imagePath: "datasets/x/b.png" }),
  ]);
  await writePoseEstimates(posesFile("birds", "singletpl"), POSES);
  const metadata = { ...POSES, classIndex: Int32Array.of(0, 0) };
  await writePoseMetadata(poseMetadataFile("birds", "singletpl"), metadata);
  const folder = pseudoGroundTruthFolder("birds", 64, "singletpl");
  await writeUvSample(uvSampleFile(folder, 0), SAMPLE);
  await writeUvSample(uvSampleFile(folder, 1), { ...SAMPLE, id: "b" });
  await writeSafetensors(inceptionStatisticsFile("birds"), {
    stats_m: { data: Float32Array.of(1, 2), shape: [2] },
    stats_s: { data: Float32Array.of(4, 0.5, 0.5, 9), shape: [2, 2] },
  }, { recipe: JSON.stringify({ numImages: 7, resolution: 299 }) });
}

/** Planes `[C, H, W]` of an image `[H, W, C]`. */
function planes(data: Float32Array, channels: number): number[] {
  const size = data.length / channels;
  return Array.from(data, (_, k) => data[(k % size) * channels + Math.floor(k / size)]);
}

function assertPrinted(printed: Printed, type: string, shape: number[], values: ArrayLike<number>): void {
  assertEquals(printed, [type, shape, Array.from(values)]);
}

const missing = Deno.env.get("TEXMESH_SLOW") === "1" && !await hasTorch()
  ? "there is no python3 with torch and numpy"
  : null;

async function readBackByPython(): Promise<void> {
  await writeOurs();
  await exportOriginal("back", "birds");
  const command = new Deno.Command("python3", { args: ["-c", READER, "back/cache/birds"] });
  const { success, stdout, stderr } = await command.output();
  assertEquals(success, true, new TextDecoder().decode(stderr));
  const { poses, metadata, sample, fid } = JSON.parse(new TextDecoder().decode(stdout));

  assertPrinted(poses.indices, "torch.int64", [2], POSES.indices);
  assertPrinted(poses.R, "torch.float32", [2, 4], POSES.rotation);
  assertPrinted(poses.s, "torch.float32", [2, 1], POSES.scale);
  assertPrinted(poses.t, "torch.float32", [2, 2], POSES.translation);
  assertPrinted(poses.z0, "torch.float32", [2, 1], POSES.perspective);
  assertPrinted(poses.w, "torch.float32", [2, 1], POSES.weights);
  assertPrinted(poses.iou, "torch.float32", [2, 1], POSES.iou);
  assertPrinted(metadata.scale, "torch.float32", [2, 1], POSES.scale);
  assertPrinted(metadata.rotation, "torch.float32", [2, 4], POSES.rotation);
  assertPrinted(metadata.z0, "torch.float32", [2, 1], POSES.perspective);
  assertPrinted(metadata.category, "torch.int64", [2], [0, 0]);
  const [tx, ty, ux, uy] = POSES.translation;
  assertPrinted(metadata.translation, "torch.float32", [2, 3], [tx, ty, 0, ux, uy, 0]);
  assertEquals(metadata.path, ["datasets/x/a.png", "datasets/x/b.png"]);

  const half = (values: number[]) => Float16Array.from(values);
  assertPrinted(sample.mesh, "torch.float32", [3, 32, 32], planes(SAMPLE.displacementMap, 3));
  assertPrinted(sample.seg, "torch.float32", [2, 8, 8], planes(SAMPLE.parts.data, 2));
  assertPrinted(sample.texture, "torch.float16", [3, 64, 64], half(planes(SAMPLE.texture.data, 3)));
  assertPrinted(sample.texture_alpha, "torch.float16", [1, 64, 64], half(planes(SAMPLE.alpha.data, 1)));
  assertEquals(sample.image.slice(0, 2), ["torch.float16", [4, 299, 299]]);
  assertEquals(sample.category, 0);
  assertEquals([fid.stats_m[2], fid.stats_s[2]], [[1, 2], [4, 0, 0.5, 9]]); // the lower triangle
  assertEquals([fid.num_images[2], fid.resolution[2]], [[7], [299]]);
}

slowTest(
  "import_original --export: PyTorch and NumPy read what we give back, with equal values",
  () => inProject(readBackByPython),
  missing,
);
