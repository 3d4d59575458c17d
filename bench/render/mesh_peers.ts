/**
 * Textured meshes of the peers DEODR and PyTorch3D beside ours: values and times, in turn.
 *
 * @module
 */
import { rasterizeMesh, texturedMesh } from "../../lib/rendering/mod.ts";
import { type MeshPeer, type MeshPeerName, startMeshPeer } from "../peers/mesh_peers.ts";
import { inPerspective, measureMesh, MESH_DISTANCE } from "./mesh.ts";
import type { Report } from "./report.ts";
import { median } from "../../lib/core/median.ts";
import { TEXTURE_SIZE, type Workload } from "./workload.ts";

/** Rows and columns, views and bounds of each peer: how many times as long it is to take, and how far values may differ. */
const PEERS = {
  deodr: { name: "DEODR", size: 256, views: [0, 25, 50, 75, 100, 125, 150], ratio: 1, differing: 2e-3 },
  pytorch3d: { name: "PyTorch3D", size: 128, views: [0, 50, 100, 150], ratio: 20, differing: 2e-3 },
} as const;

/** Colours may differ by this much where the same face is seen. */
const COLOUR = 1e-3;

/**
 * Measures the peers that are installed.
 *
 * @param workload What is rendered
 * @param report Receives the lines
 * @param rounds Rounds; ours and the peer in turn
 * @param repeats Repeats of a round
 */
export async function benchMeshPeers(
  workload: Workload,
  report: Report,
  rounds: number,
  repeats: number,
): Promise<void> {
  if (workload.path === null) return;
  for (const name of Object.keys(PEERS) as MeshPeerName[]) {
    const peer = await startMeshPeer(name, workload.path, MESH_DISTANCE);
    if (typeof peer === "string") {
      report.note(`mesh: ${peer}`);
      continue;
    }
    try {
      await compareValues(name, peer, workload, report);
      await compareTimes(name, peer, { workload, report, rounds, repeats });
    } finally {
      await peer.stop();
    }
  }
}

/** The image of one view, ours and the peer's. */
async function compareValues(name: MeshPeerName, peer: MeshPeer, workload: Workload, report: Report) {
  const { name: title, size, differing } = PEERS[name], { mesh, groups, texture } = workload;
  const options = { height: size, width: size, wrap: "clamp" } as const;
  const screen = inPerspective(groups[0].views[0]);
  const ours = texturedMesh(mesh, options).forward(screen, {
    ...{ data: texture, height: TEXTURE_SIZE, width: TEXTURE_SIZE, channels: 3 },
  });
  const { faceIndex } = rasterizeMesh(screen, mesh.faces, options);
  const { image, faceIndex: theirs } = await peer.measure({ kind: "draw", size, views: [0], repeats: 0 });
  let covered = 0, others = 0, largest = 0;
  faceIndex.forEach((face, o) => {
    const difference = Math.max(...[0, 1, 2].map((c) => Math.abs(ours[3 * o + c] - image![3 * o + c])));
    const isSeen = theirs ? theirs[o] >= 0 : [0, 1, 2].some((c) => image![3 * o + c] !== 0);
    if (face >= 0 || isSeen) covered++;
    const isSame = theirs ? theirs[o] === face : face >= 0 === isSeen;
    if (!isSame || !theirs && difference > COLOUR) others++; // another face, as far as can be told
    else largest = Math.max(largest, difference);
  });
  report.add(`mesh ${size} ${title} pixels`, covered);
  report.add(`mesh ${size} ${title} other faces, share`, others / covered, differing, "at most");
  report.add(`mesh ${size} ${title} largest difference`, largest, COLOUR, "at most");
}

interface Rounds {
  readonly workload: Workload;
  readonly report: Report;
  readonly rounds: number;
  readonly repeats: number;
}

/** Both in turn. */
async function compareTimes(
  name: MeshPeerName,
  peer: MeshPeer,
  { workload, report, rounds, repeats }: Rounds,
) {
  const { name: title, size, views, ratio } = PEERS[name];
  const all = workload.groups.flatMap(({ views }) => views);
  const part = { ...workload, groups: [{ ...workload.groups[0], views: views.map((view) => all[view]) }] };
  const ours: number[] = [], theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const { mesh, antialias } = measureMesh(part, size, repeats);
    ours.push(name === "deodr" ? mesh + antialias : mesh); // DEODR blends contours, too
    const { ms } = await peer.measure({ kind: "time", size, views, repeats });
    theirs.push(ms!.reduce((sum, x) => sum + x, 0) / ms!.length);
  }
  report.add(`mesh ${size} ours beside ${title} ms`, median(ours));
  report.add(`mesh ${size} ${title} ms`, median(theirs));
  report.add(`mesh ${size} ${title} / ours`, median(theirs.map((ms, i) => ms / ours[i])), ratio);
}
