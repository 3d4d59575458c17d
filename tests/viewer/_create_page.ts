/** What tests do on the page Create. */
import type { Page } from "playwright-core";

/** Drops a file on the page, or pastes it. */
export async function hand(
  page: Page,
  kind: "drop" | "paste",
  bytes: Uint8Array,
  name: string,
  type: string,
): Promise<void> {
  const data = await page.evaluateHandle(([values, name, type]) => {
    const transfer = new DataTransfer();
    transfer.items.add(
      new File([Uint8Array.from(values as number[])], name as string, { type: type as string }),
    );
    return transfer;
  }, [[...bytes], name, type] as const);
  if (kind === "drop") return await page.dispatchEvent("body", "drop", { dataTransfer: data });
  await page.evaluate((transfer) => {
    dispatchEvent(new ClipboardEvent("paste", { clipboardData: transfer as DataTransfer, bubbles: true }));
  }, data);
}

/** Waits until a step is open and nothing is being worked on. */
export async function idle(page: Page, step: string): Promise<void> {
  await page.waitForFunction(
    (step) => document.body.dataset.step === step && document.querySelector<HTMLElement>("#progress")!.hidden,
    step,
    { timeout: 60_000 },
  );
}

/** The mask that the brush shows, 1 = object, `[H, W]`. */
export async function shownMask(page: Page): Promise<Float32Array> {
  const values = await page.evaluate(() => {
    const canvas = document.querySelector<HTMLCanvasElement>("#veil")!, { width, height } = canvas;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, width, height);
    return Array.from({ length: width * height }, (_, p) => data[4 * p + 3] === 0 ? 1 : 0);
  });
  return Float32Array.from(values);
}

/** Bytes that the page took before anything was done. */
export function firstBytes(page: Page): Promise<number> {
  return page.evaluate(() =>
    performance.getEntriesByType("resource").reduce(
      (sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize,
      (performance.getEntriesByType("navigation")[0] as PerformanceResourceTiming).encodedBodySize,
    )
  );
}
