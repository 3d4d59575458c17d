/**
 * The switches of a 3D view: texture, light, edges and turntable.
 *
 * @module
 */
import { byId, setPressed } from "./dom.ts";
import type { Look } from "./look.ts";
import type { Stage } from "./stage.ts";

/** Switches that keys use too. */
export interface LookSwitches {
  /** Switches a part of the look. */
  toggleLook(part: keyof Look): void;
  /** Starts or ends the turntable. */
  toggleTurntable(): void;
}

const LOOK_PARTS = ["texture", "light", "wireframe"] as const;

/** Binds the buttons of the switches, and the one that resets the view. */
export function bindLook(stage: Stage): LookSwitches {
  const button = (id: string) => byId(id, HTMLButtonElement);
  const switches: LookSwitches = {
    toggleLook(part) {
      stage.look = { ...stage.look, [part]: !stage.look[part] };
      setPressed(button(part), stage.look[part]);
    },
    toggleTurntable() {
      stage.isTurning = !stage.isTurning;
      setPressed(button("turntable"), stage.isTurning);
    },
  };
  for (const part of LOOK_PARTS) {
    setPressed(button(part), stage.look[part]);
    button(part).addEventListener("click", () => switches.toggleLook(part));
  }
  button("turntable").addEventListener("click", () => switches.toggleTurntable());
  button("reset").addEventListener("click", () => stage.resetCamera());
  return switches;
}
