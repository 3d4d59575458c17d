/**
 * The original's documented commands beside ours (its script names replaced by our tasks), data of the tests.
 *
 * @module
 */

/** A step of the original's instructions, in both spellings. */
export interface CommandPair {
  /** Our task that the original's script became. */
  readonly task: string;
  /** The original's flags. */
  readonly original: string;
  /** Our task of the same step. */
  readonly ours: string;
  /** Our flags. */
  readonly flags: string;
  /** Parsed options that differ besides `gpuIds`, with the reason. */
  readonly besides?: Readonly<Record<string, string>>;
}

const GPUS = "--gpu_ids 0,1,2,3", ALL_GPUS = "--gpu_ids 0,1,2,3,4,5,6,7";
const MODES = ["singletpl", "multitpl"] as const;

function pair(
  task: string,
  original: string,
  flags: string,
  more: { ours?: string; besides?: CommandPair["besides"] } = {},
): CommandPair {
  return { task, original, ours: more.ours ?? task, flags, besides: more.besides };
}

function posePairs(mode: string): CommandPair[] {
  return ["p3d_car", "cub", "imagenet_motorcycle"].flatMap((dataset) =>
    ["pose_step1", "pose_step2"].map((task) => {
      const flags = `--dataset ${dataset} --mode ${mode}`;
      return pair(task, `${flags} ${ALL_GPUS}`, flags);
    })
  );
}

function reconstructionPairs(mode: string): CommandPair[] {
  const of = (dataset: string, more: string) => {
    const flags = `--name new_${dataset}_${mode} --dataset ${dataset} ${more}`;
    return pair("reconstruct", `${flags} --gpu_ids 0`, flags);
  };
  const all = (name: string) => `--name ${name}_all_${mode} --dataset all --batch_size 128 --tensorboard`;
  return [
    of("p3d_car", "--iters 130000 --tensorboard"),
    of("p3d_airplane", "--iters 130000 --tensorboard"),
    of("cub", "--batch_size 10 --tensorboard"),
    of("imagenet_zebra", "--iters 130000 --tensorboard"),
    pair("reconstruct", `${all("pretrained")} ${GPUS}`, all("new"), {
      besides: { name: "the original's would be taken for a pretrained run" },
    }),
  ];
}

function pseudogtPairs(mode: string): CommandPair[] {
  return ["p3d_car", "p3d_airplane", "cub", "imagenet_zebra", "all"].map((dataset) => {
    const flags = `--name pretrained_${dataset}_${mode} --dataset ${dataset} --batch_size 10`;
    return pair("reconstruct", `${flags} --generate_pseudogt --num_workers 1`, flags, {
      ours: "generate_pseudogt",
      besides: { workers: "ours are as many as there are cores" },
    });
  });
}

function ganPairs(mode: string): CommandPair[] {
  const of = (dataset: string, more: string, gpus = GPUS) => {
    const flags = `--name new_${dataset}_${mode} --dataset ${dataset} ${more} --tensorboard`;
    return pair("train_gan", `${flags} ${gpus}`, flags);
  };
  const run = `--name new_cub_${mode} --dataset cub`, all = `--name pretrained_all_${mode} --dataset all`;
  return [
    of("p3d_car", "--batch_size 32 --num_discriminators 2 --iters 100000"),
    of("p3d_airplane", "--batch_size 32 --num_discriminators 2 --iters 100000"),
    of("cub", "--batch_size 32 --num_discriminators 3 --epochs 800"),
    of("imagenet_zebra", "--batch_size 32 --num_discriminators 3 --iters 80000"),
    of("all", "--conditional_class --batch_size 64 --num_discriminators 3 --epochs 400", ALL_GPUS),
    pair(
      "train_gan",
      `${run} ${GPUS} --batch_size 64 --evaluate --which_epoch best`,
      `${run} --batch_size 64 --which_epoch best`,
      { ours: "evaluate" },
    ),
    pair(
      "train_gan",
      `${all} --conditional_class ${GPUS} --batch_size 64 --evaluate --filter_class motorcycle`,
      `${all} --batch_size 64 --filter_class motorcycle`,
      {
        ours: "evaluate",
        besides: { conditionalClass: "ours is read from the run; a given value is compared" },
      },
    ),
    pair(
      "train_gan",
      `--name pretrained_cub_${mode} --dataset cub --gpu_ids 0 --batch_size 10 --export_sample --how_many 40`,
      `--name pretrained_cub_${mode} --dataset cub --how_many 40`,
      { ours: "export", besides: { batchSize: "it only counts where --how_many is missing" } },
    ),
  ];
}

/** All documented steps but `remesh`, in both modes. */
export const COMMAND_PAIRS: readonly CommandPair[] = MODES.flatMap((mode) => [
  ...posePairs(mode),
  ...reconstructionPairs(mode),
  ...pseudogtPairs(mode),
  ...ganPairs(mode),
]);
