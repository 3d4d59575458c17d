/**
 * The generator in a worker: the same code that exports meshes, on WebGPU or WebAssembly.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { Prng } from "../lib/core/prng.ts";
import { EXEMPLAR_PREFIX, exemplarsOf } from "../lib/gan/exemplars/exemplars.ts";
import { generateSamples, sampleVertices } from "../lib/gan/generate_samples.ts";
import type { Generator } from "../lib/gan/generator.ts";
import { makeGenerator } from "../lib/gan/make_generator.ts";
import { parseSafetensors } from "../lib/io/safetensors_bytes.ts";
import { shownTexture } from "../lib/gan/shown_texture.ts";
import type { ViewerGenerator } from "./server/manifest.ts";
import { fetchBytes } from "./fetch_bytes.ts";
import { useBrowserBackend } from "./browser_backend.ts";
import type { SampleMessage, WorkerMessage, WorkerRequest } from "./messages.ts";

interface Loaded {
  readonly generator: Generator;
  readonly symmetric: boolean;
}

const say = (message: WorkerMessage, moved: Transferable[] = []) =>
  self.postMessage(message, { transfer: moved });
let loaded: Loaded | null = null;
let last: Promise<void> = Promise.resolve(); // requests are done one after the other

self.onmessage = ({ data }: MessageEvent<WorkerRequest>) => {
  last = last.then(() => answer(data)).catch((error) => {
    say({ kind: "problem", id: data.kind === "generate" ? data.id : null, message: messageOf(error) });
  });
};

async function answer(request: WorkerRequest): Promise<void> {
  if (request.kind === "load") {
    const { latentDim, textureResolution } = request.generator.networks;
    const backend = await useBrowserBackend(new URL("wasm/", request.base).href, textureResolution);
    loaded = await load(request.generator, request.base);
    await generate(loaded, -1, new Float32Array(latentDim), 0); // compiles and allocates
    say({ kind: "ready", backend });
    return;
  }
  if (loaded === null) throw new TypeError("Cannot generate before the weights are loaded");
  const sample = await generate(loaded, request.id, request.latent, request.classIndex);
  say(sample, [sample.vertices.buffer, sample.texture.buffer]);
}

async function load({ weights, bytes, networks }: ViewerGenerator, base: string): Promise<Loaded> {
  const address = new URL(weights.split("/").map(encodeURIComponent).join("/"), base);
  let received = 0;
  const file = await fetchBytes(address, (count) => {
    received += count;
    say({ kind: "loading", share: Math.min(1, received / bytes) });
  });
  const { arrays } = parseSafetensors(file, weights);
  const generator = makeGenerator(networks, new Prng(1, "gan", "loaded"));
  const prefix = `${EXEMPLAR_PREFIX}/`, isExemplar = (name: string) => name.startsWith(prefix);
  const entries = Object.entries(arrays);
  generator.parameters.load(Object.fromEntries(entries.filter(([name]) => !isExemplar(name))), weights);
  if (networks.exemplars) {
    const own = entries.filter(([name]) => isExemplar(name)).map((
      [name, array],
    ) => [name.slice(prefix.length), array]);
    await generator.setExemplars(exemplarsOf(Object.fromEntries(own), weights), false);
  }
  return { generator, symmetric: networks.symmetric };
}

async function generate(
  { generator, symmetric }: Loaded,
  id: number,
  latent: Float32Array,
  classIndex: number,
): Promise<SampleMessage> {
  const start = performance.now();
  const [{ map, texture }] = await generateSamples(generator, [latent], [classIndex]);
  return {
    kind: "sample",
    id,
    vertices: Float32Array.from(sampleVertices(map, symmetric)),
    texture: shownTexture(texture, generator.options).data as Float32Array<ArrayBuffer>,
    resolution: texture.width,
    milliseconds: performance.now() - start,
  };
}
