/**
 * Bundles tfjs-core's own tests with the kernel layer of the native backend.
 *
 * @module
 */
import { dirname, join } from "@std/path";

/** The only piece of the kernel layer that a bundle breaks: its ES5 class cannot extend the core's ES module class. */
const OLD_SUPER_CALL = "var _this = _super.call(this) || this;";
const NEW_SUPER_CALL = "var _this = Reflect.construct(_super, [], this.constructor);";

/** Packages behind `@tensorflow/tfjs` lie beside it, out of sight of our own modules. */
async function packageFolders(root: string): Promise<string[]> {
  const tfjs = await Deno.realPath(join(root, "node_modules/@tensorflow/tfjs"));
  return [join(root, "node_modules"), dirname(dirname(tfjs))];
}

/**
 * Writes the bundle.
 *
 * @param root The project's folder
 * @param target File to write
 */
export async function bundleSuite(root: string, target: string): Promise<void> {
  const esbuild = await import("npm:esbuild@0.25.12");
  const { default: jasmine } = await import("npm:jasmine-core@4.6.1");
  const require = JSON.stringify(join(root, "node_modules/@tensorflow/tfjs-node-gpu/package.json"));
  try {
    await esbuild.build({
      entryPoints: [join(root, "tests/backend/tfjs_suite/suite.js.txt")],
      outfile: target,
      bundle: true,
      loader: { ".txt": "js" }, // so named that Deno does not look for their imports
      format: "esm",
      platform: "node",
      mainFields: ["module", "main"],
      // The package says that its tests have no side effects; believed, they would be dropped.
      ignoreAnnotations: true,
      nodePaths: await packageFolders(root),
      alias: { "jasmine-core": dirname(dirname(jasmine.files.path)) },
      logLevel: "error",
      banner: {
        js: `import { createRequire as createSuiteRequire } from "node:module";\n` +
          `const require = createSuiteRequire(${require}), __dirname = ".", __filename = "./suite.js";`,
      },
    });
  } finally {
    await esbuild.stop();
  }
  const source = await Deno.readTextFile(target);
  if (!source.includes(OLD_SUPER_CALL)) {
    throw new Error("Cannot bundle the suite: the kernel layer's class has changed");
  }
  await Deno.writeTextFile(target, source.replaceAll(OLD_SUPER_CALL, NEW_SUPER_CALL));
}
