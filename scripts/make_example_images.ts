/** Runs examples and keeps their images in docs/images/examples: deno run -A scripts/make_example_images.ts [NAME…] */
import { fromFileUrl, join } from "@std/path";
import { exportMesh, loadTemplates, sphereTopology } from "../mod.ts";

const ROOT = fromFileUrl(new URL("..", import.meta.url)),
  IMAGES = join(ROOT, "docs", "images", "examples");
const BROWSER = ["--headless", "--no-sandbox", "--hide-scrollbars", "--window-size=176,176"];

async function run(command: string, args: readonly string[], cwd: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args], cwd }).output();
  if (!success) throw new Error(`${command} ${args[0]}: ${new TextDecoder().decode(stderr)}`);
}

/** Runs an example in a folder, and returns the image that it left there. */
async function image(name: string, folder: string): Promise<string> {
  if (name === "live") return await browserImage(folder);
  const args = name === "fit_texture" ? await texturedMesh(folder) : [];
  const config = ["--config", join(ROOT, "deno.json")];
  const example = join(ROOT, "examples", `${name}.ts`);
  await run(Deno.execPath(), ["run", "--no-check", "--allow-all", ...config, example, ...args], folder);
  return join(folder, `${name}.png`);
}

/** A template with its shading as texture, for the example that wants a mesh. */
async function texturedMesh(folder: string): Promise<string[]> {
  const [{ vertices }] = await loadTemplates("car", "singletpl"), topology = sphereTopology();
  const data = Float32Array.from(
    { length: 64 * 128 * 3 },
    (_, t) => 0.5 + 0.4 * Math.sin(t / 97 + 2 * (t % 3)),
  );
  const texture = { data, height: 64, width: 128, channels: 3 };
  await exportMesh({ ...topology, vertices }, texture, join(folder, "car"), { formats: ["obj"] });
  return ["car.obj"];
}

async function browserImage(folder: string): Promise<string> {
  const bundle = ["bundle", "--quiet", "--platform", "browser", "--output", join(folder, "live.js")];
  await run(Deno.execPath(), [...bundle, "examples/live.ts"], ROOT);
  const program = await Deno.readTextFile(join(folder, "live.js")), page = join(folder, "live.html");
  await Deno.writeTextFile(
    page,
    `<!doctype html><body style="margin:8px"><script type=module>${program}</script>`,
  );
  const shot = join(folder, "live.png");
  await run("chromium", [...BROWSER, "--virtual-time-budget=300", `--screenshot=${shot}`, page], folder);
  return shot;
}

const all = [...Deno.readDirSync(join(ROOT, "examples"))].map(({ name }) => name.replace(/\.ts$/, ""));
await Deno.mkdir(IMAGES, { recursive: true });
for (const name of Deno.args.length > 0 ? Deno.args : all) {
  const folder = await Deno.makeTempDir();
  await Deno.copyFile(await image(name, folder), join(IMAGES, `${name}.png`));
  await Deno.remove(folder, { recursive: true });
  console.log(`${name}.png`);
}
