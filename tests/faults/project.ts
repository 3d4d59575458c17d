/**
 * A toy project that faults are done to: its stages, snapshots of its files before and after each, and their health.
 *
 * @module
 */
import { fromFileUrl, join } from "@std/path";
import { STAGE_NAMES, type StageName } from "../../lib/pipeline/pipeline_stages.ts";
import { makeSynthetic } from "../../demo/synthetic/make_synthetic.ts";
import { readGltf } from "../../lib/io/gltf_reader.ts";
import { readImage } from "../../lib/io/image_file.ts";
import { readSafetensors } from "../../lib/io/safetensors.ts";
import { hashFiles, taskPermissions, type Workplace } from "../e2e/_workplace.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const PHOTOGRAPHS = 6;
const FOLDERS = ["cache", "output", "checkpoints_recon", "checkpoints_gan"];

/** Photographs, and files that hold times of the work or lines of work that was done twice. */
const NOT_COMPARED =
  /^photos\/|(pipeline\.json|log\.txt|scalars\.jsonl\.\d+.*)$|\.partial$|^output\/[^/]+\/(report\.html|summary\.json)$/;

/** The stages that faults are done to: all after the import. */
export const FAULTY_STAGES = STAGE_NAMES.filter((name) => name !== "import");

/** A running stage. */
export interface RunningStage {
  /** Resolves when the stage begins its work; the process may also end before. */
  readonly begun: Promise<void>;
  /** Exit code and messages. */
  readonly ended: Promise<{ code: number; messages: string }>;
  /** Sends a signal. */
  kill(signal: Deno.Signal): void;
}

/** A toy project in the current folder. */
export class FaultyProject {
  readonly #workplace: Workplace;
  readonly #snapshots: string;
  readonly #seconds = new Map<StageName, number>();

  constructor(workplace: Workplace, snapshots: string) {
    this.#workplace = workplace;
    this.#snapshots = snapshots;
  }

  /** Makes photographs, and runs all stages undisturbed, keeping the files after each. */
  async prepare(report: (line: string) => void): Promise<void> {
    await makeSynthetic("photos", { category: "car", count: PHOTOGRAPHS, seed: 1, resolution: 96 });
    for (const stage of STAGE_NAMES) {
      const { code, messages } = await (await this.run(stage)).ended;
      if (code !== 0) throw new Error(`The undisturbed ${stage} failed: ${messages}`);
      const { stages } = JSON.parse(await Deno.readTextFile("output/e2e/pipeline.json"));
      this.#seconds.set(stage, stages[stage].seconds);
      await copy(".", join(this.#snapshots, stage));
      report(`undisturbed ${stage}: ${stages[stage].seconds.toFixed(2)} s`);
    }
  }

  /** Seconds of a stage when it is not disturbed. */
  secondsOf(stage: StageName): number {
    return this.#seconds.get(stage) ?? 1;
  }

  /** Puts back the files as they were before a stage. */
  async restoreBefore(stage: StageName): Promise<void> {
    for (const folder of FOLDERS) await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
    await copy(join(this.#snapshots, STAGE_NAMES[STAGE_NAMES.indexOf(stage) - 1]), ".");
  }

  /** Starts a stage; one that was stopped resumes. */
  async run(stage: StageName, fault = ""): Promise<RunningStage> {
    const flags = "--images photos --template car --name e2e --train --threads 1 --num_workers 1".split(" ");
    const process = new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--no-check", "--config", join(ROOT, "deno.json")],
        ...await taskPermissions("pipeline"),
        join(ROOT, "tests/faults/faulty_pipeline.ts"),
        ...flags,
        ...["--backend", this.#workplace.backend, "--only", stage],
      ],
      env: { ...this.#workplace.env, NO_COLOR: "1", TEXMESH_FAULT: fault, TEXMESH_FAULT_STAGE: stage },
      stdout: "null",
      stderr: "piped",
    }).spawn();
    let messages = "", begin = () => {};
    const begun = new Promise<void>((resolve) => begin = resolve);
    const reading = (async () => {
      for await (const text of process.stderr.pipeThrough(new TextDecoderStream())) {
        messages += text;
        if (messages.includes(`@${stage}`)) begin();
      }
      begin();
    })();
    const ended = process.status.then(async ({ code }) => {
      await reading;
      return { code, messages };
    });
    return { begun, ended, kill: (signal) => process.kill(signal) };
  }

  /** Files that differ from those of an undisturbed run after a stage. */
  async differences(stage: StageName): Promise<string[]> {
    const wanted = await hashFiles(join(this.#snapshots, stage)), now = await hashFiles(".");
    const prefix = `${join(this.#snapshots, stage)}/`;
    const before = Object.fromEntries(
      Object.entries(wanted).map(([path, hash]) => [path.replace(prefix, ""), hash]),
    );
    const paths = new Set([...Object.keys(before), ...Object.keys(now)]);
    return [...paths].filter((path) => !NOT_COMPARED.test(path) && before[path] !== now[path]).sort();
  }
}

/** Files below the current folder that cannot be read as what their names say; unfinished temporary files apart. */
export async function corruptFiles(): Promise<string[]> {
  const corrupt: string[] = [];
  for (const path of Object.keys(await hashFiles("."))) {
    try {
      await readAsNamed(path);
    } catch (error) {
      corrupt.push(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return corrupt;
}

async function readAsNamed(path: string): Promise<void> {
  if (path.endsWith(".safetensors")) await readSafetensors(path);
  else if (path.endsWith(".json")) JSON.parse(await Deno.readTextFile(path));
  else if (/\.(png|webp|jpg)$/.test(path)) await readImage(path);
  else if (path.endsWith(".glb")) await readGltf(await Deno.readFile(path));
}

async function copy(from: string, to: string): Promise<void> {
  for (const folder of FOLDERS) await copyFolder(join(from, folder), join(to, folder));
}

async function copyFolder(from: string, to: string): Promise<void> {
  try {
    for await (const { name, isDirectory } of Deno.readDir(from)) {
      await Deno.mkdir(to, { recursive: true });
      if (isDirectory) await copyFolder(join(from, name), join(to, name));
      else await Deno.copyFile(join(from, name), join(to, name));
    }
  } catch (error) {
    ignoreMissing(error);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}
