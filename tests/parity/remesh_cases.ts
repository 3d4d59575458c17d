/**
 * Cases of the remesh folder: the original's two stages on recorded views.
 *
 * @module
 */
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { readObj } from "../../lib/io/obj.ts";
import { alignSphere } from "../../lib/remeshing/align_sphere.ts";
import { createClassFit } from "../../lib/remeshing/class_fit.ts";
import { normalizeClass } from "../../lib/remeshing/class_targets.ts";
import { deformVertices } from "../../lib/remeshing/deform_vertices.ts";
import { Deformation } from "../../lib/remeshing/deformation.ts";
import { FULL_SCHEDULE } from "../../lib/remeshing/schedule.ts";
import { renderTargets, type SilhouetteTargets } from "../../lib/remeshing/silhouette_targets.ts";
import type { CaseData } from "./case_data.ts";
import { type Check, close, same } from "./check.ts";

/** Steps of the second stage that are followed; later on two runs of the original differ as well. */
const STEPS = 100;
/** Share of the pixels whose centre lies on an edge within rounding. */
const EDGE_PIXELS = 1e-3;
/** Share by which the flatness may differ later on: single thin faces turn over at slightly other steps. */
const FLAT_ALLOWED = 0.1;
/** Mean absolute difference of vertices that is allowed after a number of steps. */
const MEAN_ALLOWED: Readonly<Record<number, number>> = { 1: 1e-5, 10: 1e-4, 50: 5e-4, 100: 1e-3 };

/** Targets, alignment and the first steps of the deformation of one mesh. */
export async function remeshCase(data: CaseData): Promise<Check[]> {
  const path = join(data.root, data.folder, `${data.name}.obj`);
  const text = await Deno.readTextFile(path).catch(() => {
    throw new UserError(`${path} is missing: it is the mesh of the case`);
  });
  const mesh = readObj(text);
  const topology = await data.topology();
  const targets = recordedTargets(data);
  const { vertices: [vertices], scaling } = normalizeClass([mesh.vertices]);
  const ours = renderTargets({ vertices, faces: mesh.faces }, targets.rotations, targets.size);
  using fit = await createClassFit(topology.faces, topology.vertices.length / 3, [targets]);
  return [
    close("normalised vertices", vertices, data.floats("normalised_source_vertices"), { absolute: 1e-6 }),
    close("initial scaling", scaling, data.floats("initial_scaling"), { absolute: 1e-6 }),
    same("target masks", ours.masks, targets.masks, EDGE_PIXELS * targets.masks.length),
    ...await alignmentChecks(data, topology.vertices, fit),
    ...await deformationChecks(data, topology, fit),
  ];
}

function recordedTargets(data: CaseData): SilhouetteTargets {
  const size = data.number("resolution");
  const packed = data.ints("target_masks_packed");
  const masks = Float32Array.from({ length: 8 * packed.length }, (_, i) => packed[i >> 3] >> (7 - i % 8) & 1);
  return { size, rotations: data.floats("target_rots"), masks, unfilled: 0 };
}

type Fit = Awaited<ReturnType<typeof createClassFit>>;
type Topology = Awaited<ReturnType<CaseData["topology"]>>;

async function alignmentChecks(data: CaseData, sphere: Float64Array, fit: Fit): Promise<Check[]> {
  const checks: Check[] = [];
  const wanted = new Map(data.ints("align_loss_iterations").entries().map(([k, step]) => [step, k]));
  const losses = data.floats("align_losses"), seen: number[] = [], recorded: number[] = [];
  await alignSphere(
    sphere,
    data.floats("initial_scaling"),
    fit,
    { iterations: 1000 },
    (step, loss, state) => {
      const k = wanted.get(step);
      if (k !== undefined) {
        seen.push(loss);
        recorded.push(losses[k]);
      }
      if (!data.has(`align_it${step}_t`)) return;
      const allowed = { absolute: step <= 10 ? 1e-5 : 1e-3 };
      checks.push(
        close(`alignment ${step}: t`, state.translation, data.floats(`align_it${step}_t`), allowed),
        close(`alignment ${step}: s1`, state.scaling, data.floats(`align_it${step}_s1`), allowed),
      );
    },
  );
  return [...checks, close("alignment losses", seen, recorded, { relative: 0.01 })];
}

async function deformationChecks(data: CaseData, topology: Topology, fit: Fit): Promise<Check[]> {
  const checks: Check[] = [];
  const iterations = data.ints("opt_loss_iterations"), columns = data.shape("opt_losses")[1];
  const recorded = data.floats("opt_losses");
  const state = new Deformation(data.floats("opt_it0_vertices"));
  const schedule = { ...FULL_SCHEDULE, limit: STEPS };
  await deformVertices(state, topology, fit, { schedule }, (step, losses) => {
    const k = iterations.indexOf(step);
    if (k >= 0) {
      const [reconstruction, flat, laplacian, length, total] = recorded.subarray(k * columns);
      checks.push(
        close(
          `losses ${step}`,
          [losses.reconstruction, losses.laplacian, losses.edgeLength, losses.total],
          [reconstruction, laplacian, length, total],
          { relative: 0.01 },
        ),
        close(`normal consistency ${step}`, [losses.normalConsistency], [flat], {
          relative: step <= 50 ? 0.01 : FLAT_ALLOWED,
        }),
      );
    }
    if (!data.has(`opt_it${step}_vertices`) || !(step in MEAN_ALLOWED)) return;
    const expected = data.floats(`opt_it${step}_vertices`);
    const mean = expected.reduce((sum, value, i) => sum + Math.abs(value - state.vertices[i]), 0) /
      expected.length;
    checks.push(
      close(`vertices ${step}, mean difference`, [mean], [0], { absolute: MEAN_ALLOWED[step] }),
      close(`translation ${step}`, state.translation, data.floats(`opt_it${step}_t`), { absolute: 1e-3 }),
      close(`scale ${step}`, state.scale, data.floats(`opt_it${step}_s`), { absolute: 1e-3 }),
    );
  });
  return checks;
}
