import { assert, assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import config from "../../deno.json" with { type: "json" };
import { decodeByteImage } from "../../lib/io/image_file.ts";
import { exists } from "../../lib/io/exists.ts";
import { inFolder } from "../helpers/temporary_folder.ts";

const FOLDER = fromFileUrl(new URL("../../notebooks", import.meta.url));
const IS_WANTED = Deno.env.get("TEXMESH_NOTEBOOKS") === "1";

interface Output {
  readonly output_type: string;
  readonly data?: Record<string, string | string[]>;
}

interface Cell {
  readonly cell_type: "code" | "markdown";
  readonly id: string;
  readonly source: readonly string[];
  readonly outputs: readonly Output[];
}

const NOTEBOOKS = [...Deno.readDirSync(FOLDER)].map(({ name }) => name).filter((name) =>
  name.endsWith(".ipynb")
);

Deno.test("there are notebooks, each with outputs of all cells that end with a value", async () => {
  assertEquals(NOTEBOOKS.length, 4);
  for (const name of NOTEBOOKS) {
    const cells = await codeCells(join(FOLDER, name));
    assert(cells.some(({ outputs }) => kindsOf(outputs).includes("image/png")), `${name} shows no image`);
  }
});

Deno.test("notebooks have at most 12 cells and import the package alone", async () => {
  for (const name of NOTEBOOKS) {
    const { cells } = JSON.parse(await Deno.readTextFile(join(FOLDER, name))) as { cells: Cell[] };
    assert(cells.length <= 12, `${name} has ${cells.length} cells`);
    const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
    for (const [, from] of code.join("\n").matchAll(/^import [^;]*?"([^"]+)";$/gms)) {
      assert(/^@texmesh\/texmesh(\/|$)|^@tensorflow\/tfjs$/.test(from), `${name} imports ${from}`);
    }
  }
});

// deno.json leaves notebooks out of `deno fmt`, which takes each one that it meets for the first time for unformatted.
Deno.test("the notebooks' code is formatted", () =>
  inFolder(async (folder) => {
    for (const name of NOTEBOOKS) {
      for (const { id, source } of await codeCells(join(FOLDER, name))) {
        await Deno.writeTextFile(join(folder, `${name}.${id}.ts`), source.join("") + "\n");
      }
    }
    await run(Deno.execPath(), [
      "fmt",
      "--check",
      "--no-config",
      "--line-width",
      `${config.fmt.lineWidth}`,
      folder,
    ]);
  }));

for (const name of NOTEBOOKS) {
  Deno.test({
    name: `the notebook ${name} type-checks, runs, and shows what it showed`,
    ignore: !IS_WANTED, // deno task test:notebooks: it needs Jupyter's nbconvert
    async fn() {
      if (/demo/.test(await Deno.readTextFile(join(FOLDER, name)))) await needDemo();
      await typeCheck(name); // the kernel itself does not
      const results = await execute(name);
      const wanted = await codeCells(join(FOLDER, name));
      assertEquals(results.map(({ id }) => id), wanted.map(({ id }) => id));
      for (const [i, { id, outputs }] of results.entries()) {
        assertEquals(kindsOf(outputs), kindsOf(wanted[i].outputs), `${name}, ${id}`);
        for (const { data } of outputs) {
          if (data?.["image/png"]) await assertImage(data["image/png"], `${name}, ${id}`);
        }
      }
    },
  });
}

async function codeCells(path: string): Promise<Cell[]> {
  const { cells } = JSON.parse(await Deno.readTextFile(path)) as { cells: Cell[] };
  return cells.filter(({ cell_type }) => cell_type === "code");
}

/** Kinds of what a cell shows. */
function kindsOf(outputs: readonly Output[]): string[] {
  return outputs.flatMap(({ output_type, data }) => data ? Object.keys(data) : [output_type]);
}

async function run(command: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args, env, stdout: "null" }).output();
  assert(success, `${command} ${args[0]}: ${new TextDecoder().decode(stderr).slice(-3000)}`);
}

/** Two notebooks use the run of the demo. */
async function needDemo(): Promise<void> {
  if (!await exists("output/demo/summary.json")) await run(Deno.execPath(), ["task", "demo", "--quick"]);
}

/** Type-checks all cells as one module. */
async function typeCheck(name: string): Promise<void> {
  const module = join(FOLDER, `.${name}.ts`);
  const cells = await codeCells(join(FOLDER, name));
  await Deno.writeTextFile(module, cells.map(({ source }) => source.join("")).join(";\n\n"));
  try {
    await run(Deno.execPath(), ["check", module]);
  } finally {
    await Deno.remove(module);
  }
}

/** Executes a notebook in a fresh kernel and returns its code cells. */
async function execute(name: string): Promise<Cell[]> {
  const folder = await Deno.makeTempDir();
  const kernel = join(folder, "kernels", "deno");
  await Deno.mkdir(kernel, { recursive: true });
  const argv = [Deno.execPath(), "jupyter", "--kernel", "--conn", "{connection_file}"];
  const spec = { argv, display_name: "Deno", language: "typescript" };
  await Deno.writeTextFile(join(kernel, "kernel.json"), JSON.stringify(spec));
  try {
    const args = ["-m", "nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=300"];
    await run(Deno.env.get("PYTHON") ?? "python3", [...args, "--output-dir", folder, join(FOLDER, name)], {
      JUPYTER_PATH: folder,
    });
    return await codeCells(join(folder, name));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** An image must show something. */
async function assertImage(base64: string | string[], where: string): Promise<void> {
  const bytes = Uint8Array.fromBase64([base64].flat().join("").replaceAll("\n", ""));
  const { data } = await decodeByteImage(bytes, where);
  assert(new Set(data).size > 20, `${where}: the image is blank`);
}
