/**
 * Runs tfjs-core's own tests on the native backend: `deno task test:tfjs [--filter TEXT] [--all]`.
 *
 * Tests on the kernel layer's own list of exceptions are left out (`--all` runs them too). Succeeds if no test fails but the
 * named ones, and if at least as many pass as ever.
 */
import { parseArgs } from "@std/cli";
import { join } from "@std/path";
import { NativeBinding } from "../../../lib/backend/native/binding.ts";
import { findLibrary } from "../../../lib/backend/native/library_path.ts";
import { bundleSuite } from "./bundle.ts";
import { readExceptions } from "./exceptions.ts";

/** Tests that may fail, and why. */
const KNOWN_FAILURES: Readonly<Record<string, string>> = {};
const LEAST_PASSES = 3877;
const MAX_SHOWN = 20;

interface SpecResult {
  readonly fullName: string;
  readonly status: "passed" | "failed" | "excluded" | "pending";
  readonly failedExpectations: readonly { readonly message: string }[];
}

const flags = parseArgs(Deno.args, { string: ["filter", "threads"] }) as {
  filter?: string;
  threads?: string;
  all?: boolean;
};
const root = join(import.meta.dirname!, "../../..");
const place = await findLibrary();
if (place === null) {
  console.error("The suite needs the TensorFlow library: run `deno task setup`.");
  Deno.exit(1);
}
const threads = Number(flags.threads ?? 2);
const binding = new NativeBinding(place.path, { intraThreads: threads, interThreads: threads });
/** What of tfjs the run itself uses. */
interface SuiteTf {
  getBackend(): string;
  backend(): { binding?: unknown };
  memory(): { numDataBuffers: number };
}

const suite: { binding: NativeBinding; tf?: SuiteTf } = { binding };
const globals = globalThis as unknown as {
  texmeshSuite: typeof suite;
  jasmine: { getEnv(): JasmineEnvironment };
};
globals.texmeshSuite = suite;

interface JasmineEnvironment {
  configure(options: object): void;
  addReporter(reporter: object): void;
  execute(): Promise<unknown>;
}

const target = join(root, "cache/tfjs_suite.mjs");
await Deno.mkdir(join(root, "cache"), { recursive: true });
await bundleSuite(root, target);
await import(`file://${target}`);

/** tfjs falls back to another backend without a word, and everything would pass there. */
function assertBackend(): void {
  if (suite.tf!.getBackend() !== "tensorflow" || suite.tf!.backend().binding !== binding) {
    throw new Error(`the suite runs on ${suite.tf!.getBackend()} and not on the native backend`);
  }
}

const exceptions = flags.all ? [] : await readExceptions(root);
const counts = { passed: 0, failed: 0, excluded: 0, pending: 0 };
const failures: string[] = [], known: string[] = [];
const kept: string[] = [], leaks: string[] = [];
let handles = 0, tensors = 0, operations = 0;
/**
 * Tensors that tfjs knows of: those that a test does not dispose of are its own affair, all other handles are ours. Some tests
 * begin without a backend, and then nothing can be told.
 */
const liveTensors = () => suite.tf!.getBackend() ? suite.tf!.memory().numDataBuffers : tensors;
const executeOp = binding.executeOp.bind(binding);
binding.executeOp = (...given) => {
  operations++;
  return executeOp(...given);
};
assertBackend();
const environment = globals.jasmine.getEnv();
environment.configure({
  random: false,
  specFilter: (spec: { getFullName(): string }) => {
    const name = spec.getFullName();
    return name.includes(flags.filter ?? "") && !exceptions.some((exception) => name.includes(exception));
  },
});
environment.addReporter({
  suiteStarted: assertBackend,
  specStarted: () => {
    handles = binding.getNumOfTensors();
    tensors = liveTensors();
  },
  specDone: ({ fullName, status, failedExpectations }: SpecResult) => {
    counts[status]++;
    const left = binding.getNumOfTensors() - handles, own = liveTensors() - tensors;
    if (left > own) leaks.push(`${fullName}: ${left} handles, ${own} tensors`);
    else if (left > 0) kept.push(fullName);
    if (status !== "failed") return;
    const reason = Object.entries(KNOWN_FAILURES).find(([name]) => fullName.includes(name))?.[1];
    if (reason !== undefined) known.push(`${fullName}: ${reason}`);
    else {
      const message = String(failedExpectations[0]?.message ?? "no reason given"); // an exception here would go unseen
      failures.push(`${fullName}: ${message.split("\n")[0].slice(0, 200)}`);
    }
  },
});
const start = performance.now();
await environment.execute();
const seconds = ((performance.now() - start) / 1000).toFixed(0);
known.forEach((line) => console.log(`known: ${line}`));
kept.forEach((name) => console.log(`keeps tensors of its own: ${name}`));
leaks.forEach((line) => console.log(`FAILED: handles without tensors: ${line}`));
failures.slice(0, MAX_SHOWN).forEach((line) => console.log(`FAILED: ${line}`));
console.log(
  `tfjs-core on the native backend: ${counts.passed} passed, ${counts.failed} failed (${known.length} known), ` +
    `${counts.pending} pending, ${counts.excluded} excluded, ${kept.length} keep tensors, ${leaks.length} leave handles, ${operations} operations, ${seconds} s`,
);
const complete = flags.all || flags.filter !== undefined;
const enough = complete || counts.passed >= LEAST_PASSES;
if (!enough) console.log(`FAILED: at least ${LEAST_PASSES} must pass`);
if (operations === 0) console.log("FAILED: no operation reached TensorFlow");
Deno.exit(counts.failed === known.length && leaks.length === 0 && enough && operations > 0 ? 0 : 1);
