/**
 * The panel of the live generator: seed, sample, truncation, class, and the way from one sample to the next.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import type { FloatImage } from "../lib/core/arrays.ts";
import { sampleExtras } from "../lib/gan/sample_extras.ts";
import type { GlbExtra } from "../lib/io/glb_encoder.ts";
import type { MeshArrays } from "../lib/io/mesh_arrays.ts";
import { sphereTopology } from "../lib/mesh/sphere_topology.ts";
import type { ViewerGenerator, ViewerItem } from "./server/manifest.ts";
import { byId, make, setPressed, tell } from "./dom.ts";
import { GeneratorClient } from "./generator_client.ts";
import { latentAt } from "./latent_path.ts";

/** A generated object, ready to be shown and saved. */
export interface LiveSample {
  /** What it is called. */
  readonly title: string;
  /** Its name as a file, without an ending. */
  readonly name: string;
  /** Mesh in the object frame. */
  readonly mesh: MeshArrays;
  /** Image of the uv square in [0, 1], `[R, R, 3]`. */
  readonly texture: FloatImage;
  /** How texture columns lie, see `GlbOptions`. */
  readonly symmetric: boolean;
  /** What a file of it tells about itself. */
  readonly extras: Readonly<Record<string, GlbExtra>>;
}

const SECONDS_PER_SAMPLE = 2.5; // of an animation
const LARGEST_SEED = 2 ** 32 - 1;

/** The panel of the live generator. */
export class GeneratorPanel {
  readonly #run: string;
  readonly #generator: ViewerGenerator;
  readonly #onSample: (sample: LiveSample, isStep: boolean) => void;
  readonly #seed = byId("seed", HTMLInputElement);
  readonly #sample = byId("sample", HTMLInputElement);
  readonly #truncation = byId("truncation", HTMLInputElement);
  readonly #class = byId("class", HTMLSelectElement);
  readonly #blend = byId("blend", HTMLInputElement);
  readonly #play = byId("play", HTMLButtonElement);
  readonly #status = byId("generator-status", HTMLElement);
  #client: GeneratorClient | null = null;
  #backend = "";
  #isBusy = false;
  #isOutdated = false;
  #isPlaying = false;
  #times: number[] = [];

