import { assert, assertEquals } from "@std/assert";
import { UserError } from "../../lib/core/errors.ts";
import { encodeNpz, readNpz } from "../../lib/io/npz.ts";
import { assertFacts, assertRejectsWith } from "../helpers/assert_facts.ts";
import { slowTest } from "../helpers/slow_test.ts";
import { inFolder } from "../helpers/temporary_folder.ts";
import { close, same } from "./check.ts";
import { PARITY_KINDS } from "./kinds.ts";
import {
  isPassed,
  type ParityReport,
  resultLine,
  runParity,
  summaryLines,
  WASM_BOUND,
} from "./run_parity.ts";

/** Kinds that take long: whole networks, whole pose fits. */
const isLong = (kind: string) => kind.startsWith("networks_") || kind === "pose_benchmark";
const FIXTURES = "tests/fixtures/parity";
const SHARED = Deno.env.get("TEXMESH_PARITY") ?? "../shared/parity";
const isShared = await Deno.stat(SHARED).then((entry) => entry.isDirectory, () => false);
const missing = isShared ? null : "there is no such folder";

function assertPassed(report: ParityReport): void {
  const short = report.results.filter(({ ok }) => !ok);
  assertEquals([...short.map(({ name, worst }) => `${name}: ${worst}`), ...report.problems], []);
  assert(isPassed(report));
}

Deno.test("parity: the cases that the repository carries hold", async () => {
  const report = await runParity(FIXTURES);
  assert(report.results.length >= 10);
  assertPassed(report);
});

slowTest(
  `parity: everything else under ${SHARED} holds`,
  async () => {
    const kinds = PARITY_KINDS.map(({ name }) => name).filter((name) => !isLong(name));
    assertPassed(await runParity(SHARED, { kinds }));
  },
  missing,
);

slowTest(
  `parity: networks and pose fits under ${SHARED} hold`,
  async () => {
    const kinds = PARITY_KINDS.map(({ name }) => name).filter(isLong);
    assertPassed(await runParity(SHARED, { kinds }));
  },
  missing,
);

slowTest(
  `parity: the reconstruction networks under ${SHARED} hold on WebAssembly`,
  async () => {
    const report = await runParity(SHARED, { kinds: ["networks_recon"], backend: "wasm" });
    assert(report.results.length >= 12 && report.results.every(({ bound }) => bound === WASM_BOUND));
    assertPassed(report);
  },
  missing,
);

Deno.test("parity: a planted error of 1 % is short", async () => {
  await inFolder(async (root) => {
    await Deno.mkdir(`${root}/mesh`);
    await Deno.copyFile(`${FIXTURES}/mesh/template.npz`, `${root}/mesh/template.npz`);
    const arrays = await readNpz(`${FIXTURES}/mesh/deform_sym_32x32.npz`);
    const { data, shape } = arrays.grad_displacement;
    const wrong = { data: (data as Float32Array).map((value) => 1.01 * value), shape };
    await Deno.writeFile(`${root}/mesh/deform_sym_a.npz`, encodeNpz({ ...arrays, grad_displacement: wrong }));
    await Deno.writeFile(`${root}/mesh/deform_sym_b.npz`, encodeNpz({ vertices: arrays.vertices }));
    const report = await runParity(root);
    assertEquals(report.results.map(({ name, ok }) => [name, ok]), [
      ["mesh/deform_sym_a", false],
      ["mesh/deform_sym_b", false],
      ["mesh/template", true],
    ]);
    assert(/^mesh\/deform_sym_a\s+\S+\s{2}1\s{2}short$/.test(resultLine(report.results[0])));
    assert(summaryLines(report)[0].includes("grad_displacement: largest error"));
    assertFacts(report.results[1].worst, "displacement", "vertices");
    assert(!isPassed(report));
  });
});

Deno.test("parity: files of no known kind are problems, listed cases are counted", async () => {
  await inFolder(async (root) => {
    for (const folder of ["mesh", "optim", "unheard_of"]) await Deno.mkdir(`${root}/${folder}`);
    await Deno.writeTextFile(`${root}/README.md`, "");
    await Deno.writeTextFile(`${root}/mesh/something.npz`, "");
    await Deno.writeTextFile(`${root}/mesh/losses.txt`, "");
    await Deno.writeTextFile(`${root}/unheard_of/case.npz`, "");
    const list = { cases: { none: { file: "none.npz" }, other_flag: { file: null } } };
    await Deno.writeTextFile(`${root}/optim/cases.json`, JSON.stringify(list));
    const report = await runParity(root);
    assertEquals(report.problems, [
      "mesh/losses.txt is of no known kind",
      "mesh/something.npz is of no known kind",
      "optim/none.npz is listed but missing",
      "optim/other_flag is of no known kind",
      "unheard_of/case.npz is of no known kind",
    ]);
    assert(!isPassed(report));
    assertEquals(summaryLines(report).at(-1), "0 ok, 0 short, 0 pending, 5 problems");
    assertEquals((await runParity(root, { kinds: ["dibr"] })).problems, []);
  });
});

Deno.test("parity: an unknown kind and a missing folder are named", async () => {
  await assertRejectsWith(
    () => runParity(FIXTURES, { kinds: ["meshes"] }),
    UserError,
    "meshes",
    "mesh",
    "dibr",
  );
  await assertRejectsWith(() => runParity("no/such/folder"), UserError, "no/such/folder");
});

Deno.test("parity: comparisons do not overlook lengths, NaN or infinite values", () => {
  const allowed = { absolute: 1 };
  assertEquals(close("x", [1], [1, 2], allowed).share, Infinity);
  assertEquals(close("x", [NaN], [1], allowed).share, Infinity);
  assertEquals(close("x", [Infinity], [Infinity], allowed).share, 0);
  assertEquals(close("x", [3], [1], allowed), { what: "x", share: 2, error: 2 });
  assertEquals(close("x", [1.5, 10], [1, 10], { ofLargest: 0.1 }).share, 0.5);
  assertEquals(same("x", [1, 2, 3], [1, 5, 5], 4).share, 0.5);
  assertEquals(same("x", [1, 2], [1, 5]).share, Infinity);
});
