/**
 * The renderers of a batch between its forward and its backward pass, in the threads of the backend.
 *
 * @module
 */
import { entryOf } from "../core/arrays.ts";
import type { ThreadTeam } from "../backend/threads/thread_team.ts";
import { hostTeam } from "../backend/host_threads.ts";
import type { Mesh } from "../mesh/mesh.ts";
import { type ViewPart, VIEWS, type ViewScene } from "./_view_parts.ts";
import type { ViewSettings } from "./_view_renderer.ts";

/** Smaller images are drawn in less time than it takes to wake another thread. */
const LEAST_SIZE_FOR_THREADS = 64;
/** Slots at rest, of all meshes and settings; the oldest is used for others before there are more. */
const MOST_AT_REST = 8;

/** Renderers in the threads, one for each view of a batch. */
interface Slot {
  readonly id: number;
  readonly scene: ViewScene;
  /** Views that have a renderer of this scene. */
  views: number;
}

/** Slots of a team. */
class Slots {
  readonly team: ThreadTeam<ViewPart>;
  #resting: Slot[] = [];
  #count = 0;

  constructor(team: ThreadTeam<ViewPart>) {
    this.team = team;
  }

  /** One at rest with this scene, else another or a new one. */
  take(scene: ViewScene): Slot {
    const found = this.#resting.find((slot) => isSame(slot.scene, scene));
    const used = found ?? (this.#resting.length >= MOST_AT_REST ? this.#resting[0] : undefined);
    this.#resting = this.#resting.filter((slot) => slot !== used);
    return found ?? { id: used?.id ?? this.#count++, scene, views: 0 };
  }

  /** Lays a slot to rest; `take` finds the last one first. */
  giveBack(slot: Slot): void {
    this.#resting.push(slot);
  }
}

const slotsOfTeams = new WeakMap<ThreadTeam<ViewPart>, Slots>();

/** Gives back what batches held whose backward pass can never come. */
const forgotten = new FinalizationRegistry<() => void>((giveBack) => giveBack());

/** One batch: `forward`, then at most one `backward`, and so on. */
export class BatchRenderer {
  readonly #scene: ViewScene;
  #taken: { readonly slots: Slots; readonly slot: Slot } | null = null;

  /**
   * Takes no memory yet.
   *
   * @param mesh Faces and texture coordinates
   * @param settings What the views have in common
   */
  constructor({ vertices, faces, uvs, faceUvs }: Mesh, settings: ViewSettings) {
    this.#scene = { mesh: { vertices, faces, uvs, faceUvs }, settings }; // all that travels to other threads
  }

  /**
   * Renders a batch.
   *
   * @param batch Number of views, B
   * @param arrays Vertices and textures, and images, silhouettes and, if asked for, coverages, which are overwritten; B
   * entries each
   * @param keep Whether a backward pass may follow
   */
  forward(batch: number, arrays: readonly Float32Array[], keep: boolean): void {
    const team = hostTeam(VIEWS);
    if (this.#taken?.slots.team !== team) this.#take(team);
    const { slot } = this.#taken!;
    this.#run("forward", batch, arrays);
    slot.views = Math.max(slot.views, batch);
    if (!keep) this.#giveBack();
  }

  /**
   * Gradient of the last `forward`.
   *
   * @param batch Number of views, B
   * @param arrays Gradients of images and silhouettes, and textures; gradients of vertices and of textures, which are
   * overwritten; B entries each
   */
  backward(batch: number, arrays: readonly Float32Array[]): void {
    if (this.#taken === null) throw new Error("Cannot call backward twice after one forward");
    this.#run("backward", batch, arrays);
    this.#giveBack();
  }

  #run(pass: "forward" | "backward", batch: number, arrays: readonly Float32Array[]): void {
    const { slots: { team }, slot } = this.#taken!;
    const parts = Array.from({ length: batch }, (_, view): ViewPart => ({
      pass,
      slot: slot.id,
      view,
      scene: view < slot.views ? null : slot.scene,
      arrays: arrays.map((values) => entryOf(values, view, batch)),
    }));
    team.run(parts, this.#scene.settings.size < LEAST_SIZE_FOR_THREADS);
  }

  #take(team: ThreadTeam<ViewPart>): void {
    let slots = slotsOfTeams.get(team);
    if (slots === undefined) slotsOfTeams.set(team, slots = new Slots(team));
    const slot = slots.take(this.#scene);
    this.#taken = { slots, slot };
    forgotten.register(this, () => slots.giveBack(slot), this);
  }

  #giveBack(): void {
    const { slots, slot } = this.#taken!;
    forgotten.unregister(this);
    slots.giveBack(slot);
    this.#taken = null;
  }
}

function isSame(a: ViewScene, b: ViewScene): boolean {
  const names = ["vertices", "faces", "uvs", "faceUvs"] as const;
  return names.every((name) => a.mesh[name] === b.mesh[name]) &&
    JSON.stringify(a.settings) === JSON.stringify(b.settings);
}
