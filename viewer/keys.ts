/**
 * The viewer by keyboard.
 *
 * @module
 */
import { byId, isTyping } from "./dom.ts";
import type { Stage } from "./stage.ts";
import type { Tabs } from "./tabs.ts";
import type { LookSwitches } from "./look_tools.ts";

/** What keys act on. */
export interface KeyTargets {
  /** The 3D view. */
  readonly stage: Stage;
  /** Its switches. */
  readonly tools: LookSwitches;
  /** The tabs. */
  readonly tabs: Tabs;
  /** Goes some meshes or samples on. */
  step(steps: number): void;
  /** Downloads what is shown. */
  save(): void;
  /** Takes any seed. */
  surprise(): void;
}

const TURN = 0.15; // radians
const ZOOM = 1.12;

/** Binds the keys; those with Ctrl, Alt or Meta stay the browser's. */
export function bindKeys({ stage, tools, tabs, step, save, surprise }: KeyTargets): void {
  const help = byId("help", HTMLDialogElement);
  const actions: Record<string, () => void> = {
    n: () => step(1),
    p: () => step(-1),
    t: () => tools.toggleLook("texture"),
    l: () => tools.toggleLook("light"),
    w: () => tools.toggleLook("wireframe"),
    r: () => tools.toggleTurntable(),
    "0": () => stage.resetCamera(),
    d: () => save(),
    s: () => surprise(),
    g: () => tabs.open(tabs.current === "gallery" ? "generator" : "gallery"),
    "+": () => stage.moveCamera(0, 0, 1 / ZOOM),
    "=": () => stage.moveCamera(0, 0, 1 / ZOOM),
    "-": () => stage.moveCamera(0, 0, ZOOM),
    "?": () => help.showModal(),
  };
  const arrows: Record<string, () => void> = {
    ArrowLeft: () => stage.moveCamera(-TURN, 0),
    ArrowRight: () => stage.moveCamera(TURN, 0),
    ArrowUp: () => stage.moveCamera(0, TURN),
    ArrowDown: () => stage.moveCamera(0, -TURN),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event) || help.open) return;
    const isOnView = event.target instanceof HTMLCanvasElement;
    const action = isOnView && arrows[event.key] || actions[event.key.toLowerCase()];
    if (!action) return;
    event.preventDefault();
    action();
  });
  byId("help-button", HTMLButtonElement).addEventListener("click", () => help.showModal());
}
