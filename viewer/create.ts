/**
 * The page that makes a 3D model of one photograph, step by step.
 *
 * @module
 */
import { messageOf, UserError } from "../lib/core/errors.ts";
import { findPhotoPoses } from "../lib/photo/find_photo_poses.ts";
import { choosePhotoPoses } from "../lib/photo/choose_photo_poses.ts";
import { cropPhoto, type PhotoCrop } from "../lib/photo/photo_crop.ts";
import { refinePhoto } from "../lib/photo/photo_mesh.ts";
import { directionOfPose, type PhotoPose, sideOfAzimuth } from "../lib/photo/photo_pose.ts";
import type { ClassScore } from "../lib/photo/rank_poses.ts";
import type { Template } from "../lib/templates/template_bytes.ts";
import { BrushPanel } from "./brush_panel.ts";
import { ClassPanel } from "./class_panel.ts";
import { bindCreateKeys } from "./create_keys.ts";
import { byId, tell, tellStarted } from "./dom.ts";
import { loadManifest } from "./manifest.ts";
import { MaskModel } from "./mask_model.ts";
import { MeshPanel } from "./mesh_panel.ts";
import { ObjectFinder } from "./object_finder.ts";
import { bindPhotoInput } from "./photo_input.ts";
import { PhotoWorkers } from "./photo_workers.ts";
import { photoCanvas } from "./pose_drawing.ts";
import { openFile, scalePhotograph } from "./photographs.ts";
import { PosePanel } from "./pose_panel.ts";
import { Steps } from "./steps.ts";

/** Longest side of photographs that are worked on, pixels. */
const LONGEST = 1600;

tellStarted();
const pool = new PhotoWorkers();
const manifest = await loadManifest().catch((error) => {
  tell(messageOf(error), "problem");
  throw error;
});
byId("run", HTMLElement).textContent = manifest.name;

let stem = "", image: ImageBitmap | null = null, photo: PhotoCrop | null = null;
let square = new OffscreenCanvas(1, 1); // the photograph around the object
let templates: Template[] = [], work: AbortController | null = null; // what runs

const steps = new Steps(["photo", "object", "class", "pose", "mesh"], showWork);
const brush = new BrushPanel(showObject, { a: () => void guess("model") });
const finder = new ObjectFinder(new MaskModel(manifest.vision), pool);
const classes = new ClassPanel(manifest.templates, (category) => void chooseClass(category));
const poses = new PosePanel(pool, () => steps.forgetAfter("pose"));
const meshes = new MeshPanel(pool, () => void makeMesh());

/** Shows what belongs to a step. */
function showWork(step: string): void {
  byId("work-photo", HTMLElement).hidden = step !== "photo";
  byId("paper", HTMLElement).hidden = step !== "object" && step !== "class";
  byId("work-pose", HTMLElement).hidden = step !== "pose";
  byId("work-mesh", HTMLElement).hidden = step !== "mesh";
  byId("start-over", HTMLButtonElement).hidden = step === "photo";
  brush.canvas.isBackgroundRemoved = step === "class" ||
    byId("hide-background", HTMLButtonElement).getAttribute("aria-pressed") === "true";
  if (image && (step === "object" || step === "class")) brush.fit();
}

function showObject(): void {
  if (image === null) return;
  photo = null;
  const { share } = brush.canvas.mask, isMarked = share > 0 && share < 1;
  byId("object-done", HTMLButtonElement).disabled = !isMarked;
  if (steps.current === "object") steps.forgetAfter("object");
}

/** Runs work that shows its progress and can be stopped; what went wrong is told. */
async function busy(task: (signal: AbortSignal) => Promise<void>): Promise<void> {
  if (work !== null) return tell("One moment: the work before is not finished.");
  const own = work = new AbortController();
  showProgress(0);
  try {
    await task(own.signal);
  } catch (error) {
    if (!own.signal.aborted) tell(messageOf(error), "problem");
  } finally {
    if (work === own) {
      work = null;
      byId("progress", HTMLElement).hidden = true;
    }
  }
}

function showProgress(share: number): void {
  const progress = byId("progress", HTMLElement), percent = `${Math.round(100 * share)}`;
  progress.hidden = false;
  progress.setAttribute("aria-valuenow", percent);
  byId("progress-bar", HTMLElement).style.width = `${percent}%`;
}

async function openPhotograph(file: File): Promise<void> {
  await busy(async (signal) => {
    const opened = await openFile(file);
    image = await scalePhotograph(opened.image, LONGEST);
    signal.throwIfAborted();
    stem = opened.stem || "photograph";
    steps.forgetAfter("photo");
    steps.open("object");
    brush.open(image, null);
    tell("");
    if (brush.canvas.mask.share > 0) {
      tellObject("The transparent background was left out. Mend what is wrong.");
    } else await findObject("model", signal);
  });
}

