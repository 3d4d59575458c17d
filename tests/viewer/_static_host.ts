/** A host of static files that knows nothing of the viewer. */
import { extname, join } from "@std/path";

const TYPES: Record<string, string> = {
  ".html": "text/html",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** Serves a folder under a path, without any special header. */
export function serveStatic(folder: string, path: string): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async ({ url }) => {
    const { pathname } = new URL(url);
    if (!pathname.startsWith(`${path}/`)) return new Response(null, { status: 404 });
    const name = decodeURIComponent(pathname.slice(path.length)), file = name === "/" ? "/index.html" : name;
    try {
      const type = TYPES[extname(file)] ?? "application/octet-stream";
      return new Response(await Deno.readFile(join(folder, file)), { headers: { "content-type": type } });
    } catch {
      return new Response(null, { status: 404 });
    }
  });
}
