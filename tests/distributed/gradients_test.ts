import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { NdArray } from "../../lib/core/arrays.ts";
import { readSafetensors } from "../../lib/io/safetensors.ts";
import { LIBRARY } from "../backend/native_library.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { distance } from "./distance.ts";
import { inFolders, NO_MPI, runJob } from "./mpi_jobs.ts";
import { SIDES } from "./reconstruction_gradients.ts";

const SEEDS = [1, 2, 3, 4];
/** Processes beside one alone. */
const COUNTS = [2, 4];
/** Relative change of the photographs that gradients are compared with. */
const NOISE = 1e-6;
/** Those of the loss of the plane of symmetry, one a vertex of the four surfaces; all others are the network's. */
const PLANE_RECTIFIERS = 4 * 962;
const MISSING = NO_MPI ?? (LIBRARY === null ? "there is no TensorFlow library" : null);

/** Arrays of each seed. */
type Gradients = Record<string, NdArray>[];

/** Rectifiers on different sides, and the distance of the gradients. */
interface Difference {
  readonly moved: number;
  readonly distance: number;
}

function compare(a: Gradients, b: Gradients): Difference[] {
  return a.map(({ [SIDES]: sides, ...gradients }, i) => {
    const { [SIDES]: others, ...otherGradients } = b[i];
    assertEquals(others.shape, sides.shape);
    const moved = (sides.data as Float32Array).reduce(
      (count, side, k) => count + Number(side !== others.data[k]),
      0,
    );
    return { moved, distance: distance(gradients, otherGradients) };
  });
}

/** Gradients of processes, with the changes that `reconstructionGradients` knows. */
async function gradientsOf(
  folder: (name: string) => Promise<string>,
  count: number,
  withoutKinks: boolean,
  noise = 0,
): Promise<Gradients> {
  const place = await folder(`${count}-${noise}`);
  const changes = [...SEEDS, noise, Number(withoutKinks)].join(",");
  const { code, errors } = await runJob(count, "gradients", place, changes);
  assertEquals(code, 0, errors);
  return Promise.all(
    SEEDS.map(async (seed) => (await readSafetensors(join(place, `${seed}.safetensors`))).arrays),
  );
}

slowTest(
  "mpi: native: without kinks the gradients of 1, 2 and 4 processes are the same",
  () =>
    inFolders(async (folder) => {
      const alone = await gradientsOf(folder, 1, true);
      for (const { [SIDES]: sides } of alone) {
        assert((sides.data as Float32Array).filter((side) => side === 0).length <= PLANE_RECTIFIERS);
      }
      for (const count of COUNTS) {
        const differences = compare(alone, await gradientsOf(folder, count, true));
        for (const { moved, distance } of differences) {
          assertEquals(moved, 0);
          assert(distance < 1e-5, `${count} processes: ${distance}`);
        }
      }
    }),
  MISSING,
);

slowTest(
  "mpi: native: kinks make several processes differ less than photographs changed by 1e-6 do",
  () =>
    inFolders(async (folder) => {
      const alone = await gradientsOf(folder, 1, false);
      const total = alone[0][SIDES].data.length;
      const disturbed = compare(alone, await gradientsOf(folder, 1, false, NOISE));
      const shared: Difference[] = [];
      for (const count of COUNTS) shared.push(...compare(alone, await gradientsOf(folder, count, false)));
      const median = (list: Difference[]) =>
        list.map(({ distance }) => distance).sort((x, y) => x - y)[Math.floor((list.length - 1) / 2)];
      const moved = (list: Difference[]) => list.reduce((sum, one) => sum + one.moved, 0) / list.length;
      const told = JSON.stringify({ total, shared, disturbed });
      assert(moved(shared) < 1e-5 * total && moved(shared) < moved(disturbed), told);
      assert(median(shared) < 1e-3 && median(shared) < median(disturbed), told);
    }),
  MISSING,
);
