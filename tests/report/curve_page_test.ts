import { assertEquals, assertStringIncludes } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { buildCurvePage } from "../../lib/report/curve_page.ts";
import { ScalarLog } from "../../lib/training/scalar_log.ts";
import { inWorkplace } from "../e2e/_workplace.ts";
import { assertRejectsWith } from "../helpers/assert_facts.ts";

Deno.test("the curves of several runs share their charts", () =>
  inWorkplace(async () => {
    for (const [run, slope] of [["first", 1], ["second", 2]] as const) {
      const log = await ScalarLog.open(`checkpoints_gan/${run}`, 0);
      for (let step = 1; step <= 3; step++) log.add(step, { flat: slope * step });
    }
    const file = await buildCurvePage(["first", "second"]);
    assertEquals(file, "output/first/curves.html");
    const page = await Deno.readTextFile(file);
    assertStringIncludes(page, "first: flat");
    assertStringIncludes(page, "second: flat");
    assertEquals(
      page.match(/<svg[^>]*aria-label="Normal consistency loss of generated surfaces"/g)?.length,
      1,
    );
    await assertRejectsWith(
      () => buildCurvePage(["third"]),
      UserError,
      '"third"',
      "checkpoints_recon/third",
      "checkpoints_gan/third",
    );
  }));
