/**
 * The sections about times and settings.
 *
 * @module
 */
import { ganFolder, reconstructionFolder } from "../core/paths.ts";
import { hasRun, readRunSettings } from "../training/run_settings.ts";
import { escapeHtml, htmlDetails, htmlParagraph, htmlTable } from "./html.ts";
import type { ReportContext } from "./report_request.ts";

/** Seconds as people say them, such as "1 min 05 s". */
export function formatDuration(seconds: number): string {
  if (seconds < 0.95) return "under 1 s";
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${two(whole % 60)} s`
    : `${Math.floor(minutes / 60)} h ${two(minutes % 60)} min`;
}

/** Times of the stages with bars, and their sum. */
export function stageTimeSection({ stageTimes }: ReportContext): string {
  if (stageTimes.length === 0) return htmlParagraph("No stage was timed.");
  const longest = Math.max(...stageTimes.map(({ seconds }) => seconds), 1e-9);
  const total = stageTimes.reduce((sum, { seconds }) => sum + seconds, 0);
  const rows = stageTimes.map(({ stage, seconds, note }) =>
    `<tr><td>${escapeHtml(stage)}</td><td class="number">${formatDuration(seconds)}</td><td class="bars">` +
    `<span class="bar" style="width:${(100 * seconds / longest).toFixed(1)}%"></span></td>` +
    `<td>${escapeHtml(note)}</td></tr>`
  );
  return `<div class="scroll"><table><thead><tr><th scope="col">stage</th><th scope="col" class="number">time</th>` +
    `<th class="bars"></th><th scope="col">note</th></tr></thead><tbody>${rows.join("")}` +
    `<tr><td>all</td><td class="number">${formatDuration(total)}</td><td class="bars"></td><td></td></tr>` +
    `</tbody></table></div>`;
}

/** Facts of the run, and the stored settings of both trainings. */
export async function settingsSection({ name, facts }: ReportContext): Promise<string> {
  const runs = [["reconstruction", reconstructionFolder(name)], ["GAN", ganFolder(name)]];
  const details: string[] = [];
  for (const [title, folder] of runs) {
    if (!await hasRun(folder)) continue;
    const rows = Object.entries(await readRunSettings(folder)).map(([key, value]) => [
      key,
      typeof value === "object" && value !== null ? JSON.stringify(value) : String(value),
    ]);
    details.push(htmlDetails(`Settings of the ${title} (${folder})`, htmlTable(["setting", "value"], rows)));
  }
  return (facts.length > 0 ? htmlTable([], facts) : "") + details.join("");
}
