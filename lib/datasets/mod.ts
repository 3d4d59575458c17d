/**
 * Photographs with masks: import of a folder, data sets, and the templates of their classes.
 *
 * @module
 */
export * from "./dataset.ts";
export type { Box, Crop } from "./crop.ts";
export * from "./import_report.ts";
export { type ImportOptions, importPhotographs, inspectPhotographs } from "./import_photographs.ts";
export { IMPORT_OPTIONS } from "./photograph_options.ts";
export { openDataset } from "./open_dataset.ts";
export {
  type BackgroundRemoval,
  type PhotoSize,
  removePlainBackground,
} from "./background_removal/plain_background.ts";
export type { MaskModelOptions, RemoveBackground } from "./background_removal/background_remover.ts";
export type { ObjectModelOptions } from "./background_removal/object_model.ts";
export type { PartReading } from "./dataset.ts";
export type { SampleTask } from "./dataset.ts";
export * from "../templates/load_templates.ts";
export * from "../templates/template_file.ts";
export type { DatasetFile, DatasetFileRecord } from "./dataset_file.ts";
