/**
 * The mask page: paints what is object in a photograph.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import type { ByteImage } from "../lib/io/byte_image.ts";
import { encodePlainBytesPng } from "../lib/io/plain_png.ts";
import type { ViewerImage } from "./server/images.ts";
import { BrushPanel } from "./brush_panel.ts";
import { byId, download, make, tell, tellStarted } from "./dom.ts";
import { loadManifest } from "./manifest.ts";
import { MaskModel } from "./mask_model.ts";
import { type FoundMask, isModelFile, ObjectFinder } from "./object_finder.ts";
import { PhotoWorkers } from "./photo_workers.ts";
import {
  guessListed,
  listPhotographs,
  type OpenedPhotograph,
  openFile,
  openListed,
  saveListed,
} from "./photographs.ts";

tellStarted();
const manifest = await loadManifest().catch((error) => void tell(messageOf(error), "problem"));
const finder = new ObjectFinder(new MaskModel(manifest?.vision ?? null), new PhotoWorkers());
const button = (id: string) => byId(id, HTMLButtonElement);
const list = byId("list", HTMLElement);
const panel = new BrushPanel(showState, {
    s: () => void save(),
    a: () => void guess(listed ? "server" : "model"),
  }),
  { canvas } = panel;
let stem = "", listed: ViewerImage | null = null, isChanged = false, isOpening = false;
let work: AbortController | null = null; // what looks for the object

function showState(): void {
  const { mask } = canvas, isOpen = stem !== "";
  isChanged = mask.canUndo;
  for (const id of ["download", "mask", "save", "guess", "by-model"]) button(id).disabled = !isOpen;
  byId("share", HTMLElement).textContent = isOpen
    ? `${stem}: ${mask.width} × ${mask.height}, object ${Math.round(100 * mask.share)} %`
    : "No photograph";
  button("save").hidden = listed === null;
  if (listed) button("save").textContent = `Save ${listed.target}`;
  button("guess").textContent = listed ? "Remove it as --masks auto does" : "Remove a plain background";
}

async function open(load: () => Promise<OpenedPhotograph>, entry: ViewerImage | null): Promise<void> {
  if (isOpening || (isChanged && !confirm("The mask was not saved. Open another photograph?"))) return;
  isOpening = true;
  work?.abort();
  try {
    const opened = await load();
    [stem, listed] = [opened.stem, entry];
    panel.open(opened.image, opened.mask);
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

async function hand(image: ByteImage, name: string): Promise<void> {
  const bytes = await encodePlainBytesPng(image);
  download(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "image/png" }), name);
}

async function save(): Promise<void> {
  if (stem === "") return;
  try {
    if (listed === null) await hand(canvas.rgbaImage(), `${stem}.png`);
    else {
      const saved = await saveListed(listed, await encodePlainBytesPng(canvas.maskImage()));
      tell(`Saved ${saved}.`);
      isChanged = false;
      await showList();
    }
  } catch (error) {
    tell(messageOf(error), "problem");
  }
}

async function showList(): Promise<void> {
  const images = await listPhotographs();
  list.replaceChildren(...images.map((image) => {
    const item = make("li"), choice = make("button");
    choice.type = "button";
    choice.dataset.name = image.name;
    choice.setAttribute("aria-current", `${image.name === listed?.name}`);
    choice.append(make("span", "", image.name), make("span", "dim", image.hasMask ? "mask" : "no mask"));
    choice.addEventListener("click", () => void open(() => openListed(image), image));
    item.append(choice);
    return item;
  }));
  byId("folder", HTMLElement).hidden = false;
}

/** Finds the object: of photographs of the folder in the server, if this page's own model is not asked for. */
async function guess(way: "model" | "colour" | "server"): Promise<void> {
  if (stem === "") return;
  work?.abort();
  const { signal } = work = new AbortController(); // ends when another photograph is opened
  try {
    const { mask, told } = way === "server" && listed
      ? await guessByServer(listed)
      : await finder.find(canvas.pixels(), way === "model" ? "model" : "colour", signal, ({ doing }) => {
        if (!signal.aborted) tell(doing);
      });
    if (signal.aborted) return;
    if (mask !== null) canvas.replace(mask);
    tell(told);
  } catch (error) {
    if (!signal.aborted) tell(messageOf(error), "problem");
  }
}

async function guessByServer(image: ViewerImage): Promise<FoundMask> {
  const { mask, doubt } = await guessListed(image, canvas.mask);
  return { mask, told: doubt ? `Look closely: ${doubt}.` : "" };
}

/** Takes a photograph, or a model that makes masks. */
async function take([file]: Iterable<File>): Promise<void> {
  if (file === undefined) return;
  if (!isModelFile(file)) await open(() => openFile(file), null);
  else if (await finder.openModel(file)) await guess("model");
}

const handOut = (image: ByteImage, name: string) =>
  void hand(image, name).catch((error) => tell(messageOf(error), "problem"));
button("download").addEventListener("click", () => handOut(canvas.rgbaImage(), `${stem}.png`));
button("mask").addEventListener("click", () => handOut(canvas.maskImage(), `${stem}_mask.png`));
button("save").addEventListener("click", () => void save());
button("guess").addEventListener("click", () => void guess(listed ? "server" : "colour"));
button("by-model").addEventListener("click", () => void guess("model"));
button("load-model").addEventListener("click", () => finder.askForModel());
addEventListener("beforeunload", (event) => isChanged && event.preventDefault());
button("open").addEventListener("click", () => byId("picker", HTMLInputElement).click());
for (const id of ["picker", "model-picker"]) {
  const picker = byId(id, HTMLInputElement);
  picker.addEventListener("change", () => {
    void take([...picker.files ?? []]);
    picker.value = "";
  });
}
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  void take(event.dataTransfer?.files ?? []);
});

panel.showState();
byId("run", HTMLElement).textContent = manifest?.name ?? "";
if (manifest?.images) await showList().catch((error) => tell(messageOf(error), "problem"));
document.body.dataset.ready = "true";
