/** The part of `@std/testing/time` that texmesh uses, for places where the JSR registry cannot be reached. */
interface Timer {
  due: number;
  readonly every: number | null;
  readonly call: () => void;
}

const REAL = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
};

/** A clock that stands still until it is moved; `Date` and the timers of the process follow it. */
export class FakeTime implements Disposable {
  readonly #timers = new Map<number, Timer>();
  #next = 1;
  #now: number;

  /** Takes the clock over. */
  constructor(start: number | string | Date = REAL.Date.now()) {
    this.#now = new REAL.Date(start).getTime();
    const now = () => this.#now;
    class FakeDate extends REAL.Date {
      constructor(...args: [] | [number | string | Date]) {
        super(...(args.length === 0 ? [now()] : args) as [number]);
      }
      static override now = now;
    }
    const timer = (every: boolean) => (call: () => void, delay = 0) => {
      const id = this.#next++;
      this.#timers.set(id, {
        due: this.#now + Math.max(0, delay),
        every: every ? Math.max(1, delay) : null,
        call,
      });
      return id;
    };
    const stop = (id?: number) => void this.#timers.delete(id ?? 0);
    Object.assign(globalThis, {
      Date: FakeDate,
      setTimeout: timer(false),
      clearTimeout: stop,
      setInterval: timer(true),
      clearInterval: stop,
    });
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Moves the clock, and calls the timers that are due in between. */
  tick(ms = 0): void {
    const end = this.#now + ms;
    for (let due = this.#due(end); due; due = this.#due(end)) this.#fire(...due);
    this.#now = end;
  }

  /** Moves the clock, and lets promises go on before and after each timer. */
  async tickAsync(ms = 0): Promise<void> {
    const end = this.#now + ms;
    await this.runMicrotasks();
    for (let due = this.#due(end); due; due = this.#due(end)) {
      this.#fire(...due);
      await this.runMicrotasks();
    }
    this.#now = end;
  }

  /** Lets promises go on. */
  async runMicrotasks(): Promise<void> {
    await new Promise((resolve) => REAL.setTimeout(resolve));
  }

  /** Gives the clock back. */
  restore(): void {
    Object.assign(globalThis, REAL);
    this.#timers.clear();
  }

  /** As `restore`. */
  [Symbol.dispose](): void {
    this.restore();
  }

  #due(end: number): [number, Timer] | undefined {
    const [first] = [...this.#timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) =>
      a.due - b.due
    );
    return first;
  }

  #fire(id: number, timer: Timer): void {
    this.#now = timer.due;
    if (timer.every === null) this.#timers.delete(id);
    else timer.due += timer.every;
    timer.call();
  }
}
