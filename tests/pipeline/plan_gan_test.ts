import { assertEquals } from "@std/assert";
import { poseMetadataFile, pseudoGroundTruthFolder } from "../../lib/core/paths.ts";
import { planForHours } from "../../lib/pipeline/plan_gan.ts";
import { uvSampleFile, writePoseMetadata, writeUvSample } from "../../lib/pseudogt/files.ts";
import { toyDataset } from "../gan/_dataset.ts";
import { inProject } from "../helpers/temporary_folder.ts";

Deno.test("hours decide about networks, the maps that are there about textures, and what is given stays", () =>
  inProject(async () => {
    const { poses, sample } = toyDataset(6, 256), folder = pseudoGroundTruthFolder("toy", 256, "singletpl");
    await Deno.mkdir(folder, { recursive: true });
    await writePoseMetadata(poseMetadataFile("toy", "singletpl"), poses);
    for (let row = 0; row < 6; row++) await writeUvSample(uvSampleFile(folder, row), await sample(row));
    const plan = (hours: number, given = {}) => planForHours(hours, "toy", "singletpl", null, given);
    const { options, sentence } = await plan(0.5);
    assertEquals(options, { preset: "demo", textureResolution: 256, batchSize: 6 });
    assertEquals(
      sentence,
      "0.5 hours for 6 photographs: networks of the preset demo, textures of 256 texels, batches of 6.",
    );
    assertEquals((await plan(2)).options.preset, "small");
    const given = { preset: "small", textureResolution: 64, batchSize: 2 } as const;
    assertEquals((await plan(0.5, given)).options, given);
  }));
