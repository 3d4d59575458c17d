/**
 * The mask page: paints what is object in a photograph.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import { encodePlainBytesPng } from "../lib/io/plain_png.ts";
import type { ViewerPicture } from "./server/images.ts";
import { BrushPanel } from "./brush_panel.ts";
import { byId, download, make, tell, tellStarted } from "./dom.ts";
import { loadManifest } from "./manifest.ts";
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
const list = byId("list", HTMLElement);
const panel = new BrushPanel(showState, { s: () => void save(), a: () => void guess() }), { canvas } = panel;
let stem = "", listed: ViewerPicture | null = null, isChanged = false, isOpening = false;

function showState(): void {
  const { mask } = canvas, isOpen = stem !== "";
  isChanged = mask.canUndo;
  for (const id of ["download", "mask", "save", "guess"]) button(id).disabled = !isOpen;
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
    panel.open(opened.picture, opened.mask);
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

const handOut = (picture: ByteImage, name: string) =>
  void hand(picture, name).catch((error) => tell(messageOf(error), "problem"));
button("download").addEventListener("click", () => handOut(canvas.cutOut(), `${stem}.png`));
button("mask").addEventListener("click", () => handOut(canvas.maskPicture(), `${stem}_mask.png`));
button("save").addEventListener("click", () => void save());
button("guess").addEventListener("click", () => void guess());
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

panel.showState();
const manifest = await loadManifest().catch((error) => void tell(messageOf(error), "problem"));
byId("run", HTMLElement).textContent = manifest?.name ?? "";
if (manifest?.images) await showList().catch((error) => tell(messageOf(error), "problem"));
document.body.dataset.ready = "true";
