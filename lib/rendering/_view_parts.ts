/**
 * Views of a batch in parts that several threads do at once: what each thread loads and keeps.
 *
 * @module
 */
import type { TeamKind, TeamPart } from "../backend/threads/thread_team.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { ViewRenderer, type ViewSettings } from "./_view_renderer.ts";

/** A pass of one view. */
export interface ViewPart extends TeamPart {
  /** Pass; the arrays are those of `ViewRenderer`, in its order; the backward pass overwrites its results. */
  readonly pass: "forward" | "backward";
  /** Which renderers of the thread, */
  readonly slot: number;
  /** and which of them: the place of the view in its batch. */
  readonly view: number;
  /** What the renderer is made of, in place of one that may be there; null where it is there. */
  readonly scene: ViewScene | null;
}

/** What a renderer is made of. */
export interface ViewScene {
  /** Faces and texture coordinates. */
  readonly mesh: Mesh;
  /** What the views of a batch have in common. */
  readonly settings: ViewSettings;
}

/** Makes what does one part; it keeps the renderers of its thread. */
export function createRunner(): (part: ViewPart) => void {
  const slots = new Map<number, ViewRenderer[]>();
  return ({ pass, slot, view, scene, arrays }) => {
    let views = slots.get(slot);
    if (views === undefined) slots.set(slot, views = []);
    if (scene !== null) views[view] = new ViewRenderer(scene.mesh, scene.settings);
    const [a, b, c, d, e] = arrays;
    if (pass === "forward") return views[view].forward(a, b, c, d, e);
    d.fill(0);
    e.fill(0);
    views[view].backward(a, b, c, d, e);
  };
}

/** The threads that render. */
export const VIEWS: TeamKind<ViewPart> = { module: new URL(import.meta.url), createRunner };
