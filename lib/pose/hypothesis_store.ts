/**
 * The hypotheses of a running step 1: filled picture by picture, saved now and then, taken up again after a stop.
 *
 * @module
 */
import { UserError } from "../core/errors.ts";
import { readSafetensors, writeSafetensors } from "../io/safetensors.ts";
import { type Hypotheses, hypothesisArrays } from "./files.ts";
import type { FittedImage } from "./pose_fitter.ts";

/** Settings that a partial file belongs to, by the name of their flag. */
export type StoredSettings = Readonly<Record<string, string | number | boolean>>;

/** Hypotheses of N pictures, some of them still to come. */
export class HypothesisStore {
  readonly #values: Hypotheses;
  readonly #done: Uint8Array; // [N]
  readonly #settings: StoredSettings;
  #saving: Promise<void> = Promise.resolve();

  /**
   * Starts with all pictures pending.
   *
   * @param ids Names of the pictures, `[N]`
   * @param H Hypotheses of a picture
   * @param T Number of templates
   * @param settings What the values depend on
   */
  constructor(ids: readonly string[], H: number, T: number, settings: StoredSettings) {
    const N = ids.length;
    this.#done = new Uint8Array(N);
    this.#settings = settings;
    this.#values = {
      N,
      H,
      T,
      ids,
      rotation: new Float32Array(N * H * 4), // [N, H, 4]
      scale: new Float32Array(N * H), // [N, H]
      translation: new Float32Array(N * H * 2), // [N, H, 2]
      perspective: new Float32Array(N * H), // [N, H]
      weights: new Float32Array(N * H * T), // [N, H, T]
      iou: new Float32Array(N * H), // [N, H]
    };
  }

  /** The hypotheses; complete when nothing is pending. */
  get values(): Hypotheses {
    return this.#values;
  }

  /** Numbers of the pictures that are still to do, ascending. */
  pending(): number[] {
    return Array.from(this.#done.keys()).filter((i) => this.#done[i] === 0);
  }

  /** Puts in the result of picture `i`. */
  put(i: number, fitted: FittedImage): void {
    const { H, T, rotation, scale, translation, perspective, weights, iou } = this.#values;
    rotation.set(fitted.rotation, i * H * 4);
    scale.set(fitted.scale, i * H);
    translation.set(fitted.translation, i * H * 2);
    perspective.set(fitted.perspective, i * H);
    fitted.template.forEach((t, h) => weights[(i * H + h) * T + t] = 1);
    iou.set(fitted.iou, i * H);
    this.#done[i] = 1;
  }

  /** Writes what is there; calls follow one another. */
  save(path: string): Promise<void> {
    const write = () =>
      writeSafetensors(path, {
        ...hypothesisArrays(this.#values),
        done: { data: this.#done, shape: [this.#values.N] },
      }, { settings: JSON.stringify(this.#settings) });
    this.#saving = this.#saving.catch(() => {}).then(write);
    return this.#saving;
  }

  /**
   * Takes up a partial file.
   *
   * @returns Number of pictures that are done; 0 if there is no file
   * @throws {UserError} If the file belongs to other settings, or is damaged
   */
  async load(path: string): Promise<number> {
    if (!await Deno.stat(path).then((info) => info.isFile, () => false)) return 0;
    const { arrays, metadata } = await readSafetensors(path);
    this.#compareSettings(path, metadata.settings);
    for (const [name, { data, shape }] of Object.entries(hypothesisArrays(this.#values))) {
      const stored = arrays[name];
      if (!(stored?.data instanceof Float32Array) || `${stored.shape}` !== `${shape}`) {
        throw new UserError(
          `Cannot go on from ${path}: "${name}" is damaged. Delete the file to start over.`,
        );
      }
      (data as Float32Array).set(stored.data);
    }
    if (arrays.done?.data instanceof Uint8Array) this.#done.set(arrays.done.data.subarray(0, this.#values.N));
    return this.#values.N - this.pending().length;
  }

  #compareSettings(path: string, text: string | undefined): void {
    const stored = JSON.parse(text ?? "{}") as Record<string, unknown>;
    for (const [name, given] of Object.entries(this.#settings)) {
      if (stored[name] === given) continue;
      throw new UserError(
        `Cannot go on from ${path}: it was begun with ${name} = ${stored[name]}, now it is ${given}. ` +
          `Use the same settings, or delete the file to start over.`,
      );
    }
  }
}
