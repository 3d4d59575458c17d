/**
 * The buttons under the 3D view, and files that are dropped on it.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { byId, download, setPressed, tell } from "./dom.ts";
import type { Look } from "./look.ts";
import type { Stage } from "./stage.ts";

/** What the buttons do besides changing the view. */
export interface ToolActions {
  /** Goes some meshes or samples on. */
  step(steps: number): void;
  /** Downloads what is shown. */
  save(): Promise<void>;
  /** Opens files of the person. */
  openFiles(files: Iterable<File>): void;
}

/** Switches that keys use too. */
export interface Tools {
  /** Switches a part of the look. */
  toggleLook(part: keyof Look): void;
  /** Starts or ends the turntable. */
  toggleTurntable(): void;
}

const LOOK_PARTS = ["texture", "light", "wireframe"] as const;

/** Binds the buttons. */
export function bindTools(stage: Stage, actions: ToolActions): Tools {
  const button = (id: string) => byId(id, HTMLButtonElement);
  const tools: Tools = {
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
    button(part).addEventListener("click", () => tools.toggleLook(part));
  }
  button("turntable").addEventListener("click", () => tools.toggleTurntable());
  button("reset").addEventListener("click", () => stage.resetCamera());
  button("previous").addEventListener("click", () => actions.step(-1));
  button("next").addEventListener("click", () => actions.step(1));
  button("download").addEventListener("click", () => void actions.save());
  button("picture").addEventListener("click", () => {
    stage.picture().then(
      (blob) => download(blob, "texmesh.png"),
      (error) => tell(messageOf(error), "problem"),
    );
  });
  const picker = byId("picker", HTMLInputElement);
  button("open").addEventListener("click", () => picker.click());
  picker.addEventListener("change", () => {
    actions.openFiles(picker.files ?? []);
    picker.value = "";
  });
  bindDrop(actions.openFiles);
  return tools;
}

/** Files may be dropped anywhere on the page. */
function bindDrop(openFiles: (files: Iterable<File>) => void): void {
  const sign = byId("drop", HTMLElement);
  let depth = 0;
  const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  const show = (change: number) => sign.hidden = (depth = Math.max(0, depth + change)) === 0;
  addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    show(-depth);
    openFiles(event.dataTransfer?.files ?? []);
  });
}
