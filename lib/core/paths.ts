/**
 * Where every stage keeps its files, relative to the project's folder: the one table of names.
 *
 * @module
 */

/** One template, or several per category. */
export type Mode = "singletpl" | "multitpl";

/** Folder of a data set's files. */
export const cacheFolder = (dataset: string): string => `cache/${dataset}`;
/** Description of a data set: category, images, boxes, parts. */
export const datasetFile = (dataset: string): string => `cache/${dataset}/dataset.json`;
/** Detected objects of one of the original's data sets. */
export const detectionsFile = (dataset: string): string => `cache/${dataset}/detections.npy`;
/** Templates that `remesh` made or a user brought. */
export const templateFile = (mode: Mode, category: string): string =>
  `cache/remeshed_templates/${mode}/${category}.safetensors`;
/** Folder of masks that models made of the photographs of a data set. */
export const masksFolder = (dataset: string): string => `cache/${dataset}/masks`;
/** Features of a data set's photographs by the vision model, a file each. */
export const featuresFolder = (dataset: string): string => `cache/${dataset}/features`;
/** Result of pose step 1. */
export const hypothesesFile = (dataset: string, mode: Mode): string =>
  `cache/${dataset}/camera_hypotheses_silhouette_${mode}.safetensors`;
/** Part probabilities of the template's vertices, inferred by pose step 2. */
export const semanticTemplateFile = (dataset: string, mode: Mode): string =>
  `cache/${dataset}/semantic_template_${mode}.safetensors`;
/** Result of pose step 2. */
export const posesFile = (dataset: string, mode: Mode): string =>
  `cache/${dataset}/poses_estimated_${mode}.safetensors`;
/** What pose step 2 decided about every photograph. */
export const poseChoiceFile = (dataset: string, mode: Mode): string =>
  `cache/${dataset}/pose_choice_${mode}.safetensors`;
/** What a person said about the poses, by the photographs' ids. */
export const correctionsFile = (dataset: string): string => `cache/${dataset}/pose_corrections.json`;
/** Poses in the order of the pseudo-ground-truth files; those that a reconstruction run made are its own. */
export const poseMetadataFile = (dataset: string, mode: Mode, run: string | null = null): string =>
  `cache/${dataset}/poses_metadata_${mode}${run === null ? "" : `_${run}`}.safetensors`;
/** Folder of pseudo-ground-truth files `<i>.safetensors` of R × R texels; those of a reconstruction run are its own. */
export const pseudoGroundTruthFolder = (
  dataset: string,
  resolution: number,
  mode: Mode,
  run: string | null = null,
): string => `cache/${dataset}/pseudogt_${resolution}x${resolution}_${mode}${run === null ? "" : `_${run}`}`;
/**
 * Refined objects `<id>.safetensors` of a data set; those that begin with a reconstruction run's predictions are its own.
 * Without a fitted shape, photographs are only projected.
 */
export const refinedFolder = (
  dataset: string,
  mode: Mode,
  run: string | null,
  shape: boolean = true,
): string => `cache/${dataset}/${shape ? "refined" : "projected"}_${mode}${run === null ? "" : `_${run}`}`;
/** Feature statistics of the real images, one file per feature network. */
export const featureStatisticsFile = (dataset: string, featureNetwork: string): string =>
  `cache/${dataset}/statistics_${featureNetwork}.safetensors`;
/** Checkpoints, settings and log of a reconstruction run. */
export const reconstructionFolder = (run: string): string => `checkpoints_recon/${run}`;
/** Checkpoints, settings and log of a GAN run. */
export const ganFolder = (run: string): string => `checkpoints_gan/${run}`;
/** What a run exports: meshes, images, report. */
export const outputFolder = (run: string): string => `output/${run}`;
/** Meshes of a run's photographs, refined or with the photographs projected only (`texture`), or as predicted (`none`). */
export const reconstructionsFolder = (run: string, refinement: "none" | "texture" | "full"): string =>
  `output/${run}/reconstructions${refinement === "full" ? "" : `_${refinement}`}`;
/** The viewer of a run: a folder of static files. */
export const viewerFolder = (run: string): string => `output/${run}/viewer`;
/** The viewer's programs, bundled for browsers. */
export const VIEWER_BUNDLE = "cache/viewer_bundle";
