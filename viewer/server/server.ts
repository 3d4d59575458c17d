/**
 * Serving a viewer's folder on this machine: requests in, responses out.
 *
 * @module
 */
import { extname, join } from "@std/path";
import { messageOf, UserError } from "../../lib/core/errors.ts";
import type { RemoveBackground } from "../../lib/datasets/background_removal/background_remover.ts";
import { isInside } from "./is_inside.ts";
import { guessImageMask, readImage, readImageMask, saveMask, viewerImages } from "./images.ts";
import { DOUBT_HEADER, MANIFEST_FILE } from "./manifest.ts";
import type { ViewerPoses } from "./poses.ts";

/** Answers one request. */
export type ViewerHandler = (request: Request) => Promise<Response>;

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".glb": "model/gltf-binary",
  ".safetensors": "application/octet-stream",
};

/** What pages may load: this server's files, and what the page itself made. */
const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
  "connect-src 'self' blob:; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** What workers may load: also WebAssembly, and the threads that it starts from its own code. */
const WORKER_POLICY =
  "default-src 'none'; script-src 'self' blob: 'wasm-unsafe-eval'; connect-src 'self' blob:; " +
  "worker-src 'self' blob:";
const WORKER_FILES = [
  "/generator_worker.js",
  "/photo_worker.js",
  "/mask_worker.js",
  "/vision/onnxruntime.js",
];

const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-cache",
  // Both together give pages the shared memory that threads of WebAssembly need.
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-resource-policy": "same-origin",
};
/** Names by which this machine calls itself; others would be a foreign page that points its name here. */
const OWN_HOSTS = ["127.0.0.1", "localhost", "[::1]"];
/** Largest mask that is taken, in bytes. */
const LARGEST_MASK = 64 * 2 ** 20;
/** Largest correction of a pose that is taken, in bytes. */
const LARGEST_CORRECTION = 10_000;

/**
 * Makes the handler of a viewer's folder: its files, nothing else, and only to this machine's own pages.
 *
 * @param folder The folder
 * @param options `images`: folder of photographs whose masks may be painted and saved; none if left out; `remove`:
 *   what removes the backgrounds of photographs without masks; colour alone if left out; `poses`: poses that may
 *   be checked and corrected; none if left out
 * @throws {UserError} If the folder is not there
 */
export async function viewerHandler(
  folder: string,
  options: {
    readonly images?: string;
    readonly remove?: RemoveBackground;
    readonly poses?: ViewerPoses | null;
  } = {},
): Promise<ViewerHandler> {
  const root = await Deno.realPath(folder).catch((error) => {
    throw new UserError(`Cannot serve ${folder}: ${messageOf(error)}`);
  });
  return async (request) => {
    const { pathname, hostname } = new URL(request.url);
    const path = decodedPath(pathname);
    const response = !OWN_HOSTS.includes(hostname)
      ? refusal(403, "This server answers to this machine only.")
      : path === null
      ? refusal(400, "This path cannot be read.")
      : path.startsWith("/api/poses")
      ? await answerPoses(request, path, options.poses ?? null)
      : path.startsWith("/api/")
      ? await answerImages(request, path, options.images, options.remove)
      : request.method !== "GET" && request.method !== "HEAD"
      ? refusal(405, "Files can only be read.")
      : await answerFile(root, path, { images: options.images !== undefined, poses: Boolean(options.poses) });
    for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
    response.headers.set(
      "content-security-policy",
      WORKER_FILES.includes(path ?? "") ? WORKER_POLICY : PAGE_POLICY,
    );
    if (request.method !== "HEAD") return response;
    await response.body?.cancel();
    return new Response(null, response);
  };
}

/** The path with its escapes read; null if it could lead out of a folder, or is hidden or no text. */
function decodedPath(pathname: string): string | null {
  let path: string;
  try {
    path = decodeURIComponent(pathname);
  } catch {
    return null;
  }
  const segments = path.slice(1).split("/");
  const isUnsafe = /[\\\0]/.test(path) ||
    segments.some((segment, i) => segment.startsWith(".") || (segment === "" && i < segments.length - 1));
  return isUnsafe ? null : path;
}

