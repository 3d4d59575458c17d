/**
 * Options that several stages have, each written once.
 *
 * @module
 */
import { option } from "./option.ts";

/** What may name a folder. */
export const FOLDER_NAME = {
  expression: /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u,
  rule: 'of letters, digits, "_", "-" and ".", and start with a letter or digit, as it names folders',
} as const;

/** Name of a run. */
export const name = option.text({
  doc: "Name of the run: its folder under checkpoints_*, tensorboard_* and output.",
  pattern: FOLDER_NAME,
  required: true,
});

/** Name of a run that need not be given. */
export const optionalName = (doc: string) => option.text({ doc, pattern: FOLDER_NAME });

/** Name of a data set. */
export const dataset = option.text({
  doc: "Name of the data set: its folder under cache.",
  pattern: FOLDER_NAME,
  required: true,
});

/** One or several templates. */
export const mode = option.choice({
  doc: "One template (singletpl) or several (multitpl).",
  choices: ["singletpl", "multitpl"],
  required: true,
});

/** One or several templates, or what the run's settings or its name tell. */
export const modeOrAutodetect = option.choice({
  doc: "One template or several; autodetect reads the run's settings, then its name.",
  choices: ["autodetect", "singletpl", "multitpl"],
  default: "autodetect",
});

/** Template of a category. */
export const category = option.text({
  flag: "template",
  doc: "Template of the category, such as bird or car.",
  required: true,
});

/** Folder of a user's photographs. */
export const images = option.text({
  reads: true,
  doc:
    "Folder of photographs: RGBA images, photos with masks beside them, COCO JSON, YOLO contours, or files of labelme, " +
    "Label Studio or CVAT.",
  required: true,
});

/** Left-right symmetry. */
export const symmetric = option.boolean({ doc: "Left-right symmetry of shapes.", default: true });

/** Size of a worker pool, null for one per core. */
export const workersThat = (what: string) =>
  option.integer({
    flag: "num_workers",
    doc: `Workers${what}, auto is one per core.`,
    minimum: 0,
    auto: null,
  });

/** Size of the worker pool, null for one per core. */
export const workers = workersThat(", 0 for none; the result is the same for any number");

/** Seed of all randomness. */
export const seed = option.integer({
  doc: "Seed of all randomness, in independent streams.",
  default: 1,
  minimum: 0,
});

/** Fewer photographs; 0 takes all. */
export const limit = option.integer({
  doc: "The first K images after the seed's shuffle; auto takes all.",
  minimum: 1,
  auto: 0,
});

/** Leave out what was reported as bad. */
export const skipInvalid = option.boolean({
  doc: "Leave out images that are reported as unusable, instead of stopping.",
  default: false,
});

/** Replace an existing result. */
export const overwrite = option.boolean({ doc: "Replace an existing result.", default: false, free: true });

/** Resume a run. */
export const continueTrain = option.boolean({
  doc: "Resume the run from its checkpoint.",
  default: false,
  free: true,
});

/** Which checkpoint. */
export const whichEpoch = option.text({
  doc: "Checkpoint to load: latest, best or an epoch's number.",
  default: "latest",
  free: true,
});

/** How a run that is kept begins. */
export const RUN_CONTROL_OPTIONS = { continueTrain, whichEpoch, overwrite } as const;

/** Event files. */
export const tensorboard = (folder: string) =>
  option.boolean({
    doc: `Write event files for TensorBoard to ${folder}/<name>.`,
    default: false,
    free: true,
  });

/** Figures as JSON. */
export const json = option.text({ writes: true, doc: "File to write the figures to, as JSON." });
