/**
 * DEODR and PyTorch3D on textured meshes in perspective.
 *
 * @module
 */
import { PythonPeer } from "./python_peer.ts";

/** What it answers. */
export interface MeshPeerAnswer {
  /** Milliseconds of every view's fastest repeat. */
  readonly ms?: readonly number[];
  /** Image without antialiasing, `[S, S, 3]`. */
  readonly image?: readonly number[];
  /** Visible face, −1 for none, `[S, S]`; null where the peer does not tell. */
  readonly faceIndex?: readonly number[] | null;
}

/** A running peer, asked for times of views, or the image of the first of them; `repeats` follow the one to warm up. */
export type MeshPeer = PythonPeer<
  { kind: "time" | "draw"; size: number; views: readonly number[]; repeats: number },
  MeshPeerAnswer
>;

/** The peers by name, and how they are installed. */
const PEERS = {
  deodr: ["DEODR", "pip install deodr trimesh"],
  pytorch3d: ["PyTorch3D", "pip install torch, and pytorch3d from its sources"],
} as const;

/** Name of a peer. */
export type MeshPeerName = keyof typeof PEERS;

/**
 * Starts a peer where it is installed.
 *
 * @param name Which
 * @param workload Path of raster_workload.npz
 * @param distance Distance of the pinhole
 * @returns The peer, or why there is none
 */
export function startMeshPeer(
  name: MeshPeerName,
  workload: string,
  distance: number,
): Promise<MeshPeer | string> {
  return PythonPeer.start(PEERS[name], "mesh_peer.py", [name, workload, `${distance}`]);
}
