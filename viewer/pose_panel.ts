/**
 * The likely poses of a photograph: chosen by click, flipped, or turned by hand.
 *
 * @module
 */
import { messageOf } from "../lib/core/errors.ts";
import { type PhotoPool, settlePhotoPoses } from "../lib/photo/find_photo_poses.ts";
import type { PhotoCrop } from "../lib/photo/photo_crop.ts";
import { azimuthBetween, directionOfPose, type PhotoPose, sideOfAzimuth } from "../lib/photo/photo_pose.ts";
import type { Template } from "../lib/templates/template_bytes.ts";
import { byId, make, setPressed, tell } from "./dom.ts";
import { turnAround } from "./hand_pose.ts";
import { PoseCanvas } from "./pose_canvas.ts";
import { drawPosed } from "./pose_drawing.ts";

/** Side of a card's image, pixels. */
const CARD_SIZE = 120;
/** Poses that look elsewhere by more are the other way round, degrees. */
const AROUND = 90;

/** The panel of the pose step. */
export class PosePanel {
  /** The photograph with the template. */
  readonly canvas: PoseCanvas;
  readonly #pool: PhotoPool;
  readonly #onChoice: () => void;
  readonly #list = byId("poses", HTMLElement);
  #photo: PhotoCrop | null = null;
  #image: OffscreenCanvas | null = null;
  #templates: readonly Template[] = [];
  #poses: PhotoPose[] = [];
  #chosen: PhotoPose | null = null;
  #isByHand = false;

  /**
   * Binds the panel.
   *
   * @param pool Workers that let poses settle
   * @param onChoice Told when another pose is chosen
   */
  constructor(pool: PhotoPool, onChoice: () => void) {
    this.#pool = pool;
    this.#onChoice = onChoice;
    this.canvas = new PoseCanvas((pose) => this.#takeHand(pose));
    byId("flip", HTMLButtonElement).addEventListener("click", () => void this.flip());
    byId("by-hand", HTMLButtonElement).addEventListener("click", () => this.byHand(!this.#isByHand));
    byId("settle", HTMLButtonElement).addEventListener("click", () => void this.settle());
  }

  /** The chosen pose, or null. */
  get chosen(): PhotoPose | null {
    return this.#chosen;
  }

  /** Takes the square around the object, as crop and as image, and templates to be posed in it. */
  open(photo: PhotoCrop, image: OffscreenCanvas, templates: readonly Template[]): void {
    [this.#photo, this.#templates, this.#poses, this.#chosen] = [photo, templates, [], null];
    this.#image = image;
    this.#list.replaceChildren();
    this.byHand(false);
    this.canvas.open(image);
    this.#showState();
  }

  /** Shows poses to choose from; the first one is chosen. */
  show(poses: readonly PhotoPose[], told: string): void {
    this.#poses = [...poses];
    byId("pose-told", HTMLElement).textContent = told;
    this.#showCards();
    this.choose(0);
  }

  /** Chooses a pose by its place in the list. */
  choose(place: number): void {
    const pose = this.#poses[place];
    if (pose) this.#take(pose);
  }

  /** Takes the best pose that looks from the other side; where there is none, the object is turned around. */
  async flip(): Promise<void> {
    const { chosen } = this;
    if (chosen === null) return;
    const other = this.#poses.find(({ pose }) => azimuthBetween(pose, chosen.pose) > AROUND);
    if (other) this.#take(other);
    else await this.#settleFrom({ ...chosen, pose: turnAround(chosen.pose) });
  }

  /** Whether a hand turns the template. */
  byHand(isByHand: boolean): void {
    this.#isByHand = isByHand && this.#chosen !== null;
    this.canvas.isByHand = this.#isByHand;
    byId("hand", HTMLElement).hidden = !this.#isByHand;
    setPressed(byId("by-hand", HTMLButtonElement), this.#isByHand);
    if (this.#isByHand) byId("pose-view", HTMLCanvasElement).focus();
  }

  /** Switches turning by hand. */
  toggleHand(): void {
    this.byHand(!this.#isByHand);
  }

  /** Lets the fit finish what a hand began. */
  async settle(): Promise<void> {
    if (this.#chosen) await this.#settleFrom(this.#chosen);
  }

  async #settleFrom({ pose, template }: PhotoPose): Promise<void> {
    if (this.#photo === null) return;
    const photo = this.#photo;
    try {
      const settled = await settlePhotoPoses(photo, this.#templates[template], template, this.#pool, [pose]);
      if (photo !== this.#photo) return;
      this.#poses = [...this.#poses.filter(({ score }) => score > -1), ...settled];
      this.#showCards();
      this.#take(settled[0]);
    } catch (error) {
      tell(messageOf(error), "problem");
    }
  }

  #takeHand(pose: PhotoPose["pose"]): void {
    if (this.#chosen === null) return;
    this.#chosen = { ...this.#chosen, pose };
    this.#showState();
    this.#onChoice();
  }

  #take(pose: PhotoPose): void {
    this.#chosen = pose;
    this.canvas.show({ vertices: this.#templates[pose.template].vertices, pose: pose.pose });
    this.#showState();
    this.#onChoice();
  }

  #showCards(): void {
    this.#list.replaceChildren(...this.#poses.map((found, place) => {
      const button = make("button", "card"), canvas = make("canvas");
      button.type = "button";
      button.title = `Key ${place + 1}`;
      canvas.width = canvas.height = CARD_SIZE;
      const { vertices } = this.#templates[found.template];
      if (this.#image) drawPosed(canvas, this.#image, { vertices, pose: found.pose }, CARD_SIZE);
      button.append(
        canvas,
        make("span", "name", sideOfAzimuth(directionOfPose(found.pose).azimuth)),
        make("span", "dim", `fits ${Math.round(100 * found.iou)} %`),
      );
      button.addEventListener("click", () => this.#take(found));
      return button;
    }));
  }

  #showState(): void {
    const chosen = this.#chosen;
    for (const id of ["flip", "by-hand", "make"]) byId(id, HTMLButtonElement).disabled = chosen === null;
    [...this.#list.children].forEach((card, place) =>
      card.setAttribute("aria-current", `${this.#poses[place] === chosen}`)
    );
    const caption = chosen &&
      `${this.#templates[chosen.template].name.replaceAll("_", " ")}, seen from the ${
        sideOfAzimuth(directionOfPose(chosen.pose).azimuth)
      } – orange is the front`;
    byId("pose-caption", HTMLElement).textContent = caption ?? "";
  }
}
