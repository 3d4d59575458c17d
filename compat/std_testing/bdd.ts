/** The part of `@std/testing/bdd` that texmesh uses, for places where the JSR registry cannot be reached. */
type Callback = () => void | Promise<void>;

interface Suite {
  readonly name: string;
  readonly cases: { readonly name: string; readonly fn: Callback }[];
  readonly suites: Suite[];
  readonly before: Callback[];
  readonly after: Callback[];
}

const open: Suite[] = [];

const suiteOf = (name: string): Suite => ({ name, cases: [], suites: [], before: [], after: [] });

function current(action: string): Suite {
  const suite = open.at(-1);
  if (!suite) throw new TypeError(`Cannot call ${action} outside of describe`);
  return suite;
}

/** A group of cases; one outside of all others becomes a test with steps. */
export function describe(name: string, fn: () => void): void {
  const suite = suiteOf(name), parent = open.at(-1);
  open.push(suite);
  try {
    fn();
  } finally {
    open.pop();
  }
  if (parent) parent.suites.push(suite);
  else Deno.test(name, (context) => runSuite(suite, context, [], []));
}

/** A case. */
export function it(name: string, fn: Callback): void {
  current("it").cases.push({ name, fn });
}

/** Called before each case of the group. */
export function beforeEach(fn: Callback): void {
  current("beforeEach").before.push(fn);
}

/** Called after each case of the group. */
export function afterEach(fn: Callback): void {
  current("afterEach").after.push(fn);
}

async function runSuite(
  suite: Suite,
  context: Deno.TestContext,
  outerBefore: readonly Callback[],
  outerAfter: readonly Callback[],
): Promise<void> {
  const before = [...outerBefore, ...suite.before], after = [...suite.after, ...outerAfter];
  for (const { name, fn } of suite.cases) {
    await context.step(name, async () => {
      for (const prepare of before) await prepare();
      try {
        await fn();
      } finally {
        for (const tidy of after) await tidy();
      }
    });
  }
  for (const inner of suite.suites) {
    await context.step(inner.name, (step) => runSuite(inner, step, before, after));
  }
}
