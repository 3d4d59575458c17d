/**
 * Shows progress: a bar on a terminal, else a line now and then.
 *
 * @module
 */
import { Presets, SingleBar } from "cli-progress";
import { durationText, sizeText } from "../lib/core/number_text.ts";
import type { Progress } from "../lib/core/progress.ts";

/** Time to the first line where there is no terminal, and to every further one at most; in between it doubles. */
const FIRST_LINE_MS = 10_000, LONGEST_MS = 160_000;

/** The progress of one job. */
export class ProgressReporter {
  readonly #label: string;
  readonly #bar: SingleBar | null;
  #started = Date.now();
  #lastLine = Date.now();
  #interval = FIRST_LINE_MS;
  #last: Progress = { done: 0, total: 0 };
  #done = false;

  /** @param label Name of the job, such as "pose step 1" */
  constructor(label: string, terminal: boolean = Deno.stderr.isTerminal()) {
    this.#label = label;
    this.#bar = terminal
      ? new SingleBar({
        format: `${label.padEnd(22)} {bar} {percentage}% {amount} {eta_formatted} left {figures}`,
        hideCursor: true,
        barsize: 24,
        etaBuffer: 50,
      }, Presets.shades_classic)
      : null;
  }

  /** Shows a new state. */
  update(progress: Progress): void {
    const figures = formatFigures(progress.values ?? {}), amount = amountOf(progress);
    this.#last = progress;
    if (this.#bar) {
      if (!this.#bar.isActive && !this.#done) this.#bar.start(progress.total, 0, { figures, amount });
      this.#bar.setTotal(progress.total);
      this.#bar.update(progress.done, { figures, amount });
    } else if (Date.now() - this.#lastLine > this.#interval || progress.done >= progress.total) {
      if (this.#done) return;
      this.#lastLine = Date.now();
      this.#interval = Math.min(LONGEST_MS, 2 * this.#interval);
      const time = durationText((Date.now() - this.#started) / 1000);
      console.error(`${this.#label}: ${amount}  ${time}  ${figures}`.trimEnd());
    }
    if (progress.done >= progress.total) this.stop();
  }

  /** Ends the bar, so that other lines can be printed. */
  stop(): void {
    this.#done = true;
    if (this.#bar?.isActive) this.#bar.stop();
  }

  /** Prints a sentence without breaking the bar. */
  message(sentence: string): void {
    if (this.#bar?.isActive) {
      this.#bar.stop();
      console.error(sentence);
      const figures = formatFigures(this.#last.values ?? {}), amount = amountOf(this.#last);
      this.#bar.start(this.#last.total, this.#last.done, { figures, amount });
    } else console.error(sentence);
  }
}

/** `3/40`, or of bytes `274 MB of 1.1 GB`. */
function amountOf({ done, total, unit }: Progress): string {
  return unit === "bytes" ? `${sizeText(done)} of ${sizeText(total)}` : `${done}/${total}`;
}

/** `loss 0.123  images/s 4.5`. */
export function formatFigures(values: Readonly<Record<string, number>>): string {
  return Object.entries(values).map(([name, value]) => `${name} ${formatNumber(value)}`).join("  ");
}

/** A number with about four digits that matter. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size >= 100) return value.toFixed(0);
  if (size >= 0.01) return value.toPrecision(3);
  return value.toExponential(1);
}
