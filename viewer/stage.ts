/**
 * The 3D view: one object, a camera that turns about it, and light.
 *
 * @module
 */
// @ts-types="@types/three"
import {
  Box3,
  DirectionalLight,
  Group,
  HemisphereLight,
  type Object3D,
  PerspectiveCamera,
  Scene,
  Spherical,
  Vector3,
  WebGLRenderer,
} from "three";
// @ts-types="@types/three/examples/jsm/controls/OrbitControls.js"
import { OrbitControls } from "three/examples/jsm/controls/OrbitControls.js";
import { applyLook, disposeObject, type Look, LOOK_DEFAULTS, meshesOf } from "./look.ts";

const FIELD_OF_VIEW = 28; // degrees
/** From the front, a little to the object's left and from above; glTF's front is +z. */
const START_DIRECTION = new Vector3(0.62, 0.38, 0.85).normalize();
const MOST_PIXELS_PER_POINT = 2;
const TURN_PER_SECOND = 0.6; // radians

/** A 3D view on a canvas. */
export class Stage {
  readonly #renderer: WebGLRenderer;
  readonly #scene = new Scene();
  readonly #camera = new PerspectiveCamera(FIELD_OF_VIEW, 1, 0.01, 100);
  readonly #controls: OrbitControls;
  readonly #holder = new Group();
  readonly #place = new Vector3();
  #object: Object3D | null = null;
  #look: Look = { ...LOOK_DEFAULTS };
  #isTurning = false;
  #isScheduled = false;
  #lastTime = 0;

  /** Starts on a canvas, which follows the size of its parent element. */
  constructor(canvas: HTMLCanvasElement) {
    this.#renderer = new WebGLRenderer({ canvas, antialias: true, alpha: true });
    this.#scene.add(...lights(), this.#holder);
    this.#controls = new OrbitControls(this.#camera, canvas);
    this.#controls.enablePan = false;
    this.#controls.minDistance = 1.2;
    this.#controls.maxDistance = 20;
    this.#controls.addEventListener("change", () => this.#schedule());
    new ResizeObserver(() => this.#fit(canvas)).observe(canvas.parentElement ?? canvas);
    this.resetCamera();
  }

  /**
   * Shows an object in place of the one before, which is freed.
   *
   * @param object The object; null for nothing
   * @param keepPlace Whether it is a small change of the one before, so that its size is not measured again
   */
  show(object: Object3D | null, keepPlace = false): void {
    if (this.#object) {
      this.#holder.remove(this.#object);
      disposeObject(this.#object);
    }
    this.#object = object;
    if (object) {
      if (keepPlace) object.position.copy(this.#place);
      else placeInUnitSphere(this.#holder, object);
      this.#place.copy(object.position);
      applyLook(object, this.#look);
      this.#holder.add(object);
    }
    this.#schedule();
  }

  /** How objects are shown. */
  get look(): Look {
    return this.#look;
  }

  /** Changes how objects are shown. */
  set look(look: Look) {
    this.#look = look;
    if (this.#object) applyLook(this.#object, look);
    this.#schedule();
  }

  /** Whether the object turns by itself. */
  get isTurning(): boolean {
    return this.#isTurning;
  }

  set isTurning(isTurning: boolean) {
    this.#isTurning = isTurning;
    this.#lastTime = 0;
    this.#schedule();
  }

  /** Puts the camera back to where it started. */
  resetCamera(): void {
    const distance = 1.02 / Math.sin(FIELD_OF_VIEW / 2 * Math.PI / 180);
    this.#camera.position.copy(START_DIRECTION).multiplyScalar(distance / Math.min(1, this.#camera.aspect));
    this.#controls.target.set(0, 0, 0);
    this.#controls.update();
    this.#holder.rotation.set(0, 0, 0);
    this.#schedule();
  }

  /** Looks at the object from a direction: 0 shows its front, 90 its left side, as a photograph's azimuth says. */
  lookFrom(azimuth: number): void {
    this.resetCamera();
    const { radius, phi } = new Spherical().setFromVector3(this.#camera.position);
    this.#camera.position.setFromSpherical(new Spherical(radius, phi, azimuth * Math.PI / 180));
    this.#controls.update();
    this.#schedule();
  }

  /** Turns the camera about the object, in radians, and changes its distance by a factor. */
  moveCamera(aside: number, up: number, factor = 1): void {
    const place = new Spherical().setFromVector3(this.#camera.position);
    place.theta += aside;
    place.phi -= up;
    place.radius = Math.min(20, Math.max(1.2, place.radius * factor));
    this.#camera.position.setFromSpherical(place.makeSafe());
    this.#controls.update();
    this.#schedule();
  }

  /** The view as a PNG without background. */
  async image(): Promise<Blob> {
    this.#render();
    const blob = await new Promise<Blob | null>((resolve) => this.#renderer.domElement.toBlob(resolve));
    if (blob === null) throw new Error("Cannot save the image: the browser gives none");
    return blob;
  }

  #fit(canvas: HTMLCanvasElement): void {
    const { clientWidth: width, clientHeight: height } = canvas.parentElement ?? canvas;
    if (width === 0 || height === 0) return;
    const wasUpright = this.#camera.aspect < 1;
    this.#renderer.setPixelRatio(Math.min(devicePixelRatio, MOST_PIXELS_PER_POINT));
    this.#renderer.setSize(width, height, false);
    this.#camera.aspect = width / height;
    this.#camera.updateProjectionMatrix();
    if (wasUpright !== this.#camera.aspect < 1) this.resetCamera();
    this.#render();
  }

  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame((time) => {
      this.#isScheduled = false;
      if (this.#isTurning) {
        const seconds = this.#lastTime === 0 ? 0 : Math.min(0.1, (time - this.#lastTime) / 1000);
        this.#holder.rotation.y += TURN_PER_SECOND * seconds;
        this.#lastTime = time;
      }
      this.#render();
      if (this.#isTurning) this.#schedule();
    });
  }

  #render(): void {
    this.#renderer.render(this.#scene, this.#camera);
  }
}

/** Light from the sky, and a sun that shines from over the viewer's shoulder. */
export function lights(): Object3D[] {
  const sun = new DirectionalLight(0xffffff, 1.6), fill = new DirectionalLight(0xffffff, 0.5);
  sun.position.set(1.5, 2.5, 3);
  fill.position.set(-3, 1, -2);
  return [new HemisphereLight(0xffffff, 0x8a8f98, 1.9), sun, fill];
}

/** Moves and scales a group so that an object would fill the unit sphere. */
export function placeInUnitSphere(group: Group, object: Object3D): void {
  const center = new Box3().setFromObject(object).getCenter(new Vector3()), vertex = new Vector3();
  let squared = 0;
  for (const { geometry, matrixWorld } of meshesOf(object)) {
    const { position } = geometry.attributes;
    for (let i = 0; i < position.count; i++) {
      vertex.fromBufferAttribute(position, i).applyMatrix4(matrixWorld);
      squared = Math.max(squared, vertex.distanceToSquared(center));
    }
  }
  object.position.sub(center);
  group.scale.setScalar(squared > 0 && Number.isFinite(squared) ? 1 / Math.sqrt(squared) : 1);
}
