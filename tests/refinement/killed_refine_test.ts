import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { refinedFolder } from "../../lib/core/paths.ts";
import { fittedFile, refinedFile } from "../../lib/refinement/files.ts";
import { hashFiles } from "../e2e/_workplace.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { makeToyCars, TOY } from "./toy_cars.ts";

const CONFIG = fromFileUrl(new URL("../../deno.json", import.meta.url));
const PROGRAM = fromFileUrl(new URL("./toy_cars.ts", import.meta.url));
const FOLDER = refinedFolder(TOY, "singletpl", null);

function start(folder: string): Deno.ChildProcess {
  const permissions = [
    "--allow-read",
    "--allow-env",
    "--allow-sys",
    "--allow-ffi",
    `--allow-write=${folder}`,
  ];
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-check", "--quiet", "--config", CONFIG, ...permissions, PROGRAM, folder],
    stdout: "null",
    stderr: "inherit",
  }).spawn();
}

/** Kills a run when a file appears. */
async function killAt(file: string, folder: string): Promise<void> {
  const victim = start(folder);
  for (let k = 0; !await Deno.stat(`${folder}/${file}`).then(() => true, () => false); k++) {
    assert(k < 12_000, `${file} did not appear`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  victim.kill("SIGKILL");
  assertEquals((await victim.status).signal, "SIGKILL", file);
}

slowTest(
  "kill -9 in each pass of refinement and a restart give the same files to the byte",
  () =>
    inProject(async (folder) => {
      await makeToyCars(5);
      const { records: [first] } = JSON.parse(await Deno.readTextFile(`cache/${TOY}/dataset.json`));
      assert((await start(folder).status).success);
      const whole = await hashFiles(FOLDER);
      await Deno.remove(FOLDER, { recursive: true });
      await killAt(`${FOLDER}/mean_0.safetensors`, folder);
      for (const fits of ["fits_0", "fits_1", "fits"]) {
        await killAt(fittedFile(FOLDER, first.id, fits), folder);
      }
      await killAt(refinedFile(FOLDER, first.id), folder);
      const partial = await hashFiles(FOLDER);
      assert(Object.keys(partial).length < Object.keys(whole).length);
      assert((await start(folder).status).success);
      assertEquals(await hashFiles(FOLDER), whole);
    }),
);
