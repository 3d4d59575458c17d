/** `deno task setup_imagenet PATH`: brings ImageNet's images to where the data sets look for them. */
import { option } from "../lib/core/option.ts";
import { defineCommand, runCommand } from "../cli/command.ts";
import {
  IMAGENET_FOLDER,
  SETUP_IMAGENET_OPTIONS,
  setupImagenet as setUp,
} from "../original/datasets/setup_imagenet.ts";

export const setupImagenet = defineCommand({
  name: "setup_imagenet",
  doc: "Copies, links or extracts the images of the 40 synsets into datasets/imagenet/images.",
  options: {
    path: option.text({
      reads: true,
      doc: "Folder with the synsets, as folders or as archives SYNSET.tar; may stand first without its flag.",
      required: true,
    }),
    ...SETUP_IMAGENET_OPTIONS,
  },
  bare: "path",
  async run({ path, ...options }, { callbacks, print }) {
    const { copied, linked, extracted, missing } = await setUp(path, options, callbacks("setup_imagenet"));
    print(
      `${IMAGENET_FOLDER}: ${copied.length} synsets copied, ${linked.length} linked, ${extracted.length} extracted`,
    );
    if (missing.length > 0) print(`left out, as they are missing: ${missing.join(", ")}`);
  },
});

if (import.meta.main) await runCommand(setupImagenet);
