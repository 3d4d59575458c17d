/** `deno task detect`: finds objects in photographs with a model of yours, or takes the results of another tool. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { DETECT_FLAGS } from "../cli/flags/data.ts";
import { detectorOptions } from "../cli/detector_options.ts";
import { UsageError } from "../lib/core/errors.ts";
import { datasetsOf, runDetection } from "../original/detect/run_detection.ts";
import { modelSource, resultsSource } from "../original/detect/detect_source.ts";

export const detect = defineCommand({
  name: "detect",
  doc:
    "Finds objects with masks and writes cache/NAME/detections.npy, which opens as a data set of that name.",
  flags: DETECT_FLAGS,
  async run({ model, results, images, filters, ...flags }, { callbacks, print }) {
    if ((model === undefined) === (results === undefined)) {
      throw new UsageError("give either --model FILE.onnx or --results FILE.json");
    }
    const names = datasetsOf(flags.datasets);
    if (images !== undefined && names.length !== 1) {
      throw new UsageError("--images takes one name in --datasets");
    }
    const source = results !== undefined
      ? await resultsSource(results, flags.annotations ?? null, callbacks("detect").onMessage)
      : await modelSource(model!, await detectorOptions(flags));
    for (const dataset of names) {
      const report = await runDetection(
        {
          ...{ dataset, images: images ?? null, category: flags.template ?? null },
          ...{ skipInvalid: flags.skipInvalid, overwrite: flags.overwrite },
          threshold: flags.detectionThreshold ?? null,
          filters: filters === "auto" ? null : filters === "on",
        },
        source.find,
        callbacks(`detect ${dataset}`),
      );
      const dropped = Object.entries(report.dropped).map(([reason, count]) =>
        `, ${count} ${reason.replaceAll("_", " ")}`
      );
      print(`${report.file}: ${report.objects} objects in ${report.images} pictures${dropped.join("")}`);
    }
    await source.close();
  },
});

if (import.meta.main) await runCommand(detect);
