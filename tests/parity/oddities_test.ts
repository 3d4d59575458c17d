/** Inputs that went wrong once, each with a README that tells what is right, under TEXMESH_DATA/oddities. */
import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import { readMesh } from "../../lib/io/read_mesh.ts";
import type { LabelledMesh } from "../../lib/io/labelled_mesh.ts";
import { type CheckListing, checkPhotographs, UnusableDataError } from "../../lib/pipeline/check_data.ts";
import { runDetection } from "../../original/detect/run_detection.ts";
import { resultsSource } from "../../original/detect/detect_source.ts";
import { importOriginal } from "../../original/import/import_original.ts";
import { readImageMask, saveMask, viewerImages } from "../../viewer/server/images.ts";
import { decodeByteImage, encodeBytesPng, readByteImage } from "../../lib/io/image_file.ts";
import { inFolder, inProject } from "../helpers/temporary_folder.ts";
import { commandRunner } from "./oddity_commands.ts";

const FOLDER = join(Deno.env.get("TEXMESH_DATA") ?? "../shared/data", "oddities");

/** What the README of a case says. */
interface Oddity {
  readonly name: string;
  readonly command: string;
  readonly expected: string;
}

async function oddities(): Promise<Oddity[]> {
  const found: Oddity[] = [];
  for await (const { name, isDirectory } of Deno.readDir(FOLDER)) {
    if (!isDirectory) continue;
    const text = await Deno.readTextFile(join(FOLDER, name, "README")).catch(() => "");
    const [, command, expected] = /command: (.*?) \| expected: (.*?) \| /.exec(text) ?? [];
    if (command !== undefined) found.push({ name, command, expected });
  }
  return found.sort((a, b) => a.name < b.name ? -1 : 1);
}

const isThere = await Deno.stat(FOLDER).then(() => true, () => false);
const cases = isThere ? await oddities() : [];

/** What came of a folder: a listing, or why it was refused. */
async function check(
  folder: string,
  masks: "given" | "auto",
): Promise<{ listing?: CheckListing; notes: number; error?: UserError }> {
  const scratch = await Deno.makeTempDir();
  const request = { name: "oddity", category: "bird", masks, sheet: join(scratch, "sheet.png") };
  try {
    const { listing } = await checkPhotographs(folder, request);
    const notes = listing.images.flatMap(({ problems }) => problems).length +
      listing.ignored.filter(({ file }) => file !== "README").length;
    return { listing, notes };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { listing: error instanceof UnusableDataError ? error.listing : undefined, notes: 0, error };
  } finally {
    await Deno.remove(scratch, { recursive: true });
  }
}

/** Holds what a folder came to against the words of its README. */
async function checkFolder({ name, command, expected }: Oddity): Promise<void> {
  const inside = join(FOLDER, name, "input"),
    hasInput = await Deno.stat(inside).then(() => true, () => false);
  const masks = command.includes("--masks auto") || /^cut out/.test(expected) ? "auto" : "given";
  const { listing, notes, error } = await check(hasInput ? inside : join(FOLDER, name), masks);
  const used = listing?.images.filter((image) => image.used) ?? [];
  const areas = /^areas ([\d, ]+)/.exec(expected)?.[1].split(",").map(Number) ?? null;
  const [, area] = /^(\d{3,})\b/.exec(expected) ?? [], [, box] = /box ([\d,]+)/.exec(expected) ?? [];
  const isRead = used.length > 0 && !error, isTold = error !== undefined || notes > 0;
  if (areas) assertEquals(used.map((image) => image.mask_area), areas);
  if (area !== undefined) {
    assert(used.length > 0, `${error}`);
    for (const image of used) assertEquals(image.mask_area, Number(area), image.file);
  }
  if (box !== undefined) { for (const image of used) assertEquals(image.box?.join(), box); }
  if (areas || area !== undefined) return;
  if (/^(refusal$)/.test(expected)) assert(error, "it is not refused");
  else if (/refusal|warning|^told|^note/.test(expected)) assert(isTold, "nothing is said");
  else if (/ or /.test(expected)) assert(isRead || isTold, "neither read nor told");
  else assert(isRead, `${error ?? "nothing is used"}`);
}

/** Volume and sides of a mesh. */
function measure({ vertices, faces }: LabelledMesh): { volume: number; sides: number[] } {
  let volume = 0;
  const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
  for (let k = 0; k < faces.length; k += 3) {
    const [[a, b, c], [d, e, f], [g, h, i]] = [0, 1, 2].map((corner) =>
      [0, 1, 2].map((axis) => vertices[3 * faces[k + corner] + axis])
    );
    volume += (a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)) / 6;
    for (const corner of [[a, b, c], [d, e, f], [g, h, i]]) {
      corner.forEach((value, axis) => {
        low[axis] = Math.min(low[axis], value);
        high[axis] = Math.max(high[axis], value);
      });
    }
  }
  return { volume, sides: high.map((value, axis) => value - low[axis]) };
}

