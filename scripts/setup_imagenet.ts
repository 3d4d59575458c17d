/** `deno task setup_imagenet PATH`: brings ImageNet's pictures to where the data sets look for them. */
import { type Command, defineCommand, runToExitCode } from "../cli/command.ts";
import { SETUP_IMAGENET_FLAGS } from "../cli/flags/data.ts";
import { IMAGENET_FOLDER, setupImagenet as setUp } from "../original/datasets/setup_imagenet.ts";

export const setupImagenet = defineCommand({
  name: "setup_imagenet",
  doc: "Copies, links or extracts the pictures of the 40 synsets into datasets/imagenet/images.",
  flags: SETUP_IMAGENET_FLAGS,
  async run({ path, ...options }, { callbacks, print }) {
    const { copied, linked, extracted, missing } = await setUp(path, options, callbacks("setup_imagenet"));
    print(
      `${IMAGENET_FOLDER}: ${copied.length} synsets copied, ${linked.length} linked, ${extracted.length} extracted`,
    );
    if (missing.length > 0) print(`left out, as they are missing: ${missing.join(", ")}`);
  },
});

if (import.meta.main) {
  const [first, ...rest] = Deno.args;
  const args = first && !first.startsWith("-") ? ["--path", first, ...rest] : Deno.args;
  Deno.exit(await runToExitCode(setupImagenet as unknown as Command, args));
}
