/**
 * The photograph with a template over it, which a hand may turn, move and scale.
 *
 * @module
 */
import type { Pose } from "../lib/rendering/cameras.ts";
import { byId } from "./dom.ts";
import { movePose, scalePose, turnPose } from "./hand_pose.ts";
import { drawPosed, type PosedShape } from "./pose_drawing.ts";

/** Radians that a drag across the whole image turns. */
const TURN = 3.2;
const KEY_TURN = 0.06, KEY_MOVE = 0.02, ZOOM = 1.04;
/** Sides at which shapes are drawn while they move, and when they rest. */
const MOVING_SIZE = 256, RESTING_SIZE = 512;
/** Time without a movement after which a shape rests, in milliseconds. */
const REST_MS = 120;

/** The canvas of the pose step. */
export class PoseCanvas {
  readonly #canvas = byId("pose-view", HTMLCanvasElement);
  readonly #onPose: (pose: Pose) => void;
  readonly #pointers = new Map<number, [x: number, y: number]>();
  #photo: OffscreenCanvas | null = null;
  #shape: PosedShape | null = null;
  #isByHand = false;
  #isScheduled = false;
  #rest: ReturnType<typeof setTimeout> | undefined;

  /**
   * Starts without a photograph.
   *
   * @param onPose Told a pose that a hand has changed
   */
  constructor(onPose: (pose: Pose) => void) {
    this.#onPose = onPose;
    const canvas = this.#canvas;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.#isByHand) return;
      canvas.setPointerCapture(event.pointerId);
      this.#pointers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    canvas.addEventListener("pointermove", (event) => this.#drag(event));
    for (const kind of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(kind, ({ pointerId }) => this.#pointers.delete(pointerId));
    }
    canvas.addEventListener("wheel", (event) => {
      if (!this.#isByHand) return;
      event.preventDefault();
      this.#change((pose) => scalePose(pose, Math.exp(-event.deltaY / 800)));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => this.#takeKey(event));
    new ResizeObserver(() => this.#fit()).observe(canvas.parentElement ?? canvas);
  }

  /** Takes a photograph. */
  open(photo: OffscreenCanvas): void {
    this.#photo = photo;
    this.show(null);
  }

  /** Shows a shape in a pose, or the photograph alone. */
  show(shape: PosedShape | null, isMoving = false): void {
    this.#shape = shape;
    this.#schedule(isMoving);
  }

  /** Whether a hand may change the pose. */
  set isByHand(isByHand: boolean) {
    this.#isByHand = isByHand;
    this.#canvas.dataset.hand = `${isByHand}`;
  }

  #takeKey(event: KeyboardEvent): void {
    if (!this.#isByHand || event.ctrlKey || event.altKey || event.metaKey) return;
    const moves = event.shiftKey;
    const arrows: Record<string, (pose: Pose) => Pose> = {
      ArrowLeft: (pose) => moves ? movePose(pose, -KEY_MOVE, 0) : turnPose(pose, -KEY_TURN, 0),
      ArrowRight: (pose) => moves ? movePose(pose, KEY_MOVE, 0) : turnPose(pose, KEY_TURN, 0),
      ArrowUp: (pose) => moves ? movePose(pose, 0, -KEY_MOVE) : turnPose(pose, 0, KEY_TURN),
      ArrowDown: (pose) => moves ? movePose(pose, 0, KEY_MOVE) : turnPose(pose, 0, -KEY_TURN),
      "+": (pose) => scalePose(pose, ZOOM),
      "=": (pose) => scalePose(pose, ZOOM),
      "-": (pose) => scalePose(pose, 1 / ZOOM),
    };
    const change = arrows[event.key];
    if (!change) return;
    event.preventDefault();
    this.#change(change);
  }

  #drag(event: PointerEvent): void {
    const before = this.#pointers.get(event.pointerId);
    if (!before) return;
    const side = this.#canvas.clientWidth, now: [number, number] = [event.clientX, event.clientY];
    const dx = (now[0] - before[0]) / side, dy = (now[1] - before[1]) / side;
    const others = [...this.#pointers].filter(([id]) => id !== event.pointerId);
    this.#pointers.set(event.pointerId, now);
    if (others.length > 0) {
      const [[, other]] = others;
      const distance = (from: [number, number]) => Math.hypot(from[0] - other[0], from[1] - other[1]);
      const factor = distance(now) / Math.max(1, distance(before));
      this.#change((pose) => scalePose(movePose(pose, dx, dy), factor));
    } else if (event.shiftKey) this.#change((pose) => movePose(pose, 2 * dx, 2 * dy));
    else this.#change((pose) => turnPose(pose, TURN * dx, -TURN * dy));
  }

  #change(change: (pose: Pose) => Pose): void {
    if (this.#shape === null) return;
    const shape = { ...this.#shape, pose: change(this.#shape.pose) };
    this.show(shape, true);
    this.#onPose(shape.pose);
  }

  #fit(): void {
    const { clientWidth, clientHeight } = this.#canvas.parentElement ?? this.#canvas;
    const side = Math.max(120, Math.min(clientWidth, clientHeight));
    this.#canvas.style.width = this.#canvas.style.height = `${side}px`;
    this.#canvas.width = this.#canvas.height = Math.min(
      1024,
      Math.round(side * Math.min(2, devicePixelRatio)),
    );
    this.#schedule(false);
  }

  #schedule(isMoving: boolean): void {
    clearTimeout(this.#rest);
    if (isMoving) this.#rest = setTimeout(() => this.#draw(RESTING_SIZE), REST_MS);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw(isMoving ? MOVING_SIZE : RESTING_SIZE);
    });
  }

  #draw(size: number): void {
    if (this.#photo && this.#canvas.width > 0) drawPosed(this.#canvas, this.#photo, this.#shape, size);
  }
}
