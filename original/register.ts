/**
 * Lets `lib` open the original's data sets and PyTorch's files of weights; importing this module does it.
 *
 * @module
 */
import { registerDatasetSource } from "../lib/datasets/dataset_source.ts";
import { registerWeightsReader } from "../lib/io/weights_file.ts";
import { isOriginalDataset, openOriginalDataset } from "./datasets/open_original.ts";
import { readTorchWeights } from "./files/torch_weights.ts";

registerDatasetSource({ knows: isOriginalDataset, open: openOriginalDataset });
for (const ending of [".pth", ".pt"]) registerWeightsReader(ending, readTorchWeights);
