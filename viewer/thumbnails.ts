/**
 * Small images of meshes, drawn when they come into view.
 *
 * @module
 */
// @ts-types="@types/three"
import { Group, type Object3D, PerspectiveCamera, Scene, WebGLRenderer } from "three";
import { disposeObject } from "./look.ts";
import { lights, placeInUnitSphere } from "./stage.ts";

const SIZE = 224; // pixels

/** Draws thumbnails one after the other. */
export class Thumbnails {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(28, 1, 0.1, 20);
  readonly #group = new Group();
  readonly #observer: IntersectionObserver;
  readonly #loaders = new Map<Element, () => Promise<Object3D>>();
  #last: Promise<void> = Promise.resolve();

  /** Starts without images. */
  constructor() {
    this.#renderer = new WebGLRenderer({ antialias: true, alpha: true });
    this.#renderer.setSize(SIZE, SIZE, false);
    this.#scene.add(...lights(), this.#group);
    this.#camera.position.set(0.62, 0.38, 0.85).normalize().multiplyScalar(3.95);
    this.#camera.lookAt(0, 0, 0);
    this.#observer = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) {
        if (isIntersecting) this.#queue(target as HTMLCanvasElement);
      }
    }, { rootMargin: "200px" });
  }

  /**
   * Draws onto a canvas as soon as it comes into view.
   *
   * @param canvas Where
   * @param load Gives the object, which is freed afterwards
   */
  add(canvas: HTMLCanvasElement, load: () => Promise<Object3D>): void {
    canvas.width = canvas.height = SIZE;
    this.#loaders.set(canvas, load);
    this.#observer.observe(canvas);
  }

  #queue(canvas: HTMLCanvasElement): void {
    const load = this.#loaders.get(canvas);
    if (!load) return;
    this.#loaders.delete(canvas);
    this.#observer.unobserve(canvas);
    this.#last = this.#last.then(async () => this.#draw(canvas, await load())).catch(() => {
      canvas.dataset.broken = "true"; // the mesh says why when it is opened
    });
  }

  #draw(canvas: HTMLCanvasElement, object: Object3D): void {
    placeInUnitSphere(this.#group, object);
    this.#group.add(object);
    this.#renderer.render(this.#scene, this.#camera);
    this.#group.remove(object);
    canvas.getContext("2d")?.drawImage(this.#renderer.domElement, 0, 0);
    canvas.dataset.drawn = "true";
    disposeObject(object);
  }
}
