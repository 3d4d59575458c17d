/**
 * The mask page: paints what is object in a photograph.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import type { ByteImage } from "../lib/io/image_file.ts";
import { encodePlainBytesPng } from "../lib/io/plain_png.ts";
import type { ViewerPicture } from "../lib/pipeline/viewer_images.ts";
import { byId, download, isTyping, make, setPressed, tell, tellStarted } from "./dom.ts";
import { loadManifest } from "./manifest.ts";
import { MaskCanvas } from "./mask_canvas.ts";
import {
  guessListed,
  listPhotographs,
  type OpenedPhotograph,
  openFile,
  openListed,
  saveListed,
} from "./photographs.ts";

tellStarted();
const button = (id: string) => byId(id, HTMLButtonElement);
const size = byId("size", HTMLInputElement), zoom = byId("zoom", HTMLInputElement);
const paper = byId("paper", HTMLElement), list = byId("list", HTMLElement);
const canvas = new MaskCanvas(showState);
let stem = "", listed: ViewerPicture | null = null, isChanged = false, isOpening = false;

/** What needs a photograph. */
const NEED_PICTURE = [
  "paint",
  "erase",
  "undo",
  "redo",
  "clear",
  "all",
  "invert",
  "cut-out",
  "download",
  "mask",
  "save",
  "guess",
];

function showState(): void {
  const { mask } = canvas, isOpen = stem !== "";
  isChanged = mask.canUndo;
  for (const id of NEED_PICTURE) button(id).disabled = !isOpen;
  button("undo").disabled = !mask.canUndo;
  button("redo").disabled = !mask.canRedo;
  setPressed(button("paint"), canvas.value === 1);
  setPressed(button("erase"), canvas.value === 0);
  byId("size-value", HTMLOutputElement).value = `${size.value} px`;
  byId("share", HTMLElement).textContent = isOpen
    ? `${stem}: ${mask.width} × ${mask.height}, object ${Math.round(100 * mask.share)} %`
    : "No photograph";
  for (const id of ["save", "guess"]) button(id).hidden = listed === null;
  if (listed) button("save").textContent = `Save ${listed.target}`;
}

async function open(load: () => Promise<OpenedPhotograph>, entry: ViewerPicture | null): Promise<void> {
  if (isOpening || (isChanged && !confirm("The mask was not saved. Open another photograph?"))) return;
  isOpening = true;
  try {
    const opened = await load();
    [stem, listed] = [opened.stem, entry];
    byId("hint", HTMLElement).hidden = true;
    byId("layers", HTMLElement).hidden = false;
    const longest = Math.max(opened.picture.width, opened.picture.height);
    size.max = `${Math.max(20, Math.round(longest / 4))}`;
    setSize(Math.round(longest / 30));
    canvas.open(opened.picture, opened.mask);
    zoom.value = "1";
    fit();
    for (const item of list.querySelectorAll("button")) {
      item.setAttribute("aria-current", `${item.dataset.name === entry?.name}`);
    }
    tell("");
  } catch (error) {
    tell(messageOf(error), "problem");
  } finally {
    isOpening = false;
  }
}

function fit(): void {
  const { width, height } = canvas.mask, { clientWidth, clientHeight } = paper;
  const whole = Math.min((clientWidth - 36) / width, (clientHeight - 36) / height, 4);
  canvas.setWidth(Math.max(80, whole * width) * Number(zoom.value));
}

function setSize(pixels: number): void {
  size.value = `${Math.max(1, pixels)}`;
  canvas.radius = Number(size.value) / 2;
  showState();
}

async function hand(picture: ByteImage, name: string): Promise<void> {
  const bytes = await encodePlainBytesPng(picture);
  download(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/png" }), name);
}

async function save(): Promise<void> {
  if (stem === "") return;
  try {
    if (listed === null) await hand(canvas.cutOut(), `${stem}.png`);
    else {
      const saved = await saveListed(listed, await encodePlainBytesPng(canvas.maskPicture()));
      tell(`Saved ${saved}.`);
      isChanged = false;
      await showList();
    }
  } catch (error) {
    tell(messageOf(error), "problem");
  }
}

async function showList(): Promise<void> {
  const pictures = await listPhotographs();
  list.replaceChildren(...pictures.map((picture) => {
    const item = make("li"), choice = make("button");
    choice.type = "button";
    choice.dataset.name = picture.name;
    choice.setAttribute("aria-current", `${picture.name === listed?.name}`);
    choice.append(make("span", "", picture.name), make("span", "dim", picture.hasMask ? "mask" : "no mask"));
    choice.addEventListener("click", () => void open(() => openListed(picture), picture));
    item.append(choice);
    return item;
  }));
  byId("folder", HTMLElement).hidden = false;
}

async function guess(): Promise<void> {
  if (listed === null) return;
  const name = listed.name;
  try {
    const { mask, doubt } = await guessListed(listed, canvas.mask);
    if (listed?.name !== name) return; // another photograph was opened meanwhile
    canvas.replace(mask);
    tell(doubt ? `Look closely: ${doubt}.` : "");
  } catch (error) {
    tell(messageOf(error), "problem");
  }
}

const values = () => canvas.mask.values;
const actions: Record<string, () => void> = {
  paint: () => (canvas.value = 1, showState()),
  erase: () => (canvas.value = 0, showState()),
  undo: () => canvas.goBack(false),
  redo: () => canvas.goBack(true),
  clear: () => canvas.replace(values().map(() => 0)),
  all: () => canvas.replace(values().map(() => 1)),
  invert: () => canvas.replace(values().map((value) => 1 - value)),
  "cut-out": () => {
    const isOn = button("cut-out").getAttribute("aria-pressed") !== "true";
    setPressed(button("cut-out"), isOn);
    canvas.isCutOut = isOn;
  },
  download: () =>
    void hand(canvas.cutOut(), `${stem}.png`).catch((error) => tell(messageOf(error), "problem")),
  mask: () =>
    void hand(canvas.maskPicture(), `${stem}_mask.png`).catch((error) => tell(messageOf(error), "problem")),
  save: () => void save(),
  guess: () => void guess(),
};
for (const [id, action] of Object.entries(actions)) button(id).addEventListener("click", action);

const KEYS: Record<string, () => void> = {
  b: actions.paint,
  e: actions.erase,
  z: actions.undo,
  y: actions.redo,
  c: actions["cut-out"],
  s: actions.save,
  a: actions.guess,
  "[": () => setSize(Math.round(Number(size.value) / 1.25)),
  "]": () => setSize(Math.round(Number(size.value) * 1.25) + 1),
};
addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
  if (stem === "" || isTyping(event) || event.altKey || ((event.ctrlKey || event.metaKey) && !isUndo)) return;
  const action = isUndo && event.shiftKey ? actions.redo : KEYS[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});

size.addEventListener("input", () => setSize(Number(size.value)));
zoom.addEventListener("input", fit);
addEventListener("resize", () => stem && fit());
addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
const picker = byId("picker", HTMLInputElement);
button("open").addEventListener("click", () => picker.click());
picker.addEventListener("change", () => {
  const [file] = picker.files ?? [];
  if (file) void open(() => openFile(file), null);
  picker.value = "";
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const [file] = event.dataTransfer?.files ?? [];
  if (file) void open(() => openFile(file), null);
});

showState();
const manifest = await loadManifest().catch((error) => void tell(messageOf(error), "problem"));
byId("run", HTMLElement).textContent = manifest?.name ?? "";
if (manifest?.images) await showList().catch((error) => tell(messageOf(error), "problem"));
document.body.dataset.ready = "true";