async function checkMesh({ name, expected }: Oddity): Promise<void> {
  const files = [...Deno.readDirSync(join(FOLDER, name))].map((entry) => entry.name).filter((file) =>
    file !== "README"
  );
  const read = await readMesh(join(FOLDER, name, files[0])).catch((error) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  if (/^refusal/.test(expected)) assert(read instanceof UserError);
  if (read instanceof UserError) return assert(/refusal|told/.test(expected), read.message);
  const { volume, sides } = measure(read);
  const [, wanted] = /volume ([\d.]+)/.exec(expected) ?? [],
    [, sizes] = /size ([\d. x]+\d)/.exec(expected) ?? [];
  const [, area] = /area ([\d.]+)/.exec(expected) ?? [];
  if (wanted !== undefined) assertAlmostEquals(volume, Number(wanted), 1e-3);
  if (sizes !== undefined) {
    sizes.split("x").forEach((side, axis) => assertAlmostEquals(sides[axis], Number(side), 1e-3));
  }
  if (area !== undefined) assertAlmostEquals(volume / Math.min(...sides), Number(area), 1e-3); // an even thickness
}

async function checkDetection({ name, command, expected }: Oddity): Promise<void> {
  const [, images] = /--images (\S+)/.exec(command)!, [, results] = /--results (\S+)/.exec(command)!;
  const folder = Deno.realPathSync(join(FOLDER, name));
  await inProject(async () => {
    const { find } = await resultsSource(join(folder, results), null);
    const request = {
      dataset: "x",
      images: join(folder, images),
      category: "bird",
      threshold: null,
      filters: null,
    };
    const report = await runDetection(request, find).catch((error) => error as UserError);
    if (report instanceof Error) return assert(/told/.test(expected), `${report}`);
    const unknown = /unknown/.test(expected) ? 1 : 0;
    assertEquals(report.objects, report.images - unknown);
  });
}

async function checkImport({ name }: Oddity): Promise<void> {
  for await (const { name: inside, isDirectory } of Deno.readDir(join(FOLDER, name))) {
    if (!isDirectory) continue;
    const from = Deno.realPathSync(join(FOLDER, name, inside));
    await inProject(async () => {
      const entries = await importOriginal(from);
      assert(entries.every(({ isFailure }) => isFailure), inside);
      for (const { note } of entries) assert(!/instruction 0x/.test(note), note);
    });
  }
}

/** Masks as the brush reads them, and what saving one of them leaves of the others. */
async function checkBrush({ name, expected }: Oddity): Promise<void> {
  await inFolder(async (folder) => {
    await copyFolder(join(FOLDER, name), folder);
    const [, area] = /^(\d{3,})/.exec(expected) ?? [];
    const before = new Map<string, number>();
    for (const { name: image, hasMask } of await viewerImages(folder)) {
      if (hasMask) before.set(image, await areaOf(await readImageMask(folder, image)));
    }
    if (area !== undefined) {
      for (const [image, found] of before) assertEquals(found, Number(area), image);
    }
    const bare = (await viewerImages(folder)).find(({ name, hasMask }) => !hasMask && !name.includes("/"));
    if (!bare) return;
    const { height, width } = await readByteImage(join(folder, bare.name));
    const half = Uint8Array.from({ length: height * width }, (_, p) => p % width < width / 2 ? 255 : 0);
    await saveMask(folder, bare.name, await encodeBytesPng({ data: half, height, width, channels: 1 }));
    for (const { name: image, hasMask, target } of await viewerImages(folder)) {
      if (!before.has(image)) continue;
      assert(hasMask && target.startsWith("masks/"), image);
      assertEquals(await areaOf(await readImageMask(folder, image)), before.get(image), image);
    }
  });
}

async function areaOf(png: Uint8Array): Promise<number> {
  return (await decodeByteImage(png, "mask")).data.reduce((sum, value) => sum + (value > 127 ? 1 : 0), 0);
}

async function copyFolder(from: string, to: string): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (name === "README" || name === "to_save") continue;
    if (isDirectory) {
      await Deno.mkdir(join(to, name));
      await copyFolder(join(from, name), join(to, name));
    } else await Deno.writeFile(join(to, name), await Deno.readFile(join(from, name)));
  }
}

/** How a case is run, by its command. */
function runnerOf({ command }: Oddity): ((oddity: Oddity) => Promise<void>) | null {
  const ofCommand = commandRunner(command);
  if (ofCommand) return ({ name }) => ofCommand(join(FOLDER, name));
  if (/check_data/.test(command)) return checkFolder;
  if (/detect --datasets/.test(command)) return checkDetection;
  if (/--mesh (FILE|")/.test(command)) return checkMesh;
  if (/import_original/.test(command)) return checkImport;
  return /task view/.test(command) ? checkBrush : null;
}

if (cases.length === 0) {
  Deno.test({ name: `oddities: there are none in ${FOLDER} (TEXMESH_DATA)`, ignore: true, fn() {} });
}
for (const oddity of cases) {
  const run = runnerOf(oddity);
  Deno.test({
    name: `oddity ${oddity.name}: ${run ? oddity.expected : "cannot be run here"}`,
    ignore: run === null,
    fn: () => run!(oddity),
  });
}
