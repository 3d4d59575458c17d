/**
 * The page on which a person checks the poses of a data set, those in doubt first, by keyboard alone if wanted.
 *
 * @module
 */
import { messageOf, UserError } from "../lib/core/errors.ts";
import type { CheckedPose } from "./server/poses.ts";
import type { PoseCorrection } from "../lib/pose/pose_corrections.ts";
import type { Template } from "../lib/templates/template_bytes.ts";
import { byId, isTyping, make, setPressed, tell, tellStarted } from "./dom.ts";
import { loadManifest } from "./manifest.ts";
import { PhotoWorkers } from "./photo_workers.ts";
import { listPoses, type OpenedPose, openPose, sendCorrection } from "./pose_check_client.ts";
import { cropCanvas } from "./pose_drawing.ts";
import { PosePanel } from "./pose_panel.ts";

tellStarted();
const fail = (error: unknown) => tell(messageOf(error), "problem");
const manifest = await loadManifest();
if (!manifest.poses) {
  fail(new UserError("There are no poses here: deno task view --name NAME shows those of a data set."));
}
const check = await listPoses().catch((error) => {
  fail(error);
  throw error;
});
byId("run", HTMLElement).textContent = check.dataset;
const templates = check.templates.map(({ name, category, vertices }): Template => {
  return {
    name,
    category,
    vertices: Float32Array.from(vertices),
    partLabels: new Uint8Array(0),
    partNames: [],
  };
});
const photographs = [...check.photographs], list = byId("list", HTMLElement);
const panel = new PosePanel(new PhotoWorkers(), showVerdict);
const opened = new Map<string, Promise<OpenedPose>>();
let at = -1, isOpening = false;

const current = (): CheckedPose => photographs[at];

/** Loads a photograph once; the next ones are loaded ahead. */
function load(place: number): Promise<OpenedPose> {
  const { id } = photographs[place], loading = opened.get(id) ?? openPose(id);
  opened.set(id, loading);
  loading.catch(() => opened.delete(id));
  for (const [oldest] of opened) if (opened.size > 12) opened.delete(oldest);
  return loading;
}

async function show(place: number): Promise<void> {
  if (isOpening || !photographs[place]) return;
  isOpening = true;
  try {
    const { photo, poses } = await load(place);
    at = place;
    panel.open(photo, cropCanvas(photo), templates);
    panel.show(withCorrection(poses, current().correction), "");
    byId("photo-name", HTMLElement).textContent = current().id;
    showVerdict();
    showList();
    for (const ahead of [place + 1, place + 2]) if (photographs[ahead]) void load(ahead).catch(() => {});
  } catch (error) {
    fail(error);
  } finally {
    isOpening = false;
  }
}

/** The pose that a person set comes first. */
function withCorrection(poses: OpenedPose["poses"], correction: PoseCorrection | null): OpenedPose["poses"] {
  if (correction?.kind !== "pose") return poses;
  const { template: name, kind: _, ...pose } = correction;
  const template = Math.max(0, templates.findIndex((template) => template.name === name));
  return [{ pose, template, iou: poses[0].iou, score: 1 }, ...poses];
}

function showVerdict(): void {
  if (at < 0) return;
  const { correction, isKept } = current(), verdict = byId("verdict", HTMLElement);
  verdict.dataset.kind = correction?.kind ?? "";
  verdict.textContent = correction === null
    ? isKept ? "not seen yet" : "in doubt: step 2 left it out"
    : correction.kind === "exclude"
    ? "left out"
    : "set by you";
  setPressed(byId("exclude", HTMLButtonElement), correction?.kind === "exclude");
  byId("undo", HTMLButtonElement).disabled = correction === null;
  byId("previous", HTMLButtonElement).disabled = at === 0;
  byId("next", HTMLButtonElement).disabled = at === photographs.length - 1;
  const seen = photographs.filter((photograph) => photograph.correction !== null).length;
  byId("told", HTMLElement).textContent = `${at + 1} of ${photographs.length}; ${seen} seen by you`;
  byId("seen", HTMLElement).setAttribute("aria-valuemax", `${photographs.length}`);
  byId("seen", HTMLElement).setAttribute("aria-valuenow", `${seen}`);
  byId("seen-bar", HTMLElement).style.width = `${100 * seen / photographs.length}%`;
}

/** Keeps what the person says, and shows the next one. */
async function say(correction: PoseCorrection | null, goesOn: boolean): Promise<void> {
  if (at < 0 || isOpening) return;
  const place = at;
  try {
    await sendCorrection(photographs[place].id, correction);
    photographs[place] = { ...photographs[place], correction };
    tell("");
    if (goesOn && place + 1 < photographs.length) await show(place + 1);
    else {
      showVerdict();
      showList();
      if (goesOn) tell("That was the last one. Run pose_step2 or the pipeline again.");
    }
  } catch (error) {
    fail(error);
  }
}

function accept(): void {
  const { chosen } = panel;
  if (chosen === null) return;
  const { pose: { rotation, scale, translation, perspective }, template } = chosen;
  void say({
    kind: "pose",
    ...{ rotation: Array.from(rotation), scale, translation: Array.from(translation), perspective },
    template: templates[template].name,
  }, true);
}

/** Rows that are made once and marked each time. */
const rows = photographs.map(({ id }, place) => {
  const row = make("li"), button = make("button");
  button.type = "button";
  button.append(make("span", "", id), make("span", "dim"));
  button.addEventListener("click", () => void show(place));
  row.append(button);
  return button;
});
list.replaceChildren(...rows.map((button) => button.parentElement!));

function showList(): void {
  rows.forEach((button, place) => {
    const { correction, isKept } = photographs[place];
    button.setAttribute("aria-current", `${place === at}`);
    button.lastElementChild!.textContent = correction === null
      ? isKept ? "" : "in doubt"
      : correction.kind === "exclude"
      ? "left out"
      : "right";
  });
}

const actions: Record<string, () => void> = {
  make: accept,
  exclude: () => void say({ kind: "exclude" }, true),
  undo: () => void say(null, false),
  previous: () => void show(at - 1),
  next: () => void show(at + 1),
};
for (const [id, action] of Object.entries(actions)) {
  byId(id, HTMLButtonElement).addEventListener("click", action);
}
const KEYS: Record<string, () => void> = {
  enter: accept,
  x: actions.exclude,
  z: actions.undo,
  n: actions.next,
  p: actions.previous,
  backspace: actions.previous,
  f: () => void panel.flip(),
  h: () => panel.toggleHand(),
  s: () => void panel.settle(),
};
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || isTyping(event)) return;
  if (event.key === "Enter" && event.target instanceof HTMLButtonElement) return; // presses that button
  const digit = /^[1-9]$/.test(event.key) ? () => panel.choose(Number(event.key) - 1) : undefined;
  const action = digit ?? KEYS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});
await show(0);
document.body.dataset.ready = "true";
