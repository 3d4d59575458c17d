/**
 * Flags of the original that have no effect here, or that are refused.
 *
 * @module
 */

/** Flags that tasks know without using them. */
export interface IgnoredFlags {
  /** Their names. */
  readonly flags: readonly string[];
  /** Tasks that know them. */
  readonly tasks: readonly string[];
  /** Kind of value; text if it is left out. */
  readonly kind?: "integer" | "boolean" | "list" | "text";
  /** The allowed values. */
  readonly choices?: readonly (string | number)[];
  /** Why they have no effect, as a sentence. */
  readonly neutral?: string;
  /** Why they are refused, as a sentence. */
  readonly refused?: string;
}

const GENERATOR = ["train_gan", "evaluate", "export"];
const NETWORKS = [...GENERATOR, "reconstruct", "generate_pseudogt"];
const POSES = ["pose_step1", "pose_step2"];
const NO_CAPTIONS = "captions and colours are not supported.";
const NOTHING_TRAINED = "nothing is trained here, and networks run in float32.";
const UNTRAINED = [
  ...["evaluate", "export", "evaluate_gan", "evaluate_real"],
  ...["generate_pseudogt", "export_reconstructions", "reconstruct_photo"],
];

/** All of them. */
export const IGNORED_FLAGS: readonly IgnoredFlags[] = [
  {
    flags: ["mesh_path"],
    tasks: [...NETWORKS, ...POSES, "remesh"],
    choices: ["autodetect", "mesh_templates/uvsphere_31rings.obj"],
    neutral: "there is one sphere topology.",
  },
  {
    flags: ["mesh_resolution"],
    tasks: NETWORKS,
    kind: "integer",
    choices: [32],
    neutral: "displacement maps have one size.",
  },
  {
    flags: ["num_workers"],
    tasks: GENERATOR,
    kind: "integer",
    neutral: "files are read ahead without workers.",
  },
  { flags: ["num_parts"], tasks: GENERATOR, kind: "integer", neutral: "it follows from the data." },
  {
    flags: ["conditional_color", "conditional_text", "text_train_encoder", "text_attention"],
    tasks: GENERATOR,
    kind: "boolean",
    refused: NO_CAPTIONS,
  },
  {
    flags: ["text_max_length", "text_embedding_dim"],
    tasks: GENERATOR,
    kind: "integer",
    refused: NO_CAPTIONS,
  },
  { flags: ["text_pretrained_encoder"], tasks: GENERATOR, refused: NO_CAPTIONS },
  {
    flags: ["skip_invalid"],
    tasks: ["train_gan"],
    kind: "boolean",
    neutral: "generate_pseudogt leaves unusable photographs out.",
  },
  { flags: ["how_many"], tasks: ["train_gan"], kind: "integer", neutral: "it belongs to --export_sample." },
  {
    flags: ["truncation_sigma"],
    tasks: ["train_gan"],
    kind: "list",
    neutral: "it belongs to --evaluate and --export_sample.",
  },
  {
    flags: ["filter_class"],
    tasks: ["train_gan"],
    refused: "it chooses a category for --evaluate or --export_sample; training takes all.",
  },
  { flags: ["how_many"], tasks: ["evaluate"], kind: "integer", neutral: "it belongs to export." },
  {
    flags: ["evaluate"],
    tasks: ["evaluate"],
    kind: "boolean",
    neutral: "this task does nothing else.",
  },
  {
    flags: ["export_sample"],
    tasks: ["export"],
    kind: "boolean",
    neutral: "this task does nothing else.",
  },
  {
    flags: ["evaluate"],
    tasks: ["export"],
    kind: "boolean",
    refused: "`deno task evaluate` measures a run.",
  },
  {
    flags: ["continue_train"],
    tasks: ["evaluate", "export"],
    kind: "boolean",
    refused: "evaluate and export do not train.",
  },
  {
    flags: ["supersample"],
    tasks: ["export"],
    kind: "integer",
    neutral: "the image grid is always smoothed.",
  },
  {
    flags: ["overwrite"],
    tasks: ["export"],
    kind: "boolean",
    neutral: "an export always replaces the one before.",
  },
  {
    flags: ["batch_size"],
    tasks: POSES,
    kind: "integer",
    neutral: "one image is one task.",
  },
  {
    flags: ["symmetric"],
    tasks: ["pose_step1"],
    kind: "boolean",
    neutral: "templates are fitted as they are; pose_step2 asks for it.",
  },
  { flags: ["gpu_ids"], tasks: POSES, kind: "list", neutral: "poses are computed on the CPU." },
  { flags: ["seed"], tasks: POSES, kind: "integer", neutral: "pose estimation draws nothing." },
  { flags: ["gpu_ids"], tasks: ["remesh"], kind: "list", neutral: "silhouettes are computed on the CPU." },
  {
    flags: ["pseudogt_path", "pseudogt"],
    tasks: ["reconstruct"],
    neutral: "it belongs to generate_pseudogt.",
  },
  {
    flags: ["pseudogt_resolution"],
    tasks: ["reconstruct"],
    kind: "integer",
    neutral: "it belongs to generate_pseudogt.",
  },
  {
    flags: ["generate_pseudogt"],
    tasks: ["generate_pseudogt"],
    kind: "boolean",
    neutral: "this task does nothing else.",
  },
  {
    flags: ["evaluate"],
    tasks: ["generate_pseudogt"],
    kind: "boolean",
    refused: "`deno task reconstruct --evaluate` measures a run.",
  },
  {
    flags: ["tensorboard"],
    tasks: ["generate_pseudogt"],
    kind: "boolean",
    neutral: "nothing is trained here.",
  },
  {
    flags: ["continue_train"],
    tasks: ["generate_pseudogt"],
    kind: "boolean",
    neutral: "files that are there are kept, so a stopped call resumes by itself.",
  },
  { flags: ["eager"], tasks: UNTRAINED, kind: "boolean", neutral: NOTHING_TRAINED },
  {
    flags: ["precision"],
    tasks: UNTRAINED,
    choices: ["float32", "bf16"],
    neutral: NOTHING_TRAINED,
  },
];
