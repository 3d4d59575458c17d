import { assert, assertEquals } from "@std/assert";
import { dirname, fromFileUrl, join, relative } from "@std/path";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const ENTRIES = [
  "viewer/main.ts",
  "viewer/mask.ts",
  "viewer/create.ts",
  "viewer/poses.ts",
  "viewer/generator_worker.ts",
  "viewer/photo_worker.ts",
  "viewer/mask_worker.ts",
  "lib/photo/mod.ts",
];
/** Imports and exports of values; those of types are gone in a bundle. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gms;
/** Packages that run in browsers. */
const BROWSER_PACKAGES =
  /^(three|valibot|@tensorflow\/tfjs|@gltf-transform\/core)(\/|$)|^@tensorflow\/tfjs-backend-/;

/** Whether all that an import names are types. */
function onlyTypes(statement: string): boolean {
  const names = /\{([^}]*)\}/s.exec(statement)?.[1].split(",").map((name) => name.trim()).filter(Boolean);
  return names !== undefined && names.length > 0 && names.every((name) => name.startsWith("type "));
}

Deno.test("browser: the viewer's programs import nothing that browsers lack, however deep", () => {
  const seen = new Set<string>(), foreign: string[] = [];
  const visit = (file: string, from: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const [statement, target] of Deno.readTextFileSync(join(ROOT, file)).matchAll(IMPORT)) {
      if (onlyTypes(statement)) continue;
      if (target.startsWith(".")) {
        visit(relative(ROOT, join(ROOT, dirname(file), target)), `${file} < ${from}`);
      } else if (!BROWSER_PACKAGES.test(target)) foreign.push(`${file} imports ${target} (${from})`);
    }
  };
  ENTRIES.forEach((entry) => visit(entry, "the page"));
  assert(seen.has("lib/gan/generator.ts") && seen.has("lib/mesh/displace_vertices.ts"), [...seen].join());
  assertEquals(foreign, []);
});
