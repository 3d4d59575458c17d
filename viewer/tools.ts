/**
 * The buttons under the 3D view, and files that are dropped on it.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { byId, download, tell } from "./dom.ts";
import { bindDrop } from "./drop.ts";
import { bindLook, type LookSwitches } from "./look_tools.ts";
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

/** Binds the buttons. */
export function bindTools(stage: Stage, actions: ToolActions): LookSwitches {
  const button = (id: string) => byId(id, HTMLButtonElement);
  const tools = bindLook(stage);
  button("previous").addEventListener("click", () => actions.step(-1));
  button("next").addEventListener("click", () => actions.step(1));
  button("download").addEventListener("click", () => void actions.save());
  button("save-image").addEventListener("click", () => {
    stage.image().then(
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
