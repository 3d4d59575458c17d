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

/** What a round renders. */
export interface PeerRequest {
  /** Rows and columns. */
  readonly size: number;
  /** The textured image instead of the silhouette. */
  readonly textured: boolean;
  /** Repeats after the one to warm up. */
  readonly repeats: number;
}

/** The running peer. */
export type DeodrPeer = PythonPeer<PeerRequest, PeerRound>;

/**
 * Starts the peer where it is installed.
 *
 * @param workload Path of raster_workload.npz
 * @returns The peer, or why there is none
 */
export function startDeodr(workload: string): Promise<DeodrPeer | string> {
  return PythonPeer.start(["deodr", "pip install deodr trimesh"], "deodr_peer.py", [workload]);
}