async function answerFile(
  root: string,
  path: string,
  offered: { readonly images: boolean; readonly poses: boolean },
): Promise<Response> {
  const name = path.endsWith("/") ? `${path}index.html` : path, file = join(root, name);
  const isFile = await Deno.stat(file).then((info) => info.isFile, () => false);
  if (!isFile || !await isInside(root, file)) return refusal(404, "There is no such file."); // links out are no way out
  const type = CONTENT_TYPES[extname(file)] ?? "application/octet-stream";
  if ((offered.images || offered.poses) && name === `/${MANIFEST_FILE}`) {
    const manifest = JSON.parse(await Deno.readTextFile(file));
    const { images, poses } = offered;
    return Response.json({ ...manifest, ...images && { images }, ...poses && { poses } });
  }
  const opened = await Deno.open(file);
  const { size } = await opened.stat();
  return new Response(opened.readable, { headers: { "content-type": type, "content-length": `${size}` } });
}

/** Photographs and masks, where a folder of photographs was given. */
async function answerImages(
  request: Request,
  path: string,
  images: string | undefined,
  remove?: RemoveBackground,
): Promise<Response> {
  if (images === undefined) return refusal(404, "This server was started without 'images'.");
  const [, kind, name] = /^\/api\/(images|masks|guesses)(?:\/(.+))?$/.exec(path) ?? [];
  if (kind === undefined) return refusal(404, "There is no such address.");
  try {
    if (request.method === "PUT" && kind === "masks" && name) return await takeMask(request, images, name);
    if (request.method !== "GET") return refusal(405, "Images are read by GET, masks are saved by PUT.");
    if (!name) return Response.json(await viewerImages(images));
    if (kind === "images") {
      const { bytes, type } = await readImage(images, name);
      return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { "content-type": type } });
    }
    const { bytes, doubt } = kind === "guesses"
      ? await guessImageMask(images, name, remove)
      : { bytes: await readImageMask(images, name), doubt: null };
    const headers = { "content-type": "image/png", [DOUBT_HEADER]: encodeURIComponent(doubt ?? "") };
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  } catch (error) {
    if (error instanceof UserError) return refusal(422, error.message);
    throw error;
  }
}

/** Poses of a data set, where one with poses is shown. */
async function answerPoses(request: Request, path: string, poses: ViewerPoses | null): Promise<Response> {
  if (poses === null) return refusal(404, "This server shows no data set with poses.");
  const [, id, kind = ""] = /^\/api\/poses(?:\/([^/]+))?(?:\/(photograph|mask|correction))?$/.exec(path) ??
    [];
  try {
    if (kind === "correction" && ["PUT", "DELETE"].includes(request.method)) {
      if (request.headers.get("origin") !== new URL(request.url).origin) {
        return refusal(403, "Corrections are taken from this server's own page only.");
      }
      if (Number(request.headers.get("content-length") ?? 0) > LARGEST_CORRECTION) {
        return refusal(413, `A correction must have at most ${LARGEST_CORRECTION} bytes.`);
      }
      await poses.correct(id, request.method === "DELETE" ? null : await request.text());
      return Response.json({ saved: true });
    }
    if (request.method !== "GET" || kind === "correction") return refusal(405, "Poses are read by GET.");
    if (id === undefined) {
      return path === "/api/poses" ? Response.json(poses.list()) : refusal(404, "There is no such address.");
    }
    if (kind === "") return Response.json(poses.posesOf(id));
    const bytes = await poses.image(id, kind as "photograph" | "mask");
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { "content-type": "image/png" } });
  } catch (error) {
    if (error instanceof UserError) return refusal(422, error.message);
    throw error;
  }
}

/** Saves a mask that this server's own page sends. */
async function takeMask(request: Request, images: string, name: string): Promise<Response> {
  const { origin } = new URL(request.url);
  if (request.headers.get("origin") !== origin) {
    return refusal(403, "Masks are taken from this server's own page only.");
  }
  if (request.headers.get("content-type") !== "image/png") return refusal(415, "A mask must be a PNG.");
  if (Number(request.headers.get("content-length") ?? LARGEST_MASK + 1) > LARGEST_MASK) {
    return refusal(413, `A mask must have a stated length of at most ${LARGEST_MASK} bytes.`);
  }
  const bytes = new Uint8Array(await request.arrayBuffer());
  return Response.json({ saved: await saveMask(images, name, bytes) });
}

function refusal(status: number, sentence: string): Response {
  return new Response(sentence, { status, headers: { "content-type": "text/plain; charset=utf-8" } });
}
