import { assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { GAN_OPTIONS, type GanOptions, resolveGanOptions } from "../../lib/gan/gan_options.ts";
import { ganNetworks } from "../../lib/gan/gan_networks.ts";
import { resolveOptions } from "../../lib/core/option.ts";
import { emaDecay } from "../../lib/training/ema.ts";
import { inEpochs, linearDecayRate } from "../../lib/training/schedules.ts";
import { assertThrowsWith } from "../helpers/assert_facts.ts";

Deno.test("resolveGanOptions takes the original's values, and sizes from the preset", () => {
  assertEquals(resolveGanOptions({}), {
    ...resolveOptions(GAN_OPTIONS, {}),
    ...{ textureResolution: 512, normG: "batch", numDiscriminators: 3 },
  });
  const small = resolveGanOptions({ preset: "small", lrG: undefined });
  assertEquals([small.textureResolution, small.numDiscriminators, small.lrG], [512, 2, 1e-4]);
  const conditional = resolveGanOptions({ preset: "small", conditionalClass: true });
  assertEquals([conditional.textureResolution, conditional.numDiscriminators], [128, 2]); // without exemplars
  assertEquals(ganNetworks(small, 13).classes, 0);
  assertEquals(ganNetworks({ ...small, conditionalClass: true }, 13).classes, 13);
});

Deno.test("resolveGanOptions refuses values with the allowed ones", () => {
  assertThrowsWith(
    () => resolveGanOptions({ textureResolution: 100 }),
    UserError,
    "'textureResolution'",
    "64, 128, 256, 512, 1024",
    100,
  );
  assertThrowsWith(
    () => resolveGanOptions({ preset: "small", numDiscriminators: 3 }),
    UserError,
    "'numDiscriminators'",
    2,
    512,
    3,
    128,
  );
  assertThrowsWith(
    () => resolveGanOptions({ loss: "kl" as "hinge" }),
    UserError,
    "'loss'",
    "hinge, ls, original, w",
    '"kl"',
  );
  assertThrowsWith(() => resolveGanOptions({ batchSize: 0 }), UserError, "'batchSize'", "≥ 1", 0);
  assertThrowsWith(
    () => resolveGanOptions({ recipe: "new" as "auto" }),
    UserError,
    "'recipe'",
    "auto, original, exemplars",
    '"new"',
  );
  assertThrowsWith(
    () => resolveGanOptions({ components: 8 }),
    UserError,
    "'components'",
    "exemplars",
    "paper",
    "'recipe'",
    8,
  );
  assertThrowsWith(() => resolveGanOptions({ heldOut: 0.6 }), UserError, "'heldOut'", "0 to 0.5", 0.6);
});

Deno.test("a recipe decides how generators begin, whatever the preset", () => {
  const build = (options: GanOptions) => {
    const resolved = resolveGanOptions(options), { textureResolution: R } = resolved;
    const { startFromMean, components = 0, exemplars = 0 } = ganNetworks(resolved, 1, 0, 300);
    return [R, startFromMean, components, exemplars];
  };
  assertEquals(build({}), [512, false, 0, 0]);
  assertEquals(build({ preset: "small" }), [512, true, 24, 64]);
  assertEquals(build({ preset: "small", recipe: "original" }), [128, false, 0, 0]);
  assertEquals(build({ preset: "paper", recipe: "exemplars" }), [512, true, 24, 64]);
  assertEquals(build({ preset: "demo", exemplars: 0 }), [128, true, 24, 0]);
});

Deno.test("iters become whole epochs with periods of at least 1", () => {
  const plan = (options: GanOptions, samples: number) => {
    const { epochs, checkpointFreq, evaluateFreq, saveFreq } = inEpochs(resolveGanOptions(options), samples);
    return [epochs, checkpointFreq, evaluateFreq, saveFreq];
  };
  assertEquals(plan({ iters: 1000 }, 32 * 125), [8, 1, 1, 5]);
  assertEquals(plan({ iters: 100_000 }, 32 * 100), [1000, 33, 33, 5]);
  assertEquals(plan({}, 32 * 100), [600, 20, 20, 5]);
  assertThrowsWith(() => plan({ iters: 5 }, 32 * 100), RangeError, 5, 32, 3200);
});

Deno.test("the EMA follows sooner in the first epochs", () => {
  const shares = [0, 9, 10, 99, 100].map((epoch) => emaDecay(0.999, epoch).toFixed(5));
  assertEquals(shares, ["0.90479", "0.90479", "0.99004", "0.99004", "0.99900"]);
});

Deno.test("the rate is constant by default and falls to 0 after the given epoch", () => {
  assertEquals(linearDecayRate(1, 300, 100_000, 600), 1);
  assertEquals([1, 2, 3].map((epoch) => linearDecayRate(1, epoch, 2, 4)), [1, 1, 0.5]);
});
