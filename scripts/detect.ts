/** `deno task detect`: finds objects in photographs with a model of yours, or takes the results of another tool. */
import { defineCommand, runCommand } from "../cli/command.ts";
import { UsageError } from "../lib/core/errors.ts";
import { datasetsOf, DETECT_OPTIONS, runDetection } from "../original/detect/run_detection.ts";
import { modelSource, readNumbering, resultsSource } from "../original/detect/detect_source.ts";

export const detect = defineCommand({
  name: "detect",
  doc:
    "Finds objects with masks and writes cache/NAME/detections.npy, which opens as a data set of that name.",
  options: DETECT_OPTIONS,
  async run({ model, results, images, filters, ...values }, { callbacks, print }) {
    if (model === undefined && results === undefined) {
      throw new UsageError("give either --model FILE.onnx or --results FILE.json");
    }
    const names = datasetsOf(values.datasets);
    if (images !== undefined && names.length !== 1) {
      throw new UsageError("--images takes one name in --datasets");
    }
    const source = results !== undefined
      ? await resultsSource(results, values.annotations ?? null, callbacks("detect").onMessage)
      : await modelSource(model!, {
        ...{ layout: values.layout, classes: await readNumbering(values.labels) },
        ...{ size: values.inputSize, bgr: values.bgr, mean: values.inputMean, deviation: values.inputStd },
      });
    for (const dataset of names) {
      const report = await runDetection(
        {
          ...{ ...values, dataset, images: images ?? null, category: values.category ?? null },
          filters: filters === "auto" ? null : filters === "on",
        },
        source.find,
        callbacks(`detect ${dataset}`),
      );
      const dropped = Object.entries(report.dropped).map(([reason, count]) =>
        `, ${count} ${reason.replaceAll("_", " ")}`
      );
      print(`${report.file}: ${report.objects} objects in ${report.images} images${dropped.join("")}`);
    }
    await source.close();
  },
});

if (import.meta.main) await runCommand(detect);
