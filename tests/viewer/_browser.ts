/** Chromium for the viewer's tests, and pages that notice every problem. */
import { assertEquals } from "@std/assert";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { readByteImage } from "../../lib/io/image_file.ts";

/** Whether this is a run of the tests in a browser, `deno task test:viewer`. */
const RUNS_BROWSER = Deno.env.get("TEXMESH_BROWSER") === "1";
const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const ARGUMENTS = [
  ...["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-first-run"],
  ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"], // a camera that shows a test image
  ...["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

function findChromium(): string | null {
  const asked = Deno.env.get("TEXMESH_CHROMIUM");
  for (const path of asked ? [asked] : PLACES) {
    try {
      if (Deno.statSync(path).isFile) return path;
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return null;
}

const chromiumPath = RUNS_BROWSER ? findChromium() : null;
if (RUNS_BROWSER && chromiumPath === null) {
  console.log(
    `The browser's tests are skipped: there is no Chromium in ${PLACES.join(", ")} (TEXMESH_CHROMIUM).`,
  );
}

/**
 * Registers a test that needs Chromium; other runs count it as ignored.
 *
 * @param lack What else is missing that the test needs; empty if nothing is
 */
export function browserTest(name: string, fn: () => Promise<void>, lack = ""): void {
  const ignore = chromiumPath === null || lack !== "", reason = lack && ` (skipped: ${lack})`;
  Deno.test({ name: `browser: ${name}${reason}`, ignore, fn, sanitizeOps: false, sanitizeResources: false });
}

let browser: Promise<Browser> | null = null;

/** Starts Chromium at the first call. */
async function startBrowser(): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return await (browser ??= chromium.launch({ executablePath: chromiumPath!, args: ARGUMENTS }));
}

/** Ends Chromium. */
export async function stopBrowser(): Promise<void> {
  await (await browser)?.close();
  browser = null;
}

/**
 * Opens a page, and fails when it logged an error, asked another host, or a request failed.
 *
 * @param address Address
 * @param options Size and colour scheme
 * @param body What is done with the page once it is ready
 */
export async function withPage(
  address: string,
  options: BrowserContextOptions,
  body: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await (await startBrowser()).newContext({
    viewport: { width: 880, height: 460 },
    acceptDownloads: true,
    ...options,
  });
  context.setDefaultTimeout(30_000);
  const problems: string[] = [], { origin } = new URL(address);
  try {
    const page = await context.newPage();
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type()) && !DRIVER_NOTE.test(message.text())) {
        problems.push(message.text());
      }
    });
    page.on("pageerror", (error) => problems.push(error.message));
    page.on("requestfailed", (request) => problems.push(`failed: ${request.url()}`));
    context.on("request", (request) => {
      if (!/^(blob|data):/.test(request.url()) && new URL(request.url()).origin !== origin) {
        problems.push(`foreign request: ${request.url()}`);
      }
    });
    await page.goto(address);
    await page.waitForSelector("body[data-ready]");
    await body(page);
    assertEquals(problems, []);
  } finally {
    await context.close();
  }
}

/** What software drivers say about reading pixels; it is about speed. */
const DRIVER_NOTE = /GPU stall due to ReadPixels|GL Driver Message/;

/** Numbers about what a canvas or another element shows. */
export interface Shown {
  /** Pixels that differ from the upper left one by more than noise, as a share. */
  readonly drawn: number;
  /** Colours, `[H, W, 3 or 4]`. */
  readonly data: Uint8Array;
}

/** Looks at an element. */
export async function lookAt(page: Page, selector: string): Promise<Shown> {
  const path = await Deno.makeTempFile({ suffix: ".png" });
  await page.locator(selector).first().screenshot({ path });
  const { data, channels } = await readByteImage(path);
  await Deno.remove(path);
  let drawn = 0;
  for (let i = 0; i < data.length; i += channels) {
    if ([0, 1, 2].some((c) => Math.abs(data[i + c] - data[c]) > 60)) drawn++;
  }
  return { drawn: drawn * channels / data.length, data };
}

/** Share of bytes that differ clearly. */
export function difference(a: Shown, b: Shown): number {
  let count = 0;
  a.data.forEach((value, i) => count += Math.abs(value - b.data[i]) > 12 ? 1 : 0);
  return count / a.data.length;
}

/** Clicks what downloads, and gives name and bytes. */
export async function downloaded(
  page: Page,
  click: () => Promise<void>,
): Promise<{ name: string; bytes: Uint8Array }> {
  const [file] = await Promise.all([page.waitForEvent("download"), click()]);
  const path = await file.path();
  return { name: file.suggestedFilename(), bytes: await Deno.readFile(path) };
}
