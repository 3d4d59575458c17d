/**
 * The peer DEODR, a CPU renderer with gradients for Python, on the silhouettes and textures of the bench.
 *
 * @module
 */
import { PythonPeer } from "./python_peer.ts";

/** One round of the peer. */
export interface PeerRound {
  /** Milliseconds of every image's fastest repeat. */
  readonly ms: readonly number[];
  /** Mean loss. */
  readonly loss: number;
}

/** The running peer, asked for images of `size` pixels a side, textured or silhouettes, and `repeats` after the first. */
export type DeodrPeer = PythonPeer<{ size: number; textured: boolean; repeats: number }, PeerRound>;

/**
 * Starts the peer where it is installed.
 *
 * @param workload Path of raster_workload.npz
 * @returns The peer, or why there is none
 */
export function startDeodr(workload: string): Promise<DeodrPeer | string> {
  return PythonPeer.start(["deodr", "pip install deodr trimesh"], "deodr_peer.py", [workload]);
}
