/**
 * What the training bench measures, and the bounds.
 *
 * @module
 */
import type { WorkloadRequest } from "./train_workloads.ts";

/** A run of a workload without the number of repeats. */
export type Workload = Omit<WorkloadRequest, "repeats">;

/** One line of the bench. */
export interface Row {
  readonly name: string;
  /** Our run. */
  readonly ours: Workload;
  /** What it is compared with: PyTorch on the same workload, another run of ours, or nothing. */
  readonly peer: "PyTorch" | Workload | null;
  /** Ratio of times or of peak memory to the peer's, or microseconds. */
  readonly measure: "time" | "memory" | "microseconds";
  /** Most that may be measured. */
  readonly bound: number;
}

/** Additions in a run of the small operation. */
export const SMALL_OPERATIONS = 20_000;

type Precision = WorkloadRequest["precision"];

function gan(size: number, batch: number, threads: number, precision: Precision, bound: number): Row {
  return {
    name: `GAN G + D step, ${size} px, batch ${batch}, ${threads} threads, ${precision}`,
    ours: { workload: "gan", size, batch, threads, precision },
    peer: "PyTorch",
    measure: "time",
    bound,
  };
}

/** The loop of training, of two cycles of one G and two D steps; PyTorch reads its samples with a DataLoader. */
function ganTraining(size: number, batch: number, measure: "time" | "memory", bound: number): Row {
  return {
    name: `${measure === "memory" ? "peak memory, " : ""}GAN training loop, 2 × (1 G + 2 D), ${size} px, ` +
      `batch ${batch}, 2 threads`,
    ours: { workload: "gan_training", size, batch, threads: 2, precision: "float32" },
    peer: "PyTorch",
    measure,
    bound,
  };
}

function reconstruction(threads: number): Row {
  return {
    name: `reconstruction step, 256 px, batch 4, ${threads} threads`,
    ours: { workload: "reconstruction", size: 256, batch: 4, threads, precision: "float32" },
    peer: "PyTorch",
    measure: "time",
    bound: 0.7,
  };
}

function small(
  name: string,
  workload: WorkloadRequest["workload"],
  size: number,
  batch: number,
  bound: number,
): Row {
  return {
    name,
    ours: { workload, size, batch, threads: 2, precision: "float32" },
    peer: "PyTorch",
    measure: "time",
    bound,
  };
}

/** bf16 beside float32, both ours. */
function bf16(batch: number): Row {
  const common = { workload: "gan", size: 128, batch, threads: 2 } as const;
  return {
    name: `GAN G + D step, 128 px, batch ${batch}, 2 threads, bf16 / float32`,
    ours: { ...common, precision: "bf16" },
    peer: { ...common, precision: "float32" },
    measure: "time",
    bound: 1,
  };
}

/** The demo's networks on `wasm` beside native on one thread. */
function wasm(workload: "gan" | "reconstruction", title: string): Row {
  const common = { workload, size: 128, batch: 4, threads: 1, precision: "float32", preset: "demo" } as const;
  return {
    name: `${title} of the demo's networks, 128 px, batch 4, 1 thread, wasm / native`,
    ours: { ...common, backend: "wasm" },
    peer: { ...common, backend: "native" },
    measure: "time",
    bound: 8,
  };
}

/** All lines, those with the same runs behind one another. */
export const ROWS: readonly Row[] = [
  gan(128, 8, 2, "float32", 0.62),
  gan(128, 8, 4, "float32", 0.62),
  gan(256, 4, 2, "float32", 0.55),
  {
    ...gan(256, 4, 2, "float32", 1.6),
    name: "peak memory, GAN, 256 px, batch 4, 2 threads",
    measure: "memory",
  },
  gan(256, 4, 4, "float32", 0.48),
  ganTraining(128, 8, "time", 0.65),
  ganTraining(128, 8, "memory", 1.6),
  ganTraining(256, 4, "time", 0.58),
  ganTraining(256, 4, "memory", 1.6),
  gan(128, 8, 2, "bf16", 0.65),
  gan(128, 8, 4, "bf16", 0.65),
  gan(256, 4, 2, "bf16", 0.65),
  gan(256, 4, 4, "bf16", 0.65),
  ...[1, 8, 32].map(bf16),
  reconstruction(2),
  reconstruction(4),
  small("grid sample, 512 px to 256 px, batch 4, 2 threads", "grid_sample", 512, 4, 1.5),
  small("Adam, 11.8 M weights, 2 threads", "adam", 11_800_000, 80, 1),
  {
    ...small("small operation through tfjs, microseconds", "small_op", SMALL_OPERATIONS, 1, 5),
    peer: null,
    measure: "microseconds",
  },
  wasm("gan", "GAN G + D step"),
  wasm("reconstruction", "reconstruction step"),
];