async function guess(way: "model" | "colour"): Promise<void> {
  if (image !== null) await busy((signal) => findObject(way, signal));
}

/** Finds the object, by a model or on a plain background; else a person marks it. */
async function findObject(way: "model" | "colour", signal: AbortSignal): Promise<void> {
  const { mask, told } = await finder.find(brush.canvas.pixels(), way, signal, ({ doing, share }) => {
    if (signal.aborted) return;
    tellObject(doing);
    showProgress(share);
  });
  signal.throwIfAborted();
  if (mask !== null) brush.canvas.replace(mask);
  tellObject(told);
}

/** Takes a model that makes masks; the object of an open photograph is looked for by it. */
async function openModel(file: File): Promise<void> {
  if (!await finder.openModel(file)) return;
  tell(`The model ${file.name} makes masks from now on.`);
  if (steps.current === "object") await guess("model");
}

function tellObject(sentence: string): void {
  byId("object-told", HTMLElement).textContent = sentence;
}

/** Takes the mask; the class is next. */
function takeObject(): void {
  if (image === null || work !== null) return;
  try {
    photo = cropPhoto(brush.canvas.pixels(), brush.canvas.mask.values);
    square = photoCanvas(photo, image);
    steps.open("class");
  } catch (error) {
    tell(messageOf(error), "problem");
  }
}

async function chooseClass(category: string | null): Promise<void> {
  if (photo === null) return;
  const cropped = photo;
  await busy(async (signal) => {
    classes.mark(category);
    templates = await classes.templates(category);
    if (templates.length === 0) throw new UserError("There are no templates: export the page again.");
    steps.open("pose");
    poses.open(cropped, square, templates);
    byId("pose-told", HTMLElement).textContent = "Fitting the templates from all around …";
    const { poses: ranked, classes: found } = await findPhotoPoses(cropped, templates, pool, {
      signal,
      onSearch(share, { pose, template }) {
        showProgress(share);
        poses.canvas.show({ vertices: templates[template].vertices, pose }, true);
      },
    });
    poses.show(ranked, tellPoses(ranked, found));
  });
}

/** What the search says about its poses. */
function tellPoses(ranked: readonly PhotoPose[], [best, next]: readonly ClassScore[]): string {
  const [first] = ranked, { isDoubtful, poses: [, second] } = choosePhotoPoses(ranked);
  const side = ({ pose }: PhotoPose) => `from the ${sideOfAzimuth(directionOfPose(pose).azimuth)}`;
  const kind = next ? `It looks like a ${best.category}, or else a ${next.category}. ` : "";
  return kind +
    (isDoubtful
      ? `Two poses fit nearly alike, ${side(first)} and ${side(second)}: choose the right one.`
      : "The best pose is chosen. Take another one if it is wrong.");
}

async function makeMesh(): Promise<void> {
  const { chosen } = poses;
  if (photo === null || chosen === null) return;
  const cropped = photo, isAgain = steps.current === "mesh";
  const told = byId("pose-told", HTMLElement), choice = told.textContent;
  await busy(async (signal) => {
    poses.byHand(false);
    told.textContent = "Fitting shape, pose and texture …";
    const [mesh] = await refinePhoto(cropped, templates, [chosen], pool, meshes.textureResolution, {
      signal,
      onRefine({ share, vertices, pose }) {
        showProgress(0.7 * share);
        if (!isAgain) poses.canvas.show({ vertices, pose }, true);
      },
    });
    if (!isAgain) meshes.toggleCompare(false);
    steps.open("mesh");
    await meshes.show(mesh, square, stem);
  });
  told.textContent = choice;
}

function startOver(): void {
  work?.abort();
  work = null;
  byId("progress", HTMLElement).hidden = true;
  [image, photo, templates] = [null, null, []];
  meshes.stage.show(null);
  steps.forgetAfter("photo");
  steps.open("photo");
}

const click = (id: string, action: () => void) =>
  byId(id, HTMLButtonElement).addEventListener("click", action);
click("guess", () => void guess("colour"));
click("by-model", () => void guess("model"));
click("load-model", () => finder.askForModel());
click("object-done", takeObject);
click("make", () => void makeMesh());
click("start-over", startOver);
click("other-pose", () => steps.open("pose"));
bindPhotoInput((file) => void openPhotograph(file), (file) => void openModel(file));
bindCreateKeys({ steps, poses, meshes, takeObject, makeMesh: () => void makeMesh() });
document.body.dataset.ready = "true";
