/**
 * The viewer's page: gallery and live generator beside the 3D view.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { encodeGlbWith } from "../lib/io/glb_encoder.ts";
import { encodePlainPng } from "../lib/io/plain_png.ts";
import { byId, download, tell, tellStarted } from "./dom.ts";
import { Gallery, type GalleryItem } from "./gallery.ts";
import { GeneratorPanel, type LiveSample } from "./generator_panel.ts";
import { bindKeys } from "./keys.ts";
import { openGlb } from "./load_glb.ts";
import { loadManifest } from "./manifest.ts";
import { meshObject } from "./mesh_object.ts";
import { meshesOf } from "./look.ts";
import { Stage } from "./stage.ts";
import { Tabs } from "./tabs.ts";
import { Thumbnails } from "./thumbnails.ts";
import { bindTools } from "./tools.ts";

/** What is shown: its file name and how to get its bytes. */
interface Shown {
  readonly name: string;
  bytes(): Promise<Blob>;
}

tellStarted();
const stage = makeStage();
const [title, facts] = [byId("title", HTMLElement), byId("facts", HTMLElement)];
let shown: Shown | null = null;
let wanted = 0; // the latest choice wins, however long an earlier one takes

/** The 3D view; a browser without WebGL is told so. */
function makeStage(): Stage {
  try {
    return new Stage(byId("view", HTMLCanvasElement));
  } catch (error) {
    tell("Cannot show meshes: this browser offers no WebGL. Switch on hardware acceleration.", "problem");
    throw error;
  }
}

async function showItem(item: GalleryItem): Promise<void> {
  const turn = ++wanted;
  try {
    const bytes = await item.bytes();
    const { object, extras } = await openGlb(bytes.slice(0), item.fileName);
    if (turn !== wanted) return;
    const triangles = meshesOf(object).reduce((sum, { geometry }) => {
      return sum + (geometry.index?.count ?? geometry.attributes.position.count) / 3;
    }, 0);
    stage.show(object);
    const told = ["seed", "truncation"].filter((name) => name in extras).map((name) =>
      `${name} ${extras[name]}`
    );
    describe(item.title, [`${triangles.toLocaleString("en")} triangles`, ...told]);
    const blob = new Blob([bytes], { type: "model/gltf-binary" });
    shown = { name: item.fileName, bytes: () => Promise.resolve(blob) };
    byId("to-generator", HTMLButtonElement).hidden = panel === null || item.sample === null;
    chosen = item;
  } catch (error) {
    if (turn === wanted) tell(messageOf(error), "problem");
  }
}

function showSample(sample: LiveSample, isStep: boolean): void {
  wanted++;
  const { mesh, texture, symmetric, name, extras } = sample;
  stage.show(
    meshObject(mesh, texture, symmetric),
    isStep && shown?.name.startsWith(name.split("_seed")[0]) === true,
  );
  const facts = Object.entries(extras).filter(([key, value]) =>
    ["seed", "truncation"].includes(key) && value !== null
  );
  describe(sample.title, facts.map(([key, value]) => `${key} ${value}`));
  byId("to-generator", HTMLButtonElement).hidden = true;
  shown = {
    name: `${name}.glb`,
    bytes: async () => {
      const bytes = await encodeGlbWith(encodePlainPng, mesh, texture, { name, symmetric, extras });
      return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "model/gltf-binary" });
    },
  };
}

function describe(name: string, details: readonly string[]): void {
  title.textContent = name;
  facts.textContent = details.join(" · ");
  document.body.dataset.shown = name;
}

async function save(): Promise<void> {
  if (shown === null) return tell("There is nothing to download yet.");
  try {
    download(await shown.bytes(), shown.name);
  } catch (error) {
    tell(messageOf(error), "problem");
  }
}

function openFiles(files: Iterable<File>): void {
  for (const file of files) {
    if (!/\.glb$/i.test(file.name)) {
      tell(`Cannot open ${file.name}: this page shows GLB files.`, "problem");
      continue;
    }
    tabs.open("gallery");
    gallery.addFile(file);
    byId("empty", HTMLElement).hidden = true;
  }
}

let chosen: GalleryItem | null = null;
const manifest = await loadManifest().catch((error) => {
  tell(messageOf(error), "problem");
  throw error;
});
byId("run", HTMLElement).textContent = manifest.name;
document.title = manifest.name ? `${manifest.name} – texmesh` : "texmesh";
const panel = manifest.generator ? new GeneratorPanel(manifest.name, manifest.generator, showSample) : null;
byId("no-generator", HTMLElement).hidden = panel !== null;
byId("generator-controls", HTMLElement).hidden = panel === null;
const gallery = new Gallery(manifest.items, new Thumbnails(), (item) => void showItem(item));
byId("empty", HTMLElement).hidden = gallery.count > 0;

const tabs = new Tabs(["gallery", "generator"], (name) => {
  if (name === "generator") void panel?.open();
  else {
    panel?.togglePlay(false);
    if (chosen) gallery.choose(chosen);
  }
});
const step = (steps: number) => tabs.current === "generator" ? panel?.step(steps) : gallery.step(steps);
const tools = bindTools(stage, { step, save, openFiles });
bindKeys({
  stage,
  tools,
  tabs,
  step,
  save,
  surprise: () => tabs.current === "generator" && panel?.surprise(),
});
byId("to-generator", HTMLButtonElement).addEventListener("click", () => {
  if (chosen?.sample) panel?.take(chosen.sample);
  tabs.open("generator");
});
if (gallery.count > 0) gallery.step(1);
else if (panel) tabs.open("generator");
if (location.hash === "#generator") tabs.open("generator");
document.body.dataset.ready = "true";