  /**
   * Sets the panel up; weights are loaded when it is first opened.
   *
   * @param run Name of the run
   * @param generator The generator of the manifest
   * @param onSample Told each new object, and whether it is a step of an animation
   */
  constructor(
    run: string,
    generator: ViewerGenerator,
    onSample: (sample: LiveSample, isStep: boolean) => void,
  ) {
    this.#run = run;
    this.#generator = generator;
    this.#onSample = onSample;
    this.#class.replaceChildren(...generator.classNames.map((name, i) => new Option(name, `${i}`)));
    byId("class-row", HTMLElement).hidden = generator.classNames.length === 0;
    for (const input of [this.#seed, this.#sample, this.#truncation, this.#class]) {
      input.addEventListener("input", () => {
        if (input !== this.#truncation && input !== this.#class) this.#blend.value = "0";
        this.#refresh();
      });
    }
    this.#blend.addEventListener("input", () => this.#refresh());
    byId("random", HTMLButtonElement).addEventListener("click", () => this.surprise());
    this.#play.addEventListener("click", () => this.togglePlay());
    this.#showValues();
  }

  /** Loads the weights if that was not done, and shows the sample of the fields. */
  async open(): Promise<void> {
    if (this.#client === null) {
      this.#client = new GeneratorClient(this.#generator, (share) => {
        this.#status.textContent = `Loading the weights: ${Math.round(100 * share)} %`;
      });
      this.#status.textContent = "Loading the weights";
      try {
        this.#backend = await this.#client.ready;
      } catch (error) {
        this.#status.textContent = messageOf(error);
        tell(messageOf(error), "problem");
        return;
      }
    } else if (this.#backend === "") return;
    this.#refresh();
  }

  /** Goes some samples on. */
  step(steps: number): void {
    this.#sample.value = `${Math.max(0, numberOf(this.#sample) + steps)}`;
    this.#blend.value = "0";
    this.#refresh();
  }

  /** Takes any seed. */
  surprise(): void {
    this.#seed.value = `${crypto.getRandomValues(new Uint32Array(1))[0]}`;
    this.#sample.value = this.#blend.value = "0";
    this.#refresh();
  }

  /** Takes the place of an exported sample. */
  take({ seed, index, truncation, classIndex }: NonNullable<ViewerItem["sample"]>): void {
    this.#seed.value = `${seed}`;
    this.#sample.value = `${index}`;
    this.#truncation.value = `${truncation}`;
    this.#class.value = `${classIndex}`;
    this.#blend.value = "0";
    this.#showValues();
  }

  /** Starts or ends the latent interpolation through the samples. */
  togglePlay(isPlaying = !this.#isPlaying): void {
    if (isPlaying === this.#isPlaying) return;
    this.#isPlaying = isPlaying;
    setPressed(this.#play, isPlaying);
    this.#play.textContent = isPlaying ? "Stop" : "Animate";
    if (isPlaying) this.#animate(performance.now());
  }

  #animate(before: number): void {
    requestAnimationFrame((now) => {
      if (!this.#isPlaying) return;
      if (this.#isBusy) return this.#animate(before);
      let place = Number(this.#blend.value) + Math.min(0.5, (now - before) / 1000 / SECONDS_PER_SAMPLE);
      if (place >= 1) {
        this.#sample.value = `${numberOf(this.#sample) + Math.floor(place)}`;
        place %= 1;
      }
      this.#blend.value = `${place}`;
      this.#refresh();
      this.#animate(now);
    });
  }

  /** Makes the object of the fields; while one is being made, the latest wish is kept. */
  async #refresh(): Promise<void> {
    this.#showValues();
    if (this.#client === null || this.#backend === "") return;
    this.#isOutdated = true;
    if (this.#isBusy) return;
    this.#setBusy(true);
    try {
      while (this.#isOutdated) {
        this.#isOutdated = false;
        await this.#make(this.#client);
      }
    } catch (error) {
      this.togglePlay(false);
      tell(messageOf(error), "problem");
    } finally {
      this.#setBusy(false);
    }
  }

  #setBusy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    byId("view", HTMLElement).setAttribute("aria-busy", `${isBusy}`);
  }

  async #make(client: GeneratorClient): Promise<void> {
    const { latentDim: length, symmetric, classes } = this.#generator.networks;
    const [seed, index, truncation] = [this.#seed, this.#sample, this.#truncation].map(numberOf);
    const blend = Number(this.#blend.value), classIndex = Number(this.#class.value);
    const latent = latentAt({ seed, truncation, length }, index + blend);
    const made = await client.generate(latent, classIndex);
    this.#showSpeed(made.milliseconds);
    const { faces, uvs, faceUvs } = sphereTopology();
    const extras = sampleExtras({
      run: this.#run,
      epoch: this.#generator.epoch,
      seed,
      sample: index,
      truncation,
      class: classes > 0 ? classIndex : null,
    });
    const suffix = blend > 0 ? `_${blend.toFixed(2)}` : "";
    this.#onSample({
      title: blend > 0 ? `Between samples ${index} and ${index + 1}` : `Sample ${index}`,
      name: `${this.#run}_seed${seed}_${index}${suffix}`,
      mesh: { vertices: made.vertices, faces, uvs, faceUvs },
      texture: {
        data: made.texture.map((value) => value / 2 + 0.5),
        height: made.resolution,
        width: made.resolution,
        channels: 3,
      },
      symmetric,
      extras: blend > 0 ? { ...extras, blend } : extras,
    }, this.#isPlaying);
  }

  #showSpeed(milliseconds: number): void {
    this.#times = [...this.#times, milliseconds].slice(-20);
    const mean = this.#times.reduce((sum, time) => sum + time, 0) / this.#times.length;
    this.#status.replaceChildren(
      make("span", "", this.#backend),
      make("span", "dim", `${duration(mean)} a sample`),
    );
    this.#status.dataset.milliseconds = `${mean}`;
  }

  #showValues(): void {
    byId("truncation-value", HTMLOutputElement).value = Number(this.#truncation.value).toFixed(2);
    byId("blend-value", HTMLOutputElement).value = `${Math.round(100 * Number(this.#blend.value))} %`;
  }
}

/** The number of a field, within its limits; what is no number counts as the least. */
function numberOf(input: HTMLInputElement): number {
  const minimum = Number(input.min), maximum = input.max === "" ? LARGEST_SEED : Number(input.max);
  const value = Number(input.value);
  const bounded = Number.isFinite(value) && input.value !== ""
    ? Math.min(maximum, Math.max(minimum, value))
    : minimum;
  return input.type === "number" ? Math.floor(bounded) : bounded;
}

/** A time with its unit. */
function duration(milliseconds: number): string {
  if (milliseconds >= 1000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${milliseconds.toFixed(milliseconds < 10 ? 1 : 0)} ms`;
}
