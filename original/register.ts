/**
 * Lets `lib` open the original's data sets and PyTorch's files of weights; importing this module does it.
 *
 * @module
 */
import { registerDatasetSource } from "../lib/datasets/dataset_source.ts";
import { registerWeightsReader } from "../lib/io/weights_file.ts";
import { readTorchWeights } from "./files/torch_weights.ts";

const original = () => import("./datasets/open_original.ts"); // commands without data sets need none of it
registerDatasetSource({
  knows: async (name) => await (await original()).isOriginalDataset(name),
  open: async (name) => await (await original()).openOriginalDataset(name),
});
for (const ending of [".pth", ".pt"]) registerWeightsReader(ending, readTorchWeights);
