/**
 * The joints of a template: where the limbs of an animal turn, found from its part labels.
 *
 * @module
 */
import { meshNeighbours } from "../mesh/mesh_neighbours.ts";
import { sphereTopology } from "../mesh/sphere_topology.ts";

/** A place about which a limb turns. */
export interface Joint {
  /** How far each vertex turns along, 0 to 1, `[V]`. */
  readonly weights: Float32Array;
  /** Vertices whose mean place does not move. */
  readonly hinge: readonly number[];
  /** Side of the limb: −1 and 1 beside the mirror plane, 0 on it. */
  readonly side: -1 | 0 | 1;
  /** Number of its limb. */
  readonly limb: number;
}

/** What joints are found from. */
export interface LabelledShape {
  /** Shape, `[V, 3]`. */
  readonly vertices: ArrayLike<number>;
  /** Index in `partNames` of each vertex's part, `[V]`. */
  readonly partLabels: ArrayLike<number>;
  /** Names of the parts, that of the body first. */
  readonly partNames: readonly string[];
}

/** Part that tells animals from other things. */
const ANIMAL_PART = "head";
/** Fewest vertices of a limb, and its fewest rings about its hinge. */
const LEAST_VERTICES = 12, LEAST_RINGS = 4;
/** Rounds in which the edge of a limb's weights is smoothed. */
const SMOOTHING = 4;
/** Part of a limb's rings after which a hanging limb has a second joint, its knee. */
const KNEE = 0.45;

/**
 * Finds the joints of an animal's limbs. A limb is a connected piece of a part beside the body that reaches away from it;
 * where a piece on both sides of the mirror plane leaves the plane towards its ends, it is two limbs.
 *
 * @param shape Labelled template
 * @returns Joints, those nearer to a limb's end first; none where the shape is no animal
 */
export function findJoints({ vertices, partLabels, partNames }: LabelledShape): Joint[] {
  if (!partNames.includes(ANIMAL_PART)) return [];
  const limbs = piecesOf(partLabels).filter(({ part }) => part !== 0).flatMap(limbsOf);
  return limbs.flatMap((found, limb) => jointsOf(vertices, found).map((joint) => ({ ...joint, limb })));
}

interface Piece {
  readonly part: number;
  readonly members: readonly number[];
  readonly side: -1 | 0 | 1;
}

interface Limb {
  /** Number of edges from outside of the limb to each of its vertices, from 1. */
  readonly rings: Map<number, number>;
  readonly side: -1 | 0 | 1;
}

/** Connected pieces of equal labels. */
function piecesOf(labels: ArrayLike<number>): Piece[] {
  const neighbours = meshNeighbours(), seen = new Uint8Array(labels.length), { vertices } = sphereTopology();
  const pieces: Piece[] = [];
  for (let first = 0; first < labels.length; first++) {
    if (seen[first]) continue;
    const members = [first];
    seen[first] = 1;
    for (const vertex of members) {
      for (const other of neighbours[vertex]) {
        if (seen[other] || labels[other] !== labels[vertex]) continue;
        seen[other] = 1;
        members.push(other);
      }
    }
    const left = members.some((v) => isBeside(vertices, v, -1)),
      right = members.some((v) => isBeside(vertices, v, 1));
    pieces.push({ part: labels[first], members, side: left === right ? 0 : left ? -1 : 1 });
  }
  return pieces;
}

/** The rings of a piece, or of its two halves where its end is not on the mirror plane. */
function limbsOf({ members, side }: Piece): Limb[] {
  const { vertices } = sphereTopology(), rings = ringsOf(members), far = Math.max(...rings.values());
  const isOnPlane = members.some((vertex) => rings.get(vertex) === far && isBeside(vertices, vertex, 0));
  if (side !== 0 || isOnPlane) return [{ rings, side }];
  return ([-1, 1] as const).map((half) => ({
    rings: new Map([...rings].filter(([vertex]) => isBeside(vertices, vertex, half))),
    side: half,
  }));
}

/** Number of edges from outside of a piece to each of its vertices, from 1. */
function ringsOf(members: readonly number[]): Map<number, number> {
  const neighbours = meshNeighbours(), inside = new Set(members), rings = new Map<number, number>();
  let front = members.filter((vertex) => neighbours[vertex].some((other) => !inside.has(other)));
  for (let ring = 1; front.length > 0; ring++) {
    for (const vertex of front) rings.set(vertex, ring);
    front = [...new Set(front.flatMap((vertex) => neighbours[vertex]))].filter((v) =>
      inside.has(v) && !rings.has(v)
    );
  }
  return rings;
}

function jointsOf(vertices: ArrayLike<number>, { rings, side }: Limb): Omit<Joint, "limb">[] {
  const members = [...rings.keys()], far = Math.max(...rings.values());
  if (members.length < LEAST_VERTICES || far < LEAST_RINGS) return [];
  const hinge = members.filter((vertex) => rings.get(vertex) === 1);
  const [from, to] = [hinge, members.filter((vertex) => rings.get(vertex) === far)]
    .map((some) => meanPlace(vertices, some));
  const [x, y, z] = [0, 1, 2].map((axis) => to[axis] - from[axis]);
  if (spreadOf(vertices, hinge, from) > Math.hypot(x, y, z)) return []; // lies along the body
  const hangs = -z > Math.abs(x) + Math.abs(y);
  const joint = (first: number) => ({
    weights: smoothed(members.filter((vertex) => rings.get(vertex)! >= first)),
    hinge: members.filter((vertex) => rings.get(vertex) === first),
    side,
  });
  const knee = Math.round(1 + KNEE * far);
  return hangs && side !== 0 ? [joint(knee), joint(1)] : [joint(1)];
}

/** At most 1 on some vertices and 0 far from them, with a smooth edge, `[V]`. */
function smoothed(members: readonly number[]): Float32Array {
  const neighbours = meshNeighbours();
  let weights = new Float32Array(neighbours.length);
  for (const vertex of members) weights[vertex] = 1;
  for (let round = 0; round < SMOOTHING; round++) {
    weights = weights.map((own, vertex) => {
      const around = neighbours[vertex];
      return (own + around.reduce((sum, other) => sum + weights[other], 0) / around.length) / 2;
    });
  }
  const most = Math.max(...weights);
  return weights.map((weight) => weight / most);
}

function meanPlace(vertices: ArrayLike<number>, members: readonly number[]): number[] {
  return [0, 1, 2].map((axis) =>
    members.reduce((sum, vertex) => sum + vertices[3 * vertex + axis], 0) / members.length
  );
}

/** Largest distance of some vertices from a place. */
function spreadOf(vertices: ArrayLike<number>, members: readonly number[], place: readonly number[]): number {
  return Math.max(
    ...members.map((vertex) =>
      Math.hypot(...place.map((value, axis) => vertices[3 * vertex + axis] - value))
    ),
  );
}

/** Whether a vertex of the topology lies on a side of the mirror plane, or for 0 on it. */
function isBeside(vertices: ArrayLike<number>, vertex: number, side: -1 | 0 | 1): boolean {
  const x = vertices[3 * vertex];
  return (Math.abs(x) < 1e-4 ? 0 : Math.sign(x)) === side;
}
