import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import { UserError } from "../../lib/core/errors.ts";
import {
  checkpointTags,
  hasCheckpoint,
  loadCheckpoint,
  saveCheckpoint,
  takePrefix,
  withPrefix,
} from "../../lib/training/checkpoint.ts";
import { openRun, readRunSettings } from "../../lib/training/run_settings.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

Deno.test("a checkpoint comes back as it was, and a missing one names those that are there", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const arrays = withPrefix("model", { w: { data: Float32Array.of(1, 2.5), shape: [2] } });
    await saveCheckpoint(folder, "latest", arrays, { iteration: 3, warmup: 0.1 + 0.2 });
    await saveCheckpoint(folder, 20, arrays, {});
    await saveCheckpoint(folder, 3, arrays, {});
    const { arrays: loaded, state } = await loadCheckpoint(folder, "latest");
    assertEquals(takePrefix("model", loaded), { w: { data: Float32Array.of(1, 2.5), shape: [2] } });
    assertEquals(state, { iteration: 3, warmup: 0.1 + 0.2 });
    assertEquals(await checkpointTags(folder), ["3", "20", "latest"]);
    assertEquals(await hasCheckpoint(folder, "best"), false);
    await assertRejectsWith(
      () => loadCheckpoint(folder, "best"),
      UserError,
      "checkpoint_best.safetensors",
      "3, 20, latest",
    );
    await assertRejectsWith(
      () => loadCheckpoint(join(folder, "none"), "best"),
      UserError,
      join(folder, "none", "checkpoint_best.safetensors"),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("a run is not replaced by accident, and differing settings are named", async () => {
  const folder = join(await Deno.makeTempDir(), "run");
  const open = (settings: Record<string, unknown>, continueTrain = false, overwrite = false) =>
    openRun(folder, settings, { continueTrain, overwrite, free: ["epochs"] });
  try {
    assertEquals(await open({ textureResolution: 64, epochs: 10 }), "start");
    await assertRejectsWith(
      () => open({ textureResolution: 64 }),
      UserError,
      folder,
      "'continueTrain'",
      "'overwrite'",
    );
    assertEquals(await open({ textureResolution: 64, epochs: 20 }, true), "resume");
    await assertRejectsWith(
      () => open({ textureResolution: 128 }, true),
      UserError,
      "'textureResolution'",
      64,
      128,
    );
    assertEquals(await open({ textureResolution: 128 }, false, true), "start");
    assertEquals(await readRunSettings(folder), { textureResolution: 128 });
  } finally {
    await Deno.remove(join(folder, ".."), { recursive: true });
  }
});
