import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { slowTest } from "./helpers/slow_test.ts";
import { inProject } from "./helpers/temporary_folder.ts";

const MODULE = new URL("../mod.ts", import.meta.url);

slowTest("the examples of mod.ts are type-checked and run", () =>
  inProject(async () => {
    const text = await Deno.readTextFile(MODULE);
    const examples = [...text.matchAll(/```ts\n(.*?)```/gs)].map(([, code]) =>
      code.replaceAll(/^ \* ?/gm, "").replaceAll('"./mod.ts"', JSON.stringify(MODULE.href))
    );
    assertEquals(examples.length, 2);
    for (const [i, example] of examples.entries()) await Deno.writeTextFile(`example_${i}.ts`, example);
    await Deno.writeTextFile("all.ts", examples.map((_, i) => `import "./example_${i}.ts";\n`).join(""));
    const config = fromFileUrl(new URL("../deno.json", import.meta.url));
    const permissions = ["read", "env", "sys", "ffi", "write=cache,output"].map((name) => `--allow-${name}`);
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "--check", "--config", config, ...permissions, "all.ts"],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    assertEquals(code, 0, decoder.decode(stderr));
    assertEquals(decoder.decode(stdout), "256 4\n4 photographs have a pose\n");
    assertEquals((await Deno.stat("output/bird.glb")).isFile, true);
  }));
