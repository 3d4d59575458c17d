/** What the threads of the team's tests do. */
import type { TeamKind, TeamPart } from "../../../lib/backend/threads/thread_team.ts";

export interface TestPart extends TeamPart {
  /** Added to each value. */
  readonly add: number;
  readonly fail?: string;
  /** Ends the thread without an answer. */
  readonly die?: boolean;
}

/** Number of this thread's runner, and of the parts that it did: written behind the values. */
export function createRunner(): (part: TestPart) => void {
  const name = Math.fround(Math.random());
  let parts = 0;
  return ({ arrays: [values, notes], add, fail, die }) => {
    if (fail !== undefined) throw new RangeError(fail);
    if (die) (globalThis as unknown as { close(): void }).close();
    for (let i = 0; i < values.length; i++) values[i] += add;
    notes[0] = name;
    notes[1] = parts++;
  };
}

export const TEST_KIND: TeamKind<TestPart> = { module: new URL(import.meta.url), createRunner };
