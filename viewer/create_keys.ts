/**
 * The page for one photograph by keyboard.
 *
 * @module
 */
import { byId, isTyping } from "./dom.ts";
import type { MeshPanel } from "./mesh_panel.ts";
import type { PosePanel } from "./pose_panel.ts";

/** What keys act on. */
export interface CreateKeyTargets {
  /** The steps. */
  readonly steps: { readonly current: string };
  /** The pose step. */
  readonly poses: PosePanel;
  /** The last step. */
  readonly meshes: MeshPanel;
  /** Takes the mask. */
  takeObject(): void;
  /** Makes the mesh. */
  makeMesh(): void;
}

const TURN = 0.15, ZOOM = 1.12; // radians, factor

/** Binds the keys of each step; those with Ctrl, Alt or Meta stay the browser's. */
export function bindCreateKeys({ steps, poses, meshes, takeObject, makeMesh }: CreateKeyTargets): void {
  const help = byId("help", HTMLDialogElement), { stage, tools } = meshes;
  const keys: Record<string, Record<string, () => void>> = {
    object: { Enter: takeObject },
    pose: {
      Enter: makeMesh,
      f: () => void poses.flip(),
      h: () => poses.toggleHand(),
      s: () => void poses.settle(),
      ...Object.fromEntries(
        Array.from({ length: 9 }, (_, place) => [`${place + 1}`, () => poses.choose(place)]),
      ),
    },
    mesh: {
      t: () => tools.toggleLook("texture"),
      l: () => tools.toggleLook("light"),
      w: () => tools.toggleLook("wireframe"),
      r: () => tools.toggleTurntable(),
      "0": () => stage.resetCamera(),
      v: () => meshes.toggleCompare(),
      d: () => void meshes.download(),
      "+": () => stage.moveCamera(0, 0, 1 / ZOOM),
      "=": () => stage.moveCamera(0, 0, 1 / ZOOM),
      "-": () => stage.moveCamera(0, 0, ZOOM),
      ArrowLeft: () => stage.moveCamera(-TURN, 0),
      ArrowRight: () => stage.moveCamera(TURN, 0),
      ArrowUp: () => stage.moveCamera(0, TURN),
      ArrowDown: () => stage.moveCamera(0, -TURN),
    },
  };
  addEventListener("keydown", (event) => {
    const isElsewhere = document.querySelector("dialog[open]") || event.defaultPrevented || isTyping(event);
    if (event.ctrlKey || event.altKey || event.metaKey || isElsewhere) return;
    if (event.key === "?") return help.showModal();
    const isOnControl = event.target instanceof HTMLButtonElement || event.target instanceof HTMLInputElement;
    if (isOnControl && (event.key === "Enter" || event.key.startsWith("Arrow"))) return;
    const action = keys[steps.current]?.[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
  byId("help-button", HTMLButtonElement).addEventListener("click", () => help.showModal());
}
