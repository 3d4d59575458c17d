/**
 * The original's data sets, checkpoints and files: importing this module lets `openDataset` open its data sets, and
 * feature networks read PyTorch's weights.
 *
 * @module
 */
import "./register.ts";

export { foundObjects } from "./detect/found_objects.ts";
export {
  type MatCells,
  type MatNumbers,
  type MatStructs,
  type MatText,
  type MatValue,
  readMat,
} from "./files/mat.ts";
